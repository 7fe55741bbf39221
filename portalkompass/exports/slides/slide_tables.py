"""Tables as real PowerPoint tables; what does not fit goes on with the next slide, head repeated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import titled
from portalkompass.exhibit import Exhibit, Field
from portalkompass.exports.slides.template import LANGUAGE, Box

RIGHT = frozenset({"integer", "decimal1", "decimal2", "percent", "percent_change", "signed"})
CHARACTER = 0.53
"""Mean width of a letter, in font sizes: a little more than Arial's, since a row that grows leaves the slide."""
WIDE_CHARACTER = 0.62
"""A letter of a bold heading, in font sizes."""
LINE, PADDING, ACROSS = 1.22, 8.0, 12.0
"""Line height in font sizes; points above and below, left and right of a cell's text together."""
LONGEST = 46
"""Letters beyond which a column is not made wider: the text breaks instead."""
SIZES = (12.0, 10.5, 9.0, 8.0, 7.0)
"""Font sizes to try; the smallest is taken where not even that keeps every word whole."""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows that one slide holds, as text, with the height of head and rows in points."""

    rows: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table laid out: head, column widths in points, font size and its pages."""

    head: tuple[str, ...]
    head_height: float
    widths: tuple[float, ...]
    size: float
    pages: tuple[Page, ...]


def lay_out(exhibit: Exhibit, width: float, height: float) -> Sheet:
    """Columns as wide as their texts need, rows dealt out to pages of that height; no row is cut."""
    fields = exhibit.fields
    cells = [[german.value(value, field.format) for value in exhibit.frame[field.name]] for field in fields]
    rows = list(zip(*cells, strict=True))
    head = tuple(titled(field) for field in fields)
    size = font_size(head, cells, width, SIZES)
    widths = column_widths(head, cells, width, size)
    head_height = _height(head, widths, size)
    pages: list[Page] = []
    taken: list[tuple[tuple[str, ...], float]] = []
    room = height - head_height
    for row in rows:
        needed = _height(row, widths, size)
        if taken and sum(one for _, one in taken) + needed > room:
            pages.append(_page(taken))
            taken = []
        taken.append((row, needed))
    pages.append(_page(taken))
    return Sheet(head, head_height, widths, size, tuple(pages))


def add_table(slide: Any, exhibit: Exhibit, sheet: Sheet, page: Page, box: Box) -> Any:  # noqa: ANN401
    """The page's rows as a table with a head row and the exhibit's alternative text."""
    place = Box(box.left, box.top, box.width, sheet.head_height + sum(page.heights))
    frame = slide.shapes.add_table(len(page.rows) + 1, len(sheet.head), *place.emu)
    frame.name = f"Tabelle {exhibit.id}"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", exhibit.alt)
    table = frame.table
    for column, width in zip(table.columns, sheet.widths, strict=True):
        column.width = Pt(width)
    for row, (texts, height) in enumerate(
        zip((sheet.head, *page.rows), (sheet.head_height, *page.heights), strict=True)
    ):
        table.rows[row].height = Pt(height)
        for column, (text, field) in enumerate(zip(texts, exhibit.fields, strict=True)):
            _write(table.cell(row, column), text, field, sheet.size, head=row == 0)
    return frame


def _write(cell: Any, text: str, field: Field, size: float, *, head: bool) -> None:  # noqa: ANN401
    cell.margin_left = cell.margin_right = Pt(ACROSS / 2)
    cell.margin_top = cell.margin_bottom = Pt(PADDING / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if field.format in RIGHT else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.bold = head
    run.font.language_id = None
    run._r.get_or_add_rPr().set("lang", LANGUAGE)


def _page(taken: list[tuple[tuple[str, ...], float]]) -> Page:
    return Page(tuple(row for row, _ in taken), tuple(height for _, height in taken))


def font_size(head: tuple[str, ...], cells: list[list[str]], width: float, sizes: tuple[float, ...]) -> float:
    """The largest size at which no word has to be torn."""
    words = _longest_words(head, cells)
    return next((size for size in sizes if sum(_room(word, size) for word in words) <= width), sizes[-1])


def column_widths(
    head: tuple[str, ...], cells: list[list[str]], width: float, size: float
) -> tuple[float, ...]:
    """Each column has room for its longest word; what is left goes to those with long texts, in proportion.

    Where every text stands on one line, the rest is shared by all: no column swells because of its head.
    """
    least = [_room(word, size) for word in _longest_words(head, cells)]
    texts = [max(len(text) for text in (name, *column)) for name, column in zip(head, cells, strict=True)]
    wanted = [max(_room(min(text, LONGEST), size) - one, 0.0) for text, one in zip(texts, least, strict=True)]
    left, more = width - sum(least), sum(wanted)
    if left >= more:
        whole = [one + further for one, further in zip(least, wanted, strict=True)]
        return tuple(width * part / sum(whole) for part in whole)
    if left <= 0:
        return tuple(width * part / sum(least) for part in least)
    return tuple(one + left * further / more for one, further in zip(least, wanted, strict=True))


def _longest_words(head: tuple[str, ...], cells: list[list[str]]) -> list[int]:
    """Letters of the longest word of each column, at least three."""
    return [
        max(3, *(len(word) for text in (name, *column) for word in text.split()))
        for name, column in zip(head, cells, strict=True)
    ]


def _room(letters: int, size: float) -> float:
    """A third of a letter is kept free: short words of wide letters lie above the mean."""
    return (letters * WIDE_CHARACTER + 0.3) * size + ACROSS


def _height(texts: tuple[str, ...], widths: tuple[float, ...], size: float) -> float:
    lines = max(_lines(text, width, size) for text, width in zip(texts, widths, strict=True))
    return lines * size * LINE + PADDING


def _lines(text: str, width: float, size: float) -> int:
    """Lines that the text needs, words kept whole where they fit."""
    fit = max((width - ACROSS) / (size * CHARACTER), 1.0)
    lines, used = 1, 0.0
    for word in text.split():
        length = len(word) + (1 if used else 0)
        if used + length <= fit:
            used += length
            continue
        lines += (1 if used else 0) + max(math.ceil(len(word) / fit) - 1, 0)
        used = len(word) % fit if len(word) > fit else len(word)
    return lines
