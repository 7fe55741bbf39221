"""A set of slides before it is drawn: exhibits and pages of words in order, under one title."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portalkompass import german
from portalkompass.exhibit import Exhibit, footer_of, stem_of
from portalkompass.spelling import words


@dataclass(frozen=True, slots=True)
class Words:
    """A slide without figures of its own: a headline and a few paragraphs, with source and data date."""

    id: str
    headline: str
    paragraphs: tuple[str, ...]
    source: str
    data_date: dt.date | None
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    sample: bool = False
    empty: bool = False
    """Whether it only says that there is nothing to show yet: named in the app, never on a slide."""
    cautions: tuple[str, ...] = ()
    """What its figures cross, in small letters below, as under an exhibit."""

    @property
    def footer(self) -> str:
        """Source and data date in one line, as under an exhibit."""
        return footer_of(self.source, self.data_date, sample=self.sample)

    @property
    def lines(self) -> tuple[str, ...]:
        """All that it says below headline and subtitle, for writers that set one paragraph below the other."""
        return (*self.paragraphs, *self.cautions)


@dataclass(frozen=True, slots=True)
class TextPage(Words):
    """A page that people wrote; ``paragraphs`` are its points.

    ``facts`` stand below them, label and text each (last development, who is responsible, date). ``news`` says what is
    different since the last report; "" where there was none.
    """

    facts: tuple[tuple[str, str], ...] = ()
    news: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Points, facts and what is new, one paragraph each."""
        told = tuple(f"{label}: {text}" for label, text in self.facts)
        return (*self.paragraphs, *told, *((self.news,) if self.news else ()), *self.cautions)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the title slide says below the title, by rank: what for, whose and by what order, on which basis.

    ``decision`` is the council decision that the report answers. ``basis`` are period, data date, state of the list and
    source, line by line.
    """

    committee: str = ""
    session: dt.date | None = None
    city: str = ""
    decision: str = ""
    basis: tuple[str, ...] = ()

    @property
    def occasion(self) -> str:
        """Committee and day of its session in one line; "" without both."""
        day = f"Sitzung am {german.date(self.session)}" if self.session else ""
        return " · ".join(filter(None, (self.committee, day)))

    @property
    def ranked(self) -> tuple[tuple[int, str], ...]:
        """The lines from above, each with its rank: 1 the occasion, 2 city and decision, 3 the basis."""
        ordered = f"Auftrag: {self.decision}" if self.decision else ""
        lines = ((1, self.occasion), (2, self.city), (2, ordered), *((3, line) for line in self.basis))
        return tuple((rank, line) for rank, line in lines if line)


@dataclass(frozen=True, slots=True)
class SlideSet:
    """What becomes one presentation. ``subtitle`` holds city, period and data date, line by line.

    ``left_out`` are the headlines of pages that have nothing to show yet. ``cover`` tells the same lines by rank, where
    the set is a report for a committee. ``every_row``: a paper of it holds all rows of long tables, for whoever has
    to examine them. ``keys`` are the pages' names in addresses, whatever their order; without any they are the ids.
    """

    title: str
    subtitle: tuple[str, ...]
    pages: tuple[Exhibit | Words, ...]
    data_date: dt.date | None
    sample: bool = False
    left_out: tuple[str, ...] = ()
    cover: Cover | None = None
    every_row: bool = False
    keys: tuple[str, ...] = ()

    @property
    def keyed(self) -> tuple[tuple[str, Exhibit | Words], ...]:
        """Each page with its key."""
        return tuple(zip(self.keys or [page.id for page in self.pages], self.pages, strict=True))

    @property
    def file_stem(self) -> str:
        """2025-12-15_sachstand-digitalisierung; sample data say so in front."""
        return stem_of("-".join(words(self.title)), self.data_date, sample=self.sample)
