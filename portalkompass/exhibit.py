"""An Exhibit describes a chart or table once; screen, slide, picture and spreadsheet draw it from here.

Everything a reader needs to judge a figure travels with it: headline, subtitle (measure, unit,
period, filters), source, data date, notes and a text alternative. The frame holds exactly the
rows that are shown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal["line", "bar", "stacked_bar", "stacked_area", "slope", "scatter", "heatmap", "dots", "table"]
Format = Literal[
    "text",
    "integer",
    "decimal1",
    "decimal2",
    "percent",
    "percent_change",
    "signed",
    "date",
    "month",
    "link",
    "bool",
]
"""How a value is written, in German: integer 18.925 · decimal1 23,9 · percent 7,2 % (of a fraction)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the frame as a reader sees it; ``unit`` stands in the head, never in the cell."""

    name: str
    label: str
    format: Format = "text"
    unit: str = ""
    low_is_good: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A known event drawn into a trend: a day, or a span when ``end`` is given."""

    date: dt.date
    label: str
    sentence: str
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart or table with all that belongs to it.

    ``x``, ``y``, ``series`` and ``size`` name fields of ``fields``; tables show ``fields`` in order.
    Line charts: x a date column; rows whose ``provisional`` column is true are drawn dashed, rows whose
    ``partial`` column is true are marked as incomplete buckets. Bars: y is the category (text),
    x the value, in the frame's order. ``reverse_y`` puts 1 on top (positions).
    """

    id: str
    kind: Kind
    frame: pd.DataFrame
    fields: tuple[Field, ...]
    headline: str
    subtitle: str
    source: str
    data_date: dt.date | None
    alt: str
    x: str = ""
    y: str = ""
    series: str = ""
    size: str = ""
    reverse_y: bool = False
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    sample: bool = False
    names_queries: bool = False
    height: int = 320
    options: dict[str, str] = dataclasses.field(default_factory=dict)

    def field(self, name: str) -> Field:
        """The field of that column.

        Raises:
            KeyError: the exhibit has no such field.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.id} has no field {name}")

    @property
    def file_stem(self) -> str:
        """Speaking file name without ending, e.g. 2025-12-15_google-position; sample data say so in front."""
        stem = f"{self.data_date.isoformat()}_{self.id}" if self.data_date else self.id
        return f"Beispieldaten_{stem}" if self.sample else stem

    @property
    def footer(self) -> str:
        """Source and data date in one line, with the word Beispieldaten where it applies."""
        parts = ["Beispieldaten"] if self.sample else []
        parts.append(f"Quelle: {self.source}")
        if self.data_date:
            parts.append(f"Datenstand: {self.data_date:%d.%m.%Y}")
        return " · ".join(parts)
