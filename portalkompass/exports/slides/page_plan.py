"""Where the parts of one slide stand: title, subtitle, remark, cautions and source, and the room that they leave."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass.exports.slides import boxes
from portalkompass.exports.slides.boxes import FLOOR, LINE, SOURCE_SIZE, Box, Letters
from portalkompass.exports.slides.layouts import STRIP, Layout, box_of
from portalkompass.exports.slides.template import LEAST_TITLE

INSET = 7.2
"""Points left of a text box's letters, as in the title placeholder, so that the texts stand below each other."""
GAP = 6.0
"""Points between the parts."""
REMARK_SIZE = 14.0
"""Points of a person's own sentence at a chart."""
LEAST_ROOM = 130.0
"""Points down that a chart or table keeps, whatever is to be said around it."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands around a chart, table or text; ``speech`` are the notes, ``remark`` a person's own sentence."""

    headline: str
    subtitle: str
    cautions: tuple[str, ...]
    footer: str
    speech: tuple[str, ...]
    remark: str = ""


def fitted_title(layout: Layout, headline: str, counted: str = "") -> tuple[float | None, str]:
    """Size (None: the layout's own) and words of a headline; ``counted`` stands behind it even where it is cut."""
    box = box_of(layout.title) if layout.title is not None else None
    if box is None:
        return None, f"{headline}{counted}"
    style, (beside, above) = layout.style(layout.title), layout.insets(layout.title)
    room, line = (box.width - beside, box.height - above), max(style.line, LINE)

    def fitting(told: str, size: float) -> bool:
        text = f"{told}{counted}"
        return layout.letters.fits(
            text.upper() if style.capitals else text, room, size, line, bold=style.bold
        )

    if fitting(headline, style.size):
        return None, f"{headline}{counted}"
    sizes = (float(size) for size in range(int(style.size) - 1, int(LEAST_TITLE) - 1, -1))
    size = next((size for size in sizes if fitting(headline, size)), min(style.size, LEAST_TITLE))
    return size, f"{boxes.cut(headline, lambda told: fitting(told, size))}{counted}"


@dataclass(frozen=True, slots=True)
class Places:
    """Where subtitle, remark, cautions and source stand, and the cautions there is room for."""

    subtitle: Box
    remark: Box
    cautions: Box
    source: Box
    told: list[str]


def around(layout: Layout, page: Page) -> Places:
    """The places of what stands around the content; cautions without room are in the notes."""
    body = layout.content
    width = body.width - INSET
    subtitle = layout.letters.height([page.subtitle], width, FLOOR) if page.subtitle else 0.0
    remark = remark_height(layout.letters, page.remark, width)
    above = subtitle + remark
    source = _source(layout, page.footer)
    bottom = min(body.bottom, source.top)
    cautions = list(page.cautions)
    while (
        len(cautions) > 1
        and bottom - layout.letters.height(cautions, width, FLOOR) < body.top + above + LEAST_ROOM
    ):
        cautions.pop()
    told = layout.letters.height(cautions, width, FLOOR)
    return Places(
        Box(body.left, body.top, body.width, subtitle),
        Box(body.left, body.top + subtitle, body.width, remark),
        Box(body.left, bottom - told, body.width, told),
        source,
        cautions,
    )


def remark_height(letters: Letters, remark: str, width: float) -> float:
    """Points that a remark takes, in bold letters."""
    return len(letters.lines(remark, width, REMARK_SIZE, bold=True)) * REMARK_SIZE * LINE if remark else 0.0


def room_of(layout: Layout, page: Page) -> Box:
    """The room for a chart, table or text."""
    places = around(layout, page)
    top = places.remark.bottom + GAP
    return Box(places.remark.left, top, places.remark.width, places.cautions.top - GAP - top)


def _source(layout: Layout, footer: str) -> Box:
    """The line for the source; of two lines it grows upwards."""
    place = layout.source
    height = max(STRIP, layout.letters.height([footer], place.width - INSET, SOURCE_SIZE))
    return Box(place.left, place.bottom - height, place.width, height)
