"""A paper as tagged PDF (PDF/UA-1): A4, language, headings, alternative texts, table heads, values as text.

Typst sets it in the drawing process. Whatever was written by others is data to it (JSON), never markup.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portalkompass import german
from portalkompass.exports.images import text_metrics
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import drawn_chart
from portalkompass.exports.papers.content import Drawing, Lines, Paper, Section
from portalkompass.exports.papers.values import Grid
from portalkompass.exports.table_fitting import WIDE_CHARACTER, column_widths, least_width

MARKUP = Path(__file__).with_name("paper.typ")
CELL_SIZES = (10.5, 9.5, 8.5, 7.5)
"""Font sizes of a table in points, largest first."""
HEADLINE, TEXT = 20.0, 11.0
SIZES = {"text": 13.0, "numbered": 13.0, "small": 9.0, "source": 9.0}
"""Font sizes in points: headlines, subtitles, and each kind of lines; as in the markup."""
ROW = 1.9
"""Height of a table's row in font sizes."""
SHORT = 9
"""Tables of values up to so many rows stand on the page of their chart, longer ones on the next."""
SMALLER = 1.2
"""By how much charts of an upright page are drawn larger than they stand there, so that their labels have room."""
LEAST_CHART, LEAST_OF_SEVERAL, MOST_CHART = 200.0, 110.0, 345.0
"""Points that a chart is high: alone on its page, and beside others."""


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
        "continuous": sheet.continuous,
        "sections": [
            _section(section, sheet, height, worker)
            for section, height in zip(paper.sections, _chart_heights(paper, sheet), strict=True)
        ],
    }
    return worker.typeset(MARKUP.read_text(encoding="utf-8"), document)


def _section(section: Section, sheet: Sheet, chart_height: float, worker: ImageWorker) -> dict[str, Any]:
    return {
        # The shipped font has no hyphen of that kind: a word joiner behind the usual one does the same.
        "headline": german.unbroken(section.headline, "-\u2060"),
        "level": section.level,
        "subtitle": section.subtitle,
        "parts": [_part(part, sheet, chart_height, worker) for part in section.parts],
    }


def _part(part: Drawing | Grid | Lines, sheet: Sheet, height: float, worker: ImageWorker) -> dict[str, Any]:
    if isinstance(part, Lines):
        return {"kind": part.kind, "lines": list(part.lines)}
    if isinstance(part, Grid):
        return _table(part, sheet.room[0])
    width, larger = sheet.room[0], SMALLER if sheet.continuous else 1.0
    svg = drawn_chart(part.exhibit, width * larger, height * larger, worker)
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


def _chart_heights(paper: Paper, sheet: Sheet) -> list[float]:
    """How high the charts of each section are: what its words and a short table of values leave of the page."""
    width, height = sheet.room
    words = [_words_height(section, width) for section in paper.sections]
    if not sheet.continuous:
        return [_bounded(height - one - 50, LEAST_CHART) for one in words]
    charts = sum(isinstance(part, Drawing) for section in paper.sections for part in section.parts)
    return [_bounded((height - sum(words)) / max(charts, 1) - 20, LEAST_OF_SEVERAL)] * len(words)


def _bounded(height: float, least: float) -> float:
    return math.floor(max(least, min(MOST_CHART, height)))


def _words_height(section: Section, width: float) -> float:
    size = HEADLINE if section.level == 1 else TEXT
    height = len(text_metrics.lines(section.headline, width, size, 600)) * size * 1.4
    height += len(text_metrics.lines(section.subtitle, width, TEXT)) * TEXT * 1.5
    for part in section.parts:
        if isinstance(part, Lines):
            letters = SIZES[part.kind]
            height += (
                sum(len(text_metrics.lines(line, width - 20, letters)) for line in part.lines) * letters * 1.6
            )
        elif isinstance(part, Grid) and len(part.rows) <= SHORT:
            height += (len(part.rows) + 2.5) * CELL_SIZES[0] * ROW
    return height
