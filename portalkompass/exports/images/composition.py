"""A picture as exact as a slide: headline, subtitle, chart or table, cautions, source and data date in SVG.

One pixel is one point of a 960 × 540 point slide, so that PowerPoint inserts the picture in its right size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from portalkompass import charts
from portalkompass.charts import theme
from portalkompass.charts.columns import SPLIT_LABEL
from portalkompass.charts.widths import drawn_for
from portalkompass.exports.disclosure_control import Outgoing, OutgoingWords
from portalkompass.exports.images.image_child import CHART
from portalkompass.exports.images.table_fitting import fit
from portalkompass.exports.images.text_metrics import LINE, lines, text
from portalkompass.exports.palette import Palette
from portalkompass.slide_set import TextPage

HEADLINE, SUBTITLE, REMARK, WORDS, SMALL = 22.0, 13.0, 13.0, 16.0, 10.5
CELL_SIZES = (11.5, 10.0, 8.5, 7.5)
"""Font sizes in points: of the texts, and those that a table's cells may have."""
CELL_PADDING = 5.0
ABOVE_SOURCE = 6.0
"""Points between notes and source."""
ONE_LINE = ("bar", "stacked_bar", "dots", "heatmap", "gantt", "timeline")
ROOM_FOR_TWO_LINES = 32.0
"""Points a category needs for a label of two lines; with less it stands on one."""


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


def compose(exhibit: Outgoing, size: Size = FULL, *, transparent: bool = False) -> Page:
    """The whole page. Charts fill the slide exactly; a table's page grows with its rows, none is cut."""
    room = size.width - 2 * size.margin
    top, parts = _head(exhibit.headline, exhibit.subtitle, size, room)
    for line in lines(exhibit.said_remark, room, REMARK, 600) if exhibit.remark else ():
        parts.append(text((size.margin, top + REMARK), line, REMARK, theme.TEXT, weight=600))
        top += REMARK * LINE
    top += ABOVE_SOURCE if exhibit.remark else 0
    notes = _foot_lines((*exhibit.cautions, *charts.reading_help(exhibit)), room)
    sources = _foot_lines((exhibit.footer,), room)
    foot = SMALL * LINE * (len(notes) + len(sources)) + (ABOVE_SOURCE if notes else 0) + 16
    drawing = None
    if exhibit.kind == "table":
        bottom, rows = _rows(exhibit, size.margin, top, room)
        size = Size(size.width, max(size.height, bottom + foot + 12))
        parts += rows
    else:
        parts.append(f'<g transform="translate({size.margin:g} {top:.1f})">{CHART}</g>')
        drawing = chart_of(exhibit, room, size.height - top - foot - 10, transparent=transparent)
    parts += _foot(notes, sources, size.margin, size.height - foot)
    return Page(_page(exhibit.headline, exhibit.alt, size, parts, transparent=transparent), drawing)


def compose_words(words: OutgoingWords) -> Page:
    """A page of words: points behind their marks, facts below them; it grows with what is said."""
    size, mark = FULL, "•  " if isinstance(words, TextPage) else ""
    room = size.width - 2 * size.margin
    facts = words.facts if isinstance(words, TextPage) else ()
    news = words.news if isinstance(words, TextPage) else ""
    at, parts = _head(words.headline, words.subtitle or news, size, room)
    told = [f"{mark}{line}" for line in words.paragraphs] + [f"{label}: {line}" for label, line in facts]
    for paragraph in told:
        for line in lines(paragraph, room, WORDS):
            at += WORDS * LINE
            parts.append(text((size.margin, at), line, WORDS, theme.TEXT))
        at += WORDS / 2
    notes, sources = _foot_lines(words.cautions, room), _foot_lines((words.footer,), room)
    foot = SMALL * LINE * (len(notes) + len(sources)) + (ABOVE_SOURCE if notes else 0) + 16
    size = Size(size.width, max(size.height, at + foot + 12))
    parts += _foot(notes, sources, size.margin, size.height - foot)
    return Page(_page(words.headline, " ".join(words.lines), size, parts, transparent=False), None)


def bare(exhibit: Outgoing, width: float, height: float, colours: Palette | None = None) -> Page:
    """The chart alone, for a slide that has headline and source itself; in a template's colours on its ground."""
    page = _page(exhibit.headline, exhibit.alt, Size(width, height), [CHART], transparent=colours is not None)
    chart = chart_of(exhibit, width, height, transparent=colours is not None)
    return Page(page, chart if colours is None else _recoloured(chart, colours))


def _recoloured(chart: Any, colours: Palette) -> Any:  # noqa: ANN401 any part of a specification
    """The specification with the template's colours in the place of the app's; rows of data stay as they are."""
    own = {theme.TEXT: colours.text, theme.MUTED: colours.text, theme.GROUND: colours.ground}
    own |= dict(zip(theme.SERIES, colours.accents, strict=False))
    if colours.dark:
        own |= {theme.GRID: theme.GREY, theme.SPAN: theme.GREY, theme.STEPPED_BACK: theme.GREY}

    def replaced(part: Any) -> Any:  # noqa: ANN401
        if isinstance(part, dict):
            return {name: value if name == "datasets" else replaced(value) for name, value in part.items()}
        if isinstance(part, list):
            return [replaced(value) for value in part]
        return own.get(part, part) if isinstance(part, str) else part

    return replaced(chart)


def chart_of(exhibit: Outgoing, width: float, height: float, *, transparent: bool = False) -> dict[str, Any]:
    """The chart's specification in exactly that size."""
    with drawn_for(width):
        built = charts.build(exhibit)
    drawing = built | {
        "width": round(width),
        "height": round(height),
        "autosize": {"type": "fit", "contains": "padding"},
    }
    if exhibit.kind in ONE_LINE and height / max(exhibit.frame[exhibit.y].nunique(), 1) < ROOM_FOR_TWO_LINES:
        for layer in drawing["layer"]:
            axis = layer.get("encoding", {}).get("y", {}).get("axis")
            if axis and axis.get("labelExpr") == SPLIT_LABEL:
                axis["labelExpr"] = "replace(datum.label, '\\n', ' ')"
                axis["labelOffset"] = 0  # which lifts labels of two lines
    # The page has a ground of its own, or none.
    return drawing | {"config": drawing["config"] | {"background": None}} if transparent else drawing


def _page(headline: str, alt: str, size: Size, parts: list[str], *, transparent: bool) -> str:
    ground = "" if transparent else f'<rect width="100%" height="100%" fill="{theme.GROUND}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width:g}" height="{size.height:g}" '
        f'viewBox="0 0 {size.width:g} {size.height:g}" role="img" xml:lang="de" '
        f"aria-label={quoteattr(alt)}><title>{escape(headline)}</title>"
        f"<desc>{escape(alt)}</desc>{ground}{''.join(parts)}</svg>"
    )


def _head(headline: str, subtitle: str, size: Size, room: float) -> tuple[float, list[str]]:
    """Where the drawing begins, and headline and subtitle above it."""
    at, parts = 20.0, []
    letters = HEADLINE if size.width > HALF.width else HEADLINE - 4
    for line in lines(headline, room, letters, 600):
        at += letters * LINE
        parts.append(text((size.margin, at), line, letters, theme.TEXT, weight=600))
    at += 4
    for line in lines(subtitle, room, SUBTITLE):
        at += SUBTITLE * LINE
        parts.append(text((size.margin, at), line, SUBTITLE, theme.MUTED))
    return at + 14, parts


def _foot_lines(texts: tuple[str, ...], room: float) -> list[str]:
    return [line for text in texts for line in lines(text, room, SMALL)]


def _foot(notes: list[str], sources: list[str], left: float, top: float) -> list[str]:
    """Notes and source, line by line, from the foot's upper edge."""
    parts = []
    for number, line in enumerate([*notes, *sources], start=1):
        at = top + SMALL * LINE * number + (ABOVE_SOURCE if notes and number > len(notes) else 0)
        parts.append(text((left, at), line, SMALL, theme.MUTED))
    return parts


def _rows(exhibit: Outgoing, left: float, top: float, room: float) -> tuple[float, list[str]]:
    """A table's lower edge, and the table as text and rules; long texts are broken."""
    table = fit(exhibit, room, CELL_SIZES)
    bottom, parts = top, []
    for number, row in enumerate([table.head, *table.rows]):
        weight, rule = (400, theme.GRID) if number else (600, theme.AXIS)
        cells = [
            lines(cell, width - 2 * CELL_PADDING, table.size, weight)
            for cell, width in zip(row, table.widths, strict=True)
        ]
        edge = left
        for field, width, cell in zip(exhibit.fields, table.widths, cells, strict=True):
            x = edge + width - CELL_PADDING if field.numeric else edge + CELL_PADDING
            for index, line in enumerate(cell):
                y = bottom + CELL_PADDING + table.size * (0.95 + LINE * index)
                anchor = "end" if field.numeric else "start"
                parts.append(text((x, y), line, table.size, theme.TEXT, weight=weight, anchor=anchor))
            edge += width
        bottom += table.size * LINE * max(map(len, cells)) + 2 * CELL_PADDING
        parts.append(
            f'<line x1="{left:g}" x2="{left + room:g}" y1="{bottom:.1f}" y2="{bottom:.1f}" stroke="{rule}"/>'
        )
    return bottom, parts
