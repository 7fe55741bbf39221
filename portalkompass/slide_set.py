"""A set of slides before it is drawn: exhibits and pages of words in order, under one title."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portalkompass.exhibit import Exhibit


@dataclass(frozen=True, slots=True)
class Words:
    """A slide without figures of its own: a headline and a few paragraphs, with source and data date."""

    id: str
    headline: str
    paragraphs: tuple[str, ...]
    source: str
    data_date: dt.date | None
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    sample: bool = False

    @property
    def footer(self) -> str:
        """Source and data date in one line, as under an exhibit."""
        parts = ["Beispieldaten"] if self.sample else []
        parts.append(f"Quelle: {self.source}")
        if self.data_date:
            parts.append(f"Datenstand: {self.data_date:%d.%m.%Y}")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class SlideSet:
    """What becomes one presentation. ``subtitle`` holds city, period and data date, line by line."""

    title: str
    subtitle: tuple[str, ...]
    pages: tuple[Exhibit | Words, ...]
    data_date: dt.date | None
    sample: bool = False

    @property
    def file_stem(self) -> str:
        """2025-12-15_sachstand-digitalisierung; sample data say so in front."""
        slug = "-".join(self.title.lower().split())
        stem = f"{self.data_date.isoformat()}_{slug}" if self.data_date else slug
        return f"Beispieldaten_{stem}" if self.sample else stem
