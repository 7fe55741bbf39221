"""A picture as exact as a slide: headline, subtitle, chart or table, cautions, source and data date in SVG.

One pixel is one point of a 960 × 540 point slide, so that PowerPoint inserts the picture in its right size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from portalkompass import charts, german
from portalkompass.charts import theme
from portalkompass.charts.columns import titled
from portalkompass.charts.scales import SPLIT_LABEL
from portalkompass.exhibit import Exhibit
from portalkompass.exports.images.image_child import CHART
from portalkompass.exports.images.text_metrics import LINE, lines, text
from portalkompass.exports.slides.slide_tables import RIGHT, column_widths, font_size

HEADLINE, SUBTITLE, SMALL = 22.0, 13.0, 10.5
CELLS = (11.5, 10.0, 8.5, 7.5)
CELL_PADDING = 5.0
ONE_LINE = ("bar", "stacked_bar", "dots", "heatmap")
ROOM_FOR_TWO_LINES = 32.0
"""Points a category needs for a label of two lines; with less it stands on one."""
MOST_CAUTIONS = 3


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a picture in points."""

    width: float
    height: float

    @property
    def margin(self) -> float:
        """Empty space left and right."""
        return 40.0 if self.width > 600 else 24.0  # noqa: PLR2004


FULL, HALF = Size(960, 540), Size(480, 540)


@dataclass(frozen=True, slots=True)
class Page:
    """An SVG page; ``specification`` is the chart that goes where it says ``CHART``, None for a table."""

    svg: str
    specification: dict[str, Any] | None


def compose(exhibit: Exhibit, size: Size = FULL, *, transparent: bool = False) -> Page:
    """The whole page. Charts fill the slide exactly; a table's page grows with its rows, none is cut."""
    room = size.width - 2 * size.margin
    top, head = _head(exhibit, size, room)
    if exhibit.kind == "table":
        rows_height, rows = _rows(exhibit, size.margin, top, room)
        foot_height, foot = _foot(exhibit, size.margin, room)
        height = max(size.height, top + rows_height + foot_height + 12)
        parts = [*head, *rows, *foot(height)]
        return Page(_page(exhibit, Size(size.width, height), parts, transparent=transparent), None)
    foot_height, foot = _foot(exhibit, size.margin, room)
    height = size.height - top - foot_height - 10
    parts = [*head, f'<g transform="translate({size.margin:g} {top:.1f})">{CHART}</g>', *foot(size.height)]
    drawing = chart_of(exhibit, room, height, transparent=transparent)
    return Page(_page(exhibit, size, parts, transparent=transparent), drawing)


def bare(exhibit: Exhibit, width: float, height: float) -> Page:
    """The chart alone, for a slide that has headline and source itself."""
    return Page(
        _page(exhibit, Size(width, height), [CHART], transparent=False), chart_of(exhibit, width, height)
    )


def chart_of(exhibit: Exhibit, width: float, height: float, *, transparent: bool = False) -> dict[str, Any]:
    """The chart's specification in exactly that size."""
    drawing = charts.build(exhibit) | {
        "width": round(width),
        "height": round(height),
        "autosize": {"type": "fit", "contains": "padding"},
    }
    if exhibit.kind in ONE_LINE and height / max(exhibit.frame[exhibit.y].nunique(), 1) < ROOM_FOR_TWO_LINES:
        for layer in drawing["layer"]:
            axis = layer.get("encoding", {}).get("y", {}).get("axis")
            if axis and axis.get("labelExpr") == SPLIT_LABEL:
                axis["labelExpr"] = "replace(datum.label, '\\n', ' ')"
    # The page has a ground of its own, or none.
    return drawing | {"config": drawing["config"] | {"background": None}} if transparent else drawing


def _page(exhibit: Exhibit, size: Size, parts: list[str], *, transparent: bool) -> str:
    ground = "" if transparent else f'<rect width="100%" height="100%" fill="{theme.GROUND}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width:g}" height="{size.height:g}" '
        f'viewBox="0 0 {size.width:g} {size.height:g}" role="img" xml:lang="de" '
        f"aria-label={quoteattr(exhibit.alt)}><title>{escape(exhibit.headline)}</title>"
        f"<desc>{escape(exhibit.alt)}</desc>{ground}{''.join(parts)}</svg>"
    )


def _head(exhibit: Exhibit, size: Size, room: float) -> tuple[float, list[str]]:
    """Where the drawing begins, and headline and subtitle above it."""
    at, parts = 20.0, []
    letters = HEADLINE if size.width > HALF.width else HEADLINE - 4
    for line in lines(exhibit.headline, room, letters, 600):
        at += letters * LINE
        parts.append(text((size.margin, at), line, letters, theme.TEXT, weight=600))
    at += 4
    for line in lines(exhibit.subtitle, room, SUBTITLE):
        at += SUBTITLE * LINE
        parts.append(text((size.margin, at), line, SUBTITLE, theme.MUTED))
    return at + 14, parts


def _foot(exhibit: Exhibit, left: float, room: float) -> tuple[float, Any]:
    """Height of the foot, and what draws it once the page's height is known."""
    said = exhibit.caution
    crossed = [*([said] if said else []), *(mark.sentence for mark in exhibit.marks)]
    cautions = list(dict.fromkeys(crossed))[:MOST_CAUTIONS]
    notes = [*cautions, *charts.reading_help(exhibit)]
    written = [line for note in notes for line in lines(note, room, SMALL)]
    sources = lines(exhibit.footer, room, SMALL)
    step = SMALL * LINE
    height = step * (len(written) + len(sources)) + (6 if written else 0) + 16

    def draw(bottom: float) -> list[str]:
        at = bottom - height
        parts = []
        for number, line in enumerate([*written, *sources]):
            at += step + (6 if number == len(written) and written else 0)
            parts.append(text((left, at), line, SMALL, theme.MUTED))
        return parts

    return height, draw


def _rows(exhibit: Exhibit, left: float, top: float, room: float) -> tuple[float, list[str]]:
    """A table as text and rules; columns as wide as their texts need, long texts broken."""
    fields = exhibit.fields
    cells = [[german.value(value, field.format) for value in exhibit.frame[field.name]] for field in fields]
    head = [titled(field) for field in fields]
    letters = font_size(tuple(head), cells, room, CELLS)
    widths = column_widths(tuple(head), cells, room, letters)
    at, parts = top, []
    for number, row in enumerate([head, *zip(*cells, strict=True)]):
        weight = 400 if number else 600
        broken = [
            lines(cell, wide - 2 * CELL_PADDING, letters, weight)
            for cell, wide in zip(row, widths, strict=True)
        ]
        x = left
        for field, wide, cell in zip(fields, widths, broken, strict=True):
            right = field.format in RIGHT
            place = x + wide - CELL_PADDING if right else x + CELL_PADDING
            for index, line in enumerate(cell):
                base = at + CELL_PADDING + letters * (0.95 + LINE * index)
                anchor = "end" if right else "start"
                parts.append(text((place, base), line, letters, theme.TEXT, weight=weight, anchor=anchor))
            x += wide
        at += letters * LINE * max(len(cell) for cell in broken) + 2 * CELL_PADDING
        colour = theme.GRID if number else theme.AXIS
        parts.append(
            f'<line x1="{left:g}" x2="{left + room:g}" y1="{at:.1f}" y2="{at:.1f}" stroke="{colour}"/>'
        )
    return at - top, parts
