"""Where the parts of one slide stand: title, subtitle, cautions and source, and the room that they leave."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass.exports.slides import boxes
from portalkompass.exports.slides.boxes import FLOOR, LINE, SOURCE_SIZE, Box
from portalkompass.exports.slides.layouts import STRIP, Layout, box_of
from portalkompass.exports.slides.template import LEAST_TITLE

INSET = 7.2
"""Points left of a text box's letters, as in the title placeholder, so that the texts stand below each other."""
GAP = 6.0
"""Points between the parts."""
LEAST_ROOM = 130.0
"""Points down that a chart or table keeps, whatever is to be said around it."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands around a chart, table or text; ``speech`` are the speaker notes."""

    headline: str
    subtitle: str
    cautions: tuple[str, ...]
    footer: str
    speech: tuple[str, ...]


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


def around(layout: Layout, page: Page) -> tuple[Box, Box, Box, list[str]]:
    """The places of subtitle, cautions and source, and the cautions there is room for; the others are in the notes."""
    body = layout.content
    width = body.width - INSET
    subtitle = layout.letters.height([page.subtitle], width, FLOOR) if page.subtitle else 0.0
    source = _source(layout, page.footer)
    bottom = min(body.bottom, source.top)
    cautions = list(page.cautions)
    while (
        len(cautions) > 1
        and bottom - layout.letters.height(cautions, width, FLOOR) < body.top + subtitle + LEAST_ROOM
    ):
        cautions.pop()
    told = layout.letters.height(cautions, width, FLOOR)
    return (
        Box(body.left, body.top, body.width, subtitle),
        Box(body.left, bottom - told, body.width, told),
        source,
        cautions,
    )


def room_of(layout: Layout, page: Page) -> Box:
    """The room for a chart, table or text."""
    subtitle, cautions, _, _ = around(layout, page)
    top = subtitle.bottom + GAP
    return Box(subtitle.left, top, subtitle.width, cautions.top - GAP - top)


def _source(layout: Layout, footer: str) -> Box:
    """The line for the source; of two lines it grows upwards."""
    place = layout.source
    height = max(STRIP, layout.letters.height([footer], place.width - INSET, SOURCE_SIZE))
    return Box(place.left, place.bottom - height, place.width, height)
