"""What a paper holds, section by section, before anything is typeset: PDF, handout and Word are made of this.

A page of slides is a section: its headline, what stands below it, and the source. A chart has its values as a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portalkompass import charts
from portalkompass.exhibit import Exhibit
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, OutgoingWords
from portalkompass.exports.images.composition import ONE_LINE
from portalkompass.exports.papers.values import Grid, grid_of
from portalkompass.slide_set import TextPage

CATEGORY, AROUND_CATEGORIES = 17.0, 48.0
"""Points of a category in a chart, and of legend and axis above and below all of them."""
SUMMARY = "summary"
"""Id of the page of a report that says the most important in three sentences."""


class NotOnPaper(Exception):
    """The exhibit must not or cannot stand on paper; the message is a German sentence."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, drawn when the paper is made."""

    exhibit: Outgoing


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs: of text, points, counted ones, small ones (cautions, notes), or the source of what stands above."""

    lines: tuple[str, ...]
    kind: Literal["text", "points", "numbered", "small", "source"] = "text"


Part = Drawing | Grid | Lines


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one headline, in the order in which it is read; ``level`` is that of the headline.

    ``summary`` is what the whole deck says in a few sentences.
    """

    headline: str
    subtitle: str
    parts: tuple[Part, ...]
    level: int = 1
    summary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document; ``cover`` are the lines of its first page, None without one. ``author`` stands in its properties.

    ``ranks`` are those of the cover's lines (1 the highest), where it has a hierarchy.
    """

    title: str
    sections: tuple[Section, ...]
    author: str
    sample: bool
    cover: tuple[str, ...] | None = None
    ranks: tuple[int, ...] = ()

    @property
    def ranked(self) -> tuple[tuple[int, str], ...]:
        """The cover's lines, each with its rank; without a hierarchy all have the middle one."""
        lines = self.cover or ()
        return tuple(zip(self.ranks or (2,) * len(lines), lines, strict=True))


def paper_of(slides: OutgoingSlides, author: str) -> Paper:
    """The pages of a deck as a paper.

    Raises:
        NotOnPaper: an exhibit names single queries or is empty.
    """
    sections = tuple(map(section_of, slides.pages))
    return Paper(slides.title, sections, author, slides.sample, slides.cover, slides.ranks)


def section_of(page: Outgoing | OutgoingWords) -> Section:
    """One page of a deck.

    Raises:
        NotOnPaper: it names single queries or is empty.
    """
    if isinstance(page, Exhibit):
        return _exhibit(page)
    said = page.lines[: len(page.lines) - len(page.cautions)]
    points = page.paragraphs if isinstance(page, TextPage) else ()
    rest = said[len(points) :]
    told = (*((Lines(points, "points"),) if points else ()), *((Lines(rest),) if rest else ()))
    parts = (*told, *_notes(page.cautions), Lines((page.footer,), "source"), *_notes(page.notes))
    return Section(page.headline, page.subtitle, parts, summary=page.paragraphs if page.id == SUMMARY else ())


def _exhibit(exhibit: Outgoing) -> Section:
    if exhibit.names_queries:
        raise NotOnPaper("Listen einzelner Suchanfragen gibt es nur als Excel und CSV, nicht auf Papier.")
    if exhibit.frame.empty:
        raise NotOnPaper(f"„{exhibit.headline}“ hat keine Zeilen; ein leeres Blatt entsteht nicht.")
    said = (*exhibit.cautions, *charts.reading_help(exhibit))
    below = (*((Lines(said, "small"),) if said else ()), Lines((exhibit.footer,), "source"))
    grid = grid_of(exhibit)
    own = (Lines((exhibit.said_remark,)),) if exhibit.remark else ()
    shown = (*own, grid, *below) if exhibit.kind == "table" else (*own, Drawing(exhibit), *below, grid)
    notes = tuple(note for note in exhibit.notes if note not in said)
    return Section(exhibit.headline, exhibit.subtitle, (*shown, *_notes(notes)))


def chart_height(exhibit: Outgoing, least: float) -> float:
    """Points that a chart needs at least: ``least``, or a line for the name of each of its categories."""
    if exhibit.kind not in ONE_LINE:
        return least
    return max(least, exhibit.frame[exhibit.y].nunique() * CATEGORY + AROUND_CATEGORIES)


def _notes(notes: tuple[str, ...]) -> tuple[Lines, ...]:
    return (Lines(notes, "small"),) if notes else ()
