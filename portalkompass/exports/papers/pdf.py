"""A paper as tagged PDF (PDF/UA-1): A4, language, headings, alternative texts, table heads, values as text.

Typst sets it in the drawing process. Whatever was written by others is data to it (JSON), never markup.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portalkompass import german
from portalkompass.exports.images import text_metrics
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import drawn_chart
from portalkompass.exports.images.table_fitting import column_widths, fitting, measured
from portalkompass.exports.papers.content import Drawing, Lines, Paper, Part, Section, chart_height
from portalkompass.exports.papers.values import Grid

_LEADING_DASH = re.compile(r"(?<!\w)–(?=[^\W\d_])")
MARKUP = Path(__file__).with_name("paper.typ")
CELL_SIZES = (10.5, 9.5, 8.5, 7.5)
"""Font sizes of a table in points, largest first."""
HEADLINES, TEXT = (20.0, 18.0, 16.0), 11.0
SIZES = {"text": 13.0, "points": 13.0, "numbered": 13.0, "small": 9.0, "source": 9.0}
"""Font sizes in points: headlines (the first at which they take two lines), subtitles, and each kind of lines."""
CAPITAL, LEADING, CELL_LEADING = 0.69, 0.55, 0.45
"""Height of a capital letter, and room between lines of text and of a cell, in font sizes; as in the markup."""
PADDING, PADDINGS = 4.0, (4.0, 3.5, 3.0, 2.5, 2.0, 4.5, 5.0, 5.5, 6.0)
"""Points above and below a cell's text, and those that are tried so that notes stand with rows of their table."""
BESIDE = 10.0
"""Points left and right of a cell's text together."""
LEAST_ROWS, SPARE = 3, 12.0
"""Rows that the last page of a longer table has at least, above its notes, and points that are kept free there."""
AROUND = 30.0
"""Points that are kept free around a chart."""
SHORT = 9
"""Tables of values up to so many rows stand on the page of their chart, longer ones on the next."""
SMALLER = 1.2
"""By how much charts of an upright page are drawn larger than they stand there, so that their labels have room."""
LEAST_CHART, LEAST_WITH_VALUES, LEAST_OF_SEVERAL, MOST_CHART = 200.0, 150.0, 110.0, 345.0
"""Points that a chart is high: alone on its page, above its values, and beside others."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A4: width, height and margin in points; ``continuous`` sections follow each other on a page."""

    width: float
    height: float
    margin: float
    continuous: bool = False

    @property
    def room(self) -> tuple[float, float]:
        """Points across and down between the margins."""
        return self.width - 2 * self.margin, self.height - 2 * self.margin


LANDSCAPE = Sheet(841.89, 595.28, 45.0)


def to_pdf(paper: Paper, worker: ImageWorker, sheet: Sheet = LANDSCAPE) -> bytes:
    """The paper as PDF/UA-1.

    Raises:
        ImageFault: a chart could not be drawn, or the paper not be set.
    """
    document = {
        "title": paper.title,
        "author": paper.author,
        "cover": None
        if paper.cover is None
        else [{"rank": rank, "line": _held(line)} for rank, line in paper.ranked],
        "sample": paper.sample,
        "sheet": {"width": sheet.width, "height": sheet.height, "margin": sheet.margin},
        "continuous": sheet.continuous,
        "sections": [
            _section(section, sheet, height, worker)
            for section, height in zip(paper.sections, _chart_heights(paper, sheet), strict=True)
        ],
    }
    return worker.typeset(MARKUP.read_text(encoding="utf-8"), document)


def _section(section: Section, sheet: Sheet, chart_height: float, worker: ImageWorker) -> dict[str, Any]:
    size = _headline_size(section, sheet.room[0])
    return {
        "headline": _held(section.headline),
        "level": section.level,
        "size": size,
        "subtitle": section.subtitle,
        "parts": [
            _table(section, part, sheet, size)
            if isinstance(part, Grid)
            else _part(part, sheet, chart_height, worker)
            for part in section.parts
        ],
    }


def _held(text: str) -> str:
    """The text without a line's end behind a stroke that a word begins with ("und -marke", "und –zulassung").

    The shipped font has no hyphen of that kind: a word joiner behind the usual one does the same.
    """
    return _LEADING_DASH.sub("–\u2060", german.unbroken(text, "-\u2060"))


def _headline_size(section: Section, room: float) -> float:
    """The largest size at which the headline takes two lines, else the smallest."""
    sizes = (one for one in HEADLINES if len(text_metrics.lines(section.headline, room, one, 600)) <= 2)  # noqa: PLR2004
    return next(sizes, HEADLINES[-1])


def _part(part: Drawing | Lines, sheet: Sheet, height: float, worker: ImageWorker) -> dict[str, Any]:
    if isinstance(part, Lines):
        lines = [line if part.kind == "source" else _held(line) for line in part.lines]
        return {"kind": part.kind, "lines": lines}
    width, larger = sheet.room[0], SMALLER if sheet.continuous else 1.0
    svg = drawn_chart(part.exhibit, width * larger, height * larger, worker)
    return {"kind": "chart", "svg": svg.decode(), "alt": part.exhibit.alt, "width": width, "height": height}


@dataclass(frozen=True, slots=True)
class _SetTable:
    """A table as it is set: font size, whether words are torn, widths, heights of rows without their padding."""

    size: float
    torn: bool
    widths: list[float]
    heights: list[float]

    @property
    def height(self) -> float:
        """Points of the whole table with the usual padding, and of its caption."""
        return sum(self.heights) + 2 * PADDING * len(self.heights) + 3 * TEXT


def _set(grid: Grid, room: float) -> _SetTable:
    columns = measured(grid.head, list(zip(*grid.rows, strict=True)), grid.links)
    fits = fitting(columns, room, CELL_SIZES)
    size = fits or CELL_SIZES[-1]
    widths = column_widths(columns, min(room, sum(columns.natural(size))), size)
    rows = enumerate((grid.head, *grid.rows))
    return _SetTable(size, fits is None, widths, [_row_height(row, widths, size, n) for n, row in rows])


def _table(section: Section, grid: Grid, sheet: Sheet, headline: float) -> dict[str, Any]:
    made, (room, height) = _set(grid, sheet.room[0]), sheet.room
    apart = not sheet.continuous and _apart(section, sheet)
    above = TEXT * 3 if apart else _above(section, room, headline)
    below = _below(section.parts[section.parts.index(grid) + 1 :], room)
    return {
        "kind": "table",
        "caption": grid.caption,
        "head": list(grid.head),
        "rows": [
            [cell if link else _held(cell) for cell, link in zip(row, grid.links, strict=True)]
            for row in grid.rows
        ],
        "right": list(grid.right),
        "links": list(grid.links),
        "widths": made.widths,
        "size": made.size,
        "apart": apart,
        "torn": made.torn,
        "padding": PADDING
        if sheet.continuous or (grid.caption and not apart)
        else _padding(made.heights[0], made.heights[1:], (above, below), height),
    }


def _apart(section: Section, sheet: Sheet) -> bool:
    """Whether the values of the chart stand on the next page: long ones, and those that leave the chart no room."""
    values = [part for part in section.parts if isinstance(part, Grid) and part.caption]
    if not values:
        return False
    if any(len(grid.rows) > SHORT for grid in values):
        return True
    width, height = sheet.room
    taken = _tables_height(section, width) + _words_height(section, width)
    return height - taken - AROUND < _least(section, LEAST_WITH_VALUES)


def _least(section: Section, usual: float) -> float:
    """Points that the charts of a section need at least."""
    charts = [part.exhibit for part in section.parts if isinstance(part, Drawing)]
    return max((chart_height(exhibit, usual) for exhibit in charts), default=usual)


def _row_height(row: tuple[str, ...], widths: list[float], size: float, number: int) -> float:
    """Points of a row without what is free above and below its text."""
    weight = 400 if number else 600
    cells = zip(row, widths, strict=True)
    lines = max(len(text_metrics.lines(text, width - BESIDE, size, weight)) for text, width in cells)
    return (lines * (CAPITAL + CELL_LEADING) - CELL_LEADING) * size


def _padding(head: float, rows: list[float], around: tuple[float, float], page: float) -> float:
    """Points above and below the texts of cells at which no page holds the notes of a table alone.

    ``around`` are the points that are taken above the table and below it. The least deviation that brings all onto
    one page, else the one at which its last page has some rows.
    """
    ends = [(padding, *_last_page(head, rows, around, page, padding)) for padding in PADDINGS]
    single = (padding for padding, pages, left in ends if pages == 1 and left == len(rows))
    some = (padding for padding, _, left in ends if left >= LEAST_ROWS)
    return next(single, next(some, PADDING))


def _last_page(
    head: float, rows: list[float], around: tuple[float, float], page: float, padding: float
) -> tuple[int, int]:
    """Pages that the rows take, and how many of them stand on the last one with all notes; 0 where the notes do not."""
    top = head + 2 * padding
    pages, held, used = 1, 0, around[0] + top
    for row in rows:
        if held and used + row + 2 * padding > page:
            pages, held, used = pages + 1, 0, top
        held, used = held + 1, used + row + 2 * padding
    return pages, held if used + around[1] + SPARE <= page else 0


def _above(section: Section, room: float, headline: float) -> float:
    """Points from the page's top to a table that follows the headline."""
    line = headline * (CAPITAL + LEADING)
    height = len(text_metrics.lines(section.headline, room, headline, 600)) * line
    subtitle = len(text_metrics.lines(section.subtitle, room, TEXT)) if section.subtitle else 0
    before = section.parts[: next(n for n, part in enumerate(section.parts) if isinstance(part, Grid))]
    return height + subtitle * TEXT * (CAPITAL + LEADING) + 1.2 * TEXT + _below(before, room)


def _below(parts: Sequence[Part], room: float) -> float:
    """Points that these lines take."""
    height = 0.0
    for part in parts:
        for line in part.lines if isinstance(part, Lines) else ():
            size = SIZES[part.kind] if isinstance(part, Lines) else TEXT
            height += (len(text_metrics.lines(line, room, size)) * (CAPITAL + LEADING) + 0.35) * size
    return height + TEXT / 2 if height else 0.0


def _chart_heights(paper: Paper, sheet: Sheet) -> list[float]:
    """How high the charts of each section are: what its words and a short table of values leave of the page."""
    width, height = sheet.room
    words = [_words_height(section, width) for section in paper.sections]
    if not sheet.continuous:
        tables = [0.0 if _apart(one, sheet) else _tables_height(one, width) for one in paper.sections]
        return [
            _bounded(height - one - other - AROUND, LEAST_WITH_VALUES if other else LEAST_CHART)
            for one, other in zip(words, tables, strict=True)
        ]
    charts = sum(isinstance(part, Drawing) for section in paper.sections for part in section.parts)
    return [_bounded((height - sum(words)) / max(charts, 1) - 20, LEAST_OF_SEVERAL)] * len(words)


def _tables_height(section: Section, width: float) -> float:
    return sum(_set(part, width).height for part in section.parts if isinstance(part, Grid) and part.caption)


def _bounded(height: float, least: float) -> float:
    return math.floor(max(least, min(MOST_CHART, height)))


def _words_height(section: Section, width: float) -> float:
    size = _headline_size(section, width) if section.level == 1 else TEXT
    height = len(text_metrics.lines(section.headline, width, size, 600)) * size * 1.4
    height += len(text_metrics.lines(section.subtitle, width, TEXT)) * TEXT * 1.5
    for part in section.parts:
        if isinstance(part, Lines):
            letters = SIZES[part.kind]
            height += (
                sum(len(text_metrics.lines(line, width - 20, letters)) for line in part.lines) * letters * 1.6
            )
    return height
