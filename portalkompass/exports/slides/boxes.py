"""A place on a slide, and text in it: how many lines it takes, and the size at which it fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.util import Pt

from portalkompass import german
from portalkompass.exports.images import text_metrics

Pptx = Any
"""A presentation, slide, shape, chart or part of one: python-pptx has no types."""
FLOOR, SOURCE_SIZE = 12.0, 10.0
"""The smallest letters of a slide, and those of its source line."""
LINE = 1.22
"""Line height in font sizes."""
SLACK = {400: 1.05, 600: 1.1}
"""Single words are wider than the mean in another font of the same width; by weight."""
WIDTHS = {
    "arial": 1.0,
    "arial narrow": 1.0,
    "calibri": 1.0,
    "fira sans": 1.0,
    "helvetica": 1.0,
    "liberation sans": 1.0,
    "segoe ui": 1.02,
    "tahoma": 1.0,
    "times new roman": 1.0,
    "verdana": 1.18,
}
"""Width of a font's letters in those of Arial, which is as wide as the shipped font.

Narrower ones count as that wide: a program that has not got them takes one like Arial instead.
"""
UNKNOWN = 1.08
SHORTENED = " …"
ROOMS = (0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1)
"""Shares of a line's room at which it may end in one program or another."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    @property
    def emu(self) -> tuple[Pptx, ...]:
        """Left, top, width, height as PowerPoint counts."""
        return Pt(self.left), Pt(self.top), Pt(self.width), Pt(self.height)

    def touches(self, other: Box, tolerance: float = 0.5) -> bool:
        """Whether the two share more than ``tolerance`` points across and down."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > tolerance and down > tolerance


@dataclass(frozen=True, slots=True)
class Letters:
    """A font, by how much wider its letters are than those of the shipped one, with which is measured."""

    wider: float = 1.0

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Points that the text takes on one line."""
        weight = 600 if bold else 400
        return text_metrics.width(text, size, weight) * SLACK[weight] * self.wider

    def lines(self, text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
        """The text in lines of at most that width in points."""
        weight = 600 if bold else 400
        return text_metrics.lines(text, room / SLACK[weight] / self.wider, size, weight)

    def held(self, text: str, room: float, size: float, *, bold: bool = False) -> str:
        """The text so that no line ends inside a status, or behind a hyphen that a word begins with.

        Programs break lines a little elsewhere than is measured here, so that narrower and wider rooms are tried, too.
        Where no line may end anyway the text stays as it is typed, so that it is found by its keys.
        """
        if not german.breakable(text):
            return text
        tried = [self.lines(text, room * share, size, bold=bold) for share in ROOMS]
        if all(len(lines) == 1 for lines in tried):
            return text
        return german.unbroken(text, only={line.split(" ", 1)[0] for lines in tried for line in lines})

    def height(self, texts: Sequence[str], room: float, size: float) -> float:
        """Points that these paragraphs take, one below the other."""
        return sum(len(self.lines(text, room, size)) for text in texts) * size * LINE

    def longest_word(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of the widest word in points."""
        return max(
            (self.width(word, size, bold=bold) for word in german.words(german.together(text))), default=0.0
        )

    def fits(
        self, text: str, room: tuple[float, float], size: float, line: float = LINE, *, bold: bool = False
    ) -> bool:
        """Whether the text stands in a room (width, height), no word torn."""
        if self.longest_word(text, size, bold=bold) > room[0]:
            return False
        return len(self.lines(text, room[0], size, bold=bold)) * size * line <= room[1]


def letters_of(font: str) -> Letters:
    """Those of a font by its name; of a font that is not known a little is kept free."""
    return Letters(WIDTHS.get(font.split(",", maxsplit=1)[0].strip().lower(), UNKNOWN))


def cut(text: str, fitting: Callable[[str], bool]) -> str:
    """As many of the first words as fit, and an ellipsis; the text itself where it fits."""
    words = text.split(" ")
    told = text
    while len(words) > 1 and not fitting(told):
        words.pop()
        told = " ".join(words).rstrip(" ,;:–-(") + SHORTENED
    return told
