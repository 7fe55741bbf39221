"""A layout of a template with a sample: what the template takes, and where title, bars and source would stand."""

from __future__ import annotations

from html import escape

from portalkompass import german
from portalkompass.exports.palette import Palette
from portalkompass.exports.slides.boxes import FLOOR, SOURCE_SIZE, Box
from portalkompass.exports.slides.layouts import Layout, box_of, palette
from portalkompass.exports.slides.page_plan import INSET, fitted_title

SAMPLE = (
    "17 von 189 OZG-Leistungen haben einen Status: 2 live, 3 mit Termin bis Februar 2026, 4 In Umsetzung, "
    "6 In Vorbereitung und 2 offen"
)
"""A headline as long as the report has them."""
SOURCE = "Quelle: OZG-Liste der Stadt · Datenstand: 15.12.2025"
BARS = (1.0, 0.7, 0.5, 0.35)
"""Lengths of the sample's bars, one in each accent."""
TAKEN = 0.3
"""How opaque what the template itself draws is shown."""


def sample(layout: Layout) -> str:
    """SVG in points of the slide; what the template draws is only shown as the place that it takes."""
    own = palette(layout.native.slide_master)
    parts = [_rect(Box(0, 0, layout.width, layout.height), own.ground), _edge(layout, own)]
    parts += [_rect(box, own.text, TAKEN) for box in layout.drawn]
    parts += _title(layout, own)
    room = layout.content
    high = room.height / len(BARS)
    for number, (share, accent) in enumerate(zip(BARS, own.accents, strict=True)):
        bar = Box(
            room.left + INSET, room.top + number * high + high / 5, share * room.width / 1.5, high * 0.6
        )
        parts += [
            _rect(bar, accent),
            _text(_said(share), bar.right + INSET, bar.bottom - high / 5, FLOOR, own),
        ]
    parts.append(_text(SOURCE, layout.source.left + INSET, layout.source.top + SOURCE_SIZE, SOURCE_SIZE, own))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width:g}" height="{layout.height:g}" '
        f'viewBox="0 0 {layout.width:g} {layout.height:g}">{"".join(parts)}</svg>'
    )


def _said(share: float) -> str:
    return f"{german.number(100 * share)}{german.NBSP}%"


def _edge(layout: Layout, own: Palette) -> str:
    """The slide's edge, or nobody sees where a white one ends on a white screen."""
    return (
        f'<rect x="1" y="1" width="{layout.width - 2:g}" height="{layout.height - 2:g}" fill="none" '
        f'stroke="{escape(own.text)}" stroke-opacity="{TAKEN:g}" stroke-width="2"/>'
    )


def _title(layout: Layout, own: Palette) -> list[str]:
    box = box_of(layout.title) if layout.title is not None else None
    if box is None:
        return []
    style, (beside, above) = layout.style(layout.title), layout.insets(layout.title)
    size, told = fitted_title(layout, SAMPLE)
    letters = size or style.size
    lines = layout.letters.lines(
        told.upper() if style.capitals else told, box.width - beside, letters, bold=style.bold
    )
    return [
        _text(
            line,
            box.left + beside / 2,
            box.top + above / 2 + letters * style.line * number,
            letters,
            own,
            bold=style.bold,
        )
        for number, line in enumerate(lines, start=1)
    ]


def _rect(box: Box, colour: str, opacity: float = 1.0) -> str:
    return (
        f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'fill="{escape(colour)}" fill-opacity="{opacity:g}"/>'
    )


def _text(line: str, left: float, base: float, size: float, own: Palette, *, bold: bool = False) -> str:
    return (
        f'<text x="{left:.1f}" y="{base:.1f}" font-family="sans-serif" font-size="{size:g}" '
        f'font-weight="{600 if bold else 400}" '
        f'fill="{escape(own.text)}">{escape(line)}</text>'
    )
