"""A set of slides before it is drawn: exhibits and pages of words in order, under one title."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portalkompass.exhibit import Exhibit, footer_of, stem_of


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

    @property
    def footer(self) -> str:
        """Source and data date in one line, as under an exhibit."""
        return footer_of(self.source, self.data_date, sample=self.sample)


@dataclass(frozen=True, slots=True)
class SlideSet:
    """What becomes one presentation. ``subtitle`` holds city, period and data date, line by line.

    ``left_out`` are the headlines of pages that have nothing to show yet.
    """

    title: str
    subtitle: tuple[str, ...]
    pages: tuple[Exhibit | Words, ...]
    data_date: dt.date | None
    sample: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def file_stem(self) -> str:
        """2025-12-15_sachstand-digitalisierung; sample data say so in front."""
        return stem_of("-".join(self.title.lower().split()), self.data_date, sample=self.sample)
