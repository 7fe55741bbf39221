"""Tables as real PowerPoint tables; what does not fit goes on with the next slide, head repeated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from portalkompass.exhibit import Field
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.template import Box, Pptx, describe, write_run
from portalkompass.exports.table_fitting import ACROSS, FittedTable, Row, fit

CHARACTER = 0.53
"""Mean width of a letter, in font sizes: a little more than Arial's, since a row that grows leaves the slide."""
LINE, PADDING = 1.22, 8.0
"""Line height in font sizes; points above and below a cell's text together."""
SIZES = (12.0, 10.5, 9.0, 8.0, 7.0)
"""Font sizes to try; the smallest is taken where not even that keeps every word whole."""


@dataclass(frozen=True, slots=True)
class TableSlide:
    """The rows that one slide holds, head first, with their heights in points."""

    table: FittedTable
    rows: tuple[Row, ...]
    heights: tuple[float, ...]


def deal_out(exhibit: Outgoing, width: float, height: float) -> list[TableSlide]:
    """The table in slides of that room in points; no row is cut."""
    table = fit(exhibit, width, SIZES)
    head_height = _height(table.head, table)
    slides: list[list[tuple[Row, float]]] = [[]]
    used = head_height
    for row in table.rows:
        needed = _height(row, table)
        if slides[-1] and used + needed > height:
            slides.append([])
            used = head_height
        slides[-1].append((row, needed))
        used += needed
    return [
        TableSlide(
            table,
            (table.head, *(row for row, _ in dealt)),
            (head_height, *(needed for _, needed in dealt)),
        )
        for dealt in slides
    ]


def add_table(slide: Pptx, exhibit: Outgoing, part: TableSlide, box: Box) -> None:
    """The slide's rows as a table with a head row and the exhibit's alternative text."""
    place = Box(box.left, box.top, box.width, sum(part.heights))
    frame = slide.shapes.add_table(len(part.rows), len(part.table.head), *place.emu)
    describe(frame, f"Tabelle {exhibit.id}", exhibit.alt)
    for column, width in zip(frame.table.columns, part.table.widths, strict=True):
        column.width = Pt(width)
    for number, (row, height) in enumerate(zip(part.rows, part.heights, strict=True)):
        frame.table.rows[number].height = Pt(height)
        for column, (text, field) in enumerate(zip(row, exhibit.fields, strict=True)):
            _write(frame.table.cell(number, column), text, field, part.table.size, head=number == 0)


def _write(cell: Pptx, text: str, field: Field, size: float, *, head: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(ACROSS / 2)
    cell.margin_top = cell.margin_bottom = Pt(PADDING / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if field.numeric else PP_ALIGN.LEFT
    write_run(paragraph, text, size, bold=head)


def _height(row: Sequence[str], table: FittedTable) -> float:
    """Height of a row, in points."""
    lines = max(_lines(text, width, table.size) for text, width in zip(row, table.widths, strict=True))
    return lines * table.size * LINE + PADDING


def _lines(text: str, width: float, size: float) -> int:
    """Lines that the text needs, words kept whole where they fit."""
    letters = max((width - ACROSS) / (size * CHARACTER), 1.0)
    lines, used = 1, 0.0
    for word in text.split():
        length = len(word) + (1 if used else 0)
        if used + length <= letters:
            used += length
            continue
        lines += (1 if used else 0) + max(math.ceil(len(word) / letters) - 1, 0)
        used = len(word) % letters if len(word) > letters else len(word)
    return lines
