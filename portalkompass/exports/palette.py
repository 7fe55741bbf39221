"""The colours of a template, and how well they can be told from each other."""

from __future__ import annotations

from dataclasses import dataclass

DARK = 0.18
"""Grounds darker than this (0 black … 1 white) bear light letters: both have the same contrast here."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The theme's colours as a slide shows them (#rrggbb): ground, text, and the first four accents."""

    ground: str
    text: str
    accents: tuple[str, ...]

    @property
    def dark(self) -> bool:
        """Whether light letters stand on a dark ground."""
        return lightness(self.ground) < DARK


def lightness(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 black … 1 white (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 … 21 (WCAG 2.2)."""
    low, high = sorted((lightness(one), lightness(other)))
    return (high + 0.05) / (low + 0.05)
