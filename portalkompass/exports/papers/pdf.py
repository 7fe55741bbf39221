"""A paper as tagged PDF (PDF/UA-1): A4, language, headings, alternative texts, table heads, values as text.

Typst sets it in the drawing process. Whatever was written by others is data to it (JSON), never markup.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portalkompass.exports.images import text_metrics
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import drawn_chart
from portalkompass.exports.papers.content import Drawing, Lines, Paper, Section
from portalkompass.exports.papers.values import Grid
from portalkompass.exports.table_fitting import WIDE_CHARACTER, column_widths, least_width

MARKUP = Path(__file__).with_name("paper.typ")
CELL_SIZES = (10.5, 9.5, 8.5, 7.5)
"""Font sizes of a table in points, largest first."""
HEADLINE, TEXT, SMALL = 20.0, 11.0, 9.0
"""Font sizes in points."""
ROW = 1.9
"""Height of a table's row in font sizes."""
SHORT = 9
"""Tables of values up to so many rows stand on the page of their chart, longer ones on the next."""
LEAST_CHART, MOST_CHART = 200.0, 345.0
"""Points that a chart is high."""


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
        "cover": None if paper.cover is None else list(paper.cover),
        "sample": paper.sample,
        "sheet": {"width": sheet.width, "height": sheet.height, "margin": sheet.margin},
        "sections": [_section(section, sheet, worker) for section in paper.sections],
    }
    return worker.typeset(MARKUP.read_text(encoding="utf-8"), document)


def _section(section: Section, sheet: Sheet, worker: ImageWorker) -> dict[str, Any]:
    return {
        "headline": section.headline,
        "subtitle": section.subtitle,
        "parts": [_part(part, section, sheet, worker) for part in section.parts],
    }


def _part(
    part: Drawing | Grid | Lines, section: Section, sheet: Sheet, worker: ImageWorker
) -> dict[str, Any]:
    if isinstance(part, Lines):
        return {"kind": part.kind, "lines": list(part.lines)}
    if isinstance(part, Grid):
        return _table(part, sheet.room[0])
    width, height = sheet.room[0], _chart_height(section, sheet)
    svg = drawn_chart(part.exhibit, width, height, worker)
    return {"kind": "chart", "svg": svg.decode(), "alt": part.exhibit.alt, "width": width, "height": height}


def _table(grid: Grid, room: float) -> dict[str, Any]:
    cells = [list(column) for column in zip(*grid.rows, strict=True)]
    size = next((one for one in CELL_SIZES if least_width(grid.head, cells, one) <= room), CELL_SIZES[-1])
    longest = [max(map(len, (name, *column))) for name, column in zip(grid.head, cells, strict=True)]
    natural = sum(letters * WIDE_CHARACTER * size + 18 for letters in longest)
    widths = column_widths(grid.head, cells, min(room, natural), size)
    return {
        "kind": "table",
        "caption": grid.caption,
        "head": list(grid.head),
        "rows": [list(row) for row in grid.rows],
        "right": list(grid.right),
        "links": list(grid.links),
        "widths": widths,
        "size": size,
        "apart": bool(grid.caption) and len(grid.rows) > SHORT,
    }


def _chart_height(section: Section, sheet: Sheet) -> float:
    """What the headline, the lines around a chart and a short table of its values leave of the page."""
    width, height = sheet.room
    lines = len(text_metrics.lines(section.headline, width, HEADLINE, 600)) * HEADLINE * 1.4
    lines += len(text_metrics.lines(section.subtitle, width, TEXT)) * TEXT * 1.5
    small = [line for part in section.parts if isinstance(part, Lines) for line in part.lines]
    lines += sum(len(text_metrics.lines(line, width, SMALL)) for line in small) * SMALL * 1.6
    short = [part for part in section.parts if isinstance(part, Grid) and len(part.rows) <= SHORT]
    lines += sum((len(grid.rows) + 2.5) * CELL_SIZES[0] * ROW for grid in short)
    return math.floor(max(LEAST_CHART, min(MOST_CHART, height - lines - 50)))
