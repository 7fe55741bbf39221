"""Tables as real PowerPoint tables; what does not fit goes on with the next slide, head repeated.

A slide is read from afar: letters do not get smaller for more columns, columns are left out instead, the last ones
first. All of them stand in the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.charts.columns import texts, titled
from portalkompass.exhibit import Field
from portalkompass.exports.disclosure_control import Outgoing, with_columns
from portalkompass.exports.slides.boxes import FLOOR, LINE, Box, Letters, Pptx
from portalkompass.exports.slides.template import describe, write_run

Row = tuple[str, ...]
SIZE = FLOOR
ACROSS, PADDING = 12.0, 8.0
"""Points left and right of a cell's text together, and above and below it."""
LONG_TEXT, READABLE = 220.0, 150.0
"""A column with a text of more points than the first has at least the second, so that it is not a word a line."""
LONGEST_WORD, LONGEST_TEXT = 200.0, 300.0
"""Longer words (addresses) are broken; a column is not made wider than the second for a long text."""
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's table without lines and fill: letters in the slide's own colour, on dark grounds, too."""
STEPS = 20
"""Heights that are tried to fill the slides of one table evenly."""
THIN, THICK = 0.75, 1.5
"""Points of the rule below a row, and below the head."""


@dataclass(frozen=True, slots=True)
class TableSlide:
    """The rows that one slide holds, head first, with their heights and the columns' widths in points."""

    rows: tuple[Row, ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]


def chosen(exhibit: Outgoing, width: float, letters: Letters) -> tuple[Outgoing, list[str]]:
    """The table with the first columns that stand beside each other, and the heads of those left out."""
    used = 0.0
    kept: list[Field] = []
    left_out: list[str] = []
    for field, column in zip(exhibit.fields, texts(exhibit), strict=True):
        needed = _least(letters, titled(field), column)
        if kept and used + needed > width:
            left_out.append(field.label)
            continue
        used += needed
        kept.append(field)
    return (with_columns(exhibit, tuple(kept)) if left_out else exhibit), left_out


def deal_out(exhibit: Outgoing, room: Box, letters: Letters) -> list[TableSlide]:
    """The table in slides with that room; no row is cut."""
    head, cells = tuple(map(titled, exhibit.fields)), texts(exhibit)
    widths = _widths(letters, head, cells, room.width)
    head_height = _height(letters, head, widths, bold=True)
    rows = [(row, _height(letters, row, widths)) for row in zip(*cells, strict=True)]
    return [
        TableSlide(
            (head, *(row for row, _ in dealt)), (head_height, *(needed for _, needed in dealt)), tuple(widths)
        )
        for dealt in _evenly(rows, room.height - head_height)
    ]


def _evenly(rows: Sequence[tuple[Row, float]], room: float) -> list[list[tuple[Row, float]]]:
    """The rows on as few slides as they need, none of them with a row or two only."""
    needed = len(_filled(rows, room))
    least = sum(height for _, height in rows) / needed
    heights = (least + (room - least) * step / STEPS for step in range(STEPS + 1))
    even = (dealt for height in heights if len(dealt := _filled(rows, height)) == needed)
    return next(even, _filled(rows, room))


def _filled(rows: Sequence[tuple[Row, float]], room: float) -> list[list[tuple[Row, float]]]:
    """Each slide as full as it can be."""
    slides: list[list[tuple[Row, float]]] = [[]]
    used = 0.0
    for row, height in rows:
        if slides[-1] and used + height > room:
            slides.append([])
            used = 0.0
        slides[-1].append((row, height))
        used += height
    return slides


def add_table(slide: Pptx, exhibit: Outgoing, part: TableSlide, box: Box) -> None:
    """The slide's rows as a table with a head row and the exhibit's alternative text."""
    place = Box(box.left, box.top, box.width, sum(part.heights))
    frame = slide.shapes.add_table(len(part.rows), len(part.widths), *place.emu)
    describe(frame, f"Tabelle {exhibit.id}", exhibit.alt)
    frame.table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    frame.table.horz_banding = False
    for column, width in zip(frame.table.columns, part.widths, strict=True):
        column.width = Pt(width)
    for number, (row, height) in enumerate(zip(part.rows, part.heights, strict=True)):
        frame.table.rows[number].height = Pt(height)
        for column, (text, field, width) in enumerate(zip(row, exhibit.fields, part.widths, strict=True)):
            told = Letters().held(text, width - ACROSS, SIZE, bold=number == 0)
            _write(frame.table.cell(number, column), told, field, head=number == 0)


def _write(cell: Pptx, text: str, field: Field, *, head: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(ACROSS / 2)
    cell.margin_top = cell.margin_bottom = Pt(PADDING / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if field.numeric else PP_ALIGN.LEFT
    write_run(paragraph, text, SIZE, bold=head)
    paragraph.runs[0].font.color.theme_color = THEME.TEXT_1
    colour, width = ("accent1", THICK) if head else ("accent5", THIN)
    rule = parse_xml(
        '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'w="{round(width * 12700)}" cap="flat" cmpd="sng" algn="ctr"><a:solidFill>'
        f'<a:schemeClr val="{colour}"/></a:solidFill><a:prstDash val="solid"/></a:lnB>'
    )
    cell._tc.get_or_add_tcPr().insert(0, rule)


def _least(letters: Letters, head: str, column: Sequence[str]) -> float:
    """Points below which a column tears words, or sets a long text a word a line."""
    words = max(letters.longest_word(text, SIZE) for text in column or [""])
    word = max(min(words, LONGEST_WORD), letters.longest_word(head, SIZE, bold=True))
    return (max(word, READABLE) if _longest(letters, column) > LONG_TEXT else word) + ACROSS


def _longest(letters: Letters, column: Sequence[str]) -> float:
    return max((letters.width(text, SIZE) for text in column), default=0.0)


def _widths(letters: Letters, head: Row, cells: list[list[str]], width: float) -> list[float]:
    """Each column has what it needs at least; what is left goes to those with longer texts, in proportion."""
    columns = list(zip(head, cells, strict=True))
    least = [_least(letters, name, column) for name, column in columns]
    wished = [
        max(
            min(max(_longest(letters, column), letters.width(name, SIZE, bold=True)), LONGEST_TEXT)
            + ACROSS
            - own,
            0.0,
        )
        for (name, column), own in zip(columns, least, strict=True)
    ]
    left = width - sum(least)
    if 0 < left < sum(wished):
        parts = [own + left * more / sum(wished) for own, more in zip(least, wished, strict=True)]
    else:
        parts = [own + (more if left > 0 else 0.0) for own, more in zip(least, wished, strict=True)]
    return [width * part / sum(parts) for part in parts]


def _height(letters: Letters, row: Sequence[str], widths: Sequence[float], *, bold: bool = False) -> float:
    """Height of a row, in points."""
    most = max(
        len(letters.lines(text, width - ACROSS, SIZE, bold=bold))
        for text, width in zip(row, widths, strict=True)
    )
    return most * SIZE * LINE + PADDING
