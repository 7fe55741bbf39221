"""Text set in the shipped font: measured, broken into lines, written as SVG."""

from __future__ import annotations

from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from PIL import ImageFont

from portalkompass import german
from portalkompass.charts.theme import FONT
from portalkompass.exports.images.image_child import FONTS

FILES = {400: "FiraSans-Regular.ttf", 600: "FiraSans-SemiBold.ttf"}
"""By weight."""
LINE = 1.25
"""Line height in font sizes."""
_MEASURED_AT = 100


@lru_cache(maxsize=8)
def _font(weight: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / FILES[weight]), _MEASURED_AT)


def width(text: str, size: float, weight: int = 400) -> float:
    """Width of the text in pixels."""
    return float(_font(weight).getlength(text)) * size / _MEASURED_AT


def lines(text: str, room: float, size: float, weight: int = 400) -> list[str]:
    """The text in lines that fit the room, no status parted; words longer than that are broken."""
    done: list[str] = []
    line = ""
    for word in german.together(text).split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, weight) <= room:
            line = longer
            continue
        if line:
            done.append(line)
        *pieces, line = _pieces(word, room, size, weight)
        done += pieces
    return [*done, line]


def _pieces(word: str, room: float, size: float, weight: int) -> list[str]:
    pieces, piece = [], ""
    for letter in word:
        if piece and width(piece + letter, size, weight) > room:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def text(
    place: tuple[float, float],
    line: str,
    size: float,
    colour: str,
    *,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    """One line as an SVG element; ``place`` is the start (or end) of its base line."""
    return (
        f'<text x="{place[0]:.1f}" y="{place[1]:.1f}" font-family={quoteattr(FONT)} font-size="{size:g}" '
        f'font-weight="{weight}" fill="{colour}" text-anchor="{anchor}" xml:space="preserve">'
        f"{escape(line)}</text>"
    )
