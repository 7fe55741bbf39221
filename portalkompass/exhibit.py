"""An Exhibit describes a chart or table once; screen, slide, picture and spreadsheet draw it from here.

Everything a reader needs to judge a figure travels with it: headline, subtitle (measure, unit,
period, filters), source, data date, notes and a text alternative. The frame holds exactly the
rows that are shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import pandas as pd

from portalkompass.spelling import words

Kind = Literal[
    "line",
    "panels",
    "bar",
    "stacked_bar",
    "stacked_area",
    "slope",
    "scatter",
    "heatmap",
    "dots",
    "gantt",
    "timeline",
    "table",
]
NumberFormat = Literal[
    "integer", "decimal1", "decimal2", "percent", "percent_change", "signed", "signed_integer"
]
Format = Literal[NumberFormat, "text", "date", "month", "link", "bool", "course"]
"""How a value is written, in German: integer 18.925 · decimal1 23,9 · percent 7,2 % (of a fraction).

A course is a tuple of numbers in the order of time: a small line on the screen, its first and last number in files."""
NUMERIC = frozenset(get_args(NumberFormat))
NAMED_POINTS = 6
"""Points of a scatter that bear their name, unless all of them do."""
LONGEST_TITLE = 60
"""Characters of the title in a file's name."""
REMARK, LONGEST_REMARK = "Bemerkung", 160
"""What a person's own sentence at a chart is called, and how many characters it may have."""
MOST_HIGHLIGHTED = 3
"""Series that may be highlighted: of more none stands out."""
BY_SERIES = ("line", "panels", "bar", "stacked_bar", "stacked_area", "slope", "scatter")
"""Kinds whose series can be highlighted."""
MOST_CAUTIONS = 3
"""Sentences of caution that a slide or picture has room for."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the frame as a reader sees it; ``unit`` stands in the head, never in the cell.

    ``method`` is the chapter of docs/methods.md by which an estimate is worked out, "" for what is counted.
    """

    name: str
    label: str
    format: Format = "text"
    unit: str = ""
    low_is_good: bool = False
    help: str = ""
    method: str = ""

    @property
    def numeric(self) -> bool:
        """Whether its values are figures, which stand at the right of a table's column."""
        return self.format in NUMERIC


@dataclass(frozen=True, slots=True)
class Mark:
    """A known event drawn into a trend: a day, or a span when ``end`` is given."""

    date: dt.date
    label: str
    sentence: str
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PointNames:
    """Which points of a scatter bear their name: the largest ones, unless told otherwise.

    ``column`` holds the names; ``ends_first`` prefers the first and the last row; ``every`` names all of them.
    """

    column: str
    ends_first: bool = False
    every: bool = False


@dataclass(frozen=True, slots=True)
class Axes:
    """Where the axes of a scatter begin and end; without it they follow the values, and 0 is on the axis below.

    ``x_from`` begins the axis below, ``to`` ends both axes (they begin at 0 then), ``middle`` draws a line through
    both (a quadrant), ``zero`` says whether the axis below has to show 0.
    """

    x_from: float | None = None
    to: float | None = None
    middle: float | None = None
    zero: bool = True


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart or table with all that belongs to it.

    ``x``, ``y``, ``series`` and ``size`` name fields of ``fields``; tables show ``fields`` in order.
    Line charts: x a date column; rows whose ``provisional`` column is true are drawn dashed, rows whose
    ``partial`` column is true are marked as incomplete buckets. Bars: y is the category (text),
    x the value, in the frame's order. ``reverse_y`` puts 1 on top (positions). ``panels`` are the measures of a chart
    of that kind, from above, each on an axis of its own over the days of x.

    ``band`` are the two series of a line chart at the edges of a pale field; ``labelled`` its days whose value is
    written at the point. ``interval`` are the columns of the lower and upper end of dots, of the first and last quarter
    of a gantt, and of the first and last month of a timeline's bar. ``row_key`` is the column that tells a table's
    rows apart and leads to the row's detail view; ``only_in_files`` are columns that a screen has no room for,
    ``folded`` those that it shows when they are chosen and that slides and pictures leave out; ``lane`` is the lane
    whose ranking a table shows ("" for services without a lane). ``caution``
    is a sentence that stands on slides and pictures, too. ``period`` are its first and last day, None where it is of a
    state and not of days. ``unpublished`` is one that names a query which the team or a filter has chosen: it may leave
    the app, but not for the public. ``inside`` is one whose rows never leave the app in any form.

    ``highlighted`` are the series (bars without series: categories) that a person wants to be seen, all others step
    back in grey; ``remark`` is that person's own sentence at the chart. Both are empty on screens, see ``marked``.
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
    panels: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    sample: bool = False
    names_queries: bool = False
    height: int = 320
    band: tuple[str, str] | None = None
    labelled: tuple[dt.date, ...] = ()
    interval: tuple[str, str] | None = None
    point_names: PointNames | None = None
    axes: Axes = Axes()
    row_key: str = ""
    only_in_files: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    lane: str | None = None
    caution: str = ""
    period: tuple[dt.date, dt.date] | None = None
    unpublished: bool = False
    inside: bool = False
    highlighted: tuple[str, ...] = ()
    remark: str = ""

    def field(self, name: str) -> Field:
        """The field of that column.

        Raises:
            KeyError: the exhibit has no such field.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.id} has no field {name}")

    def panel(self, name: str) -> Exhibit:
        """The line chart of one of the ``panels`` alone."""
        shown = self.field(name)
        fields = tuple(field for field in self.fields if field.name not in self.panels or field is shown)
        return replace(
            self,
            id=f"{self.id}_{name}",
            kind="line",
            fields=fields,
            panels=(),
            y=name,
            reverse_y=shown.low_is_good,
            alt=f"{shown.label}: {self.alt}",
        )

    @property
    def method(self) -> str:
        """The chapter of docs/methods.md on the first of its columns that is an estimate; "" without one."""
        return next((field.method for field in self.fields if field.method), "")

    @property
    def cautions(self) -> tuple[str, ...]:
        """What stands on slides and pictures themselves: the caution, then the events that the chart crosses."""
        sentences = dict.fromkeys((self.caution, *(mark.sentence for mark in self.marks)))
        return tuple(sentence for sentence in sentences if sentence)[:MOST_CAUTIONS]

    @property
    def said_remark(self) -> str:
        """The person's own sentence as it stands at the chart, told apart from what was worked out; "" without one."""
        return f"{REMARK}: {self.remark}" if self.remark else ""

    @property
    def highlightable(self) -> tuple[str, ...]:
        """The names among which ``highlighted`` chooses, in the frame's order; none where all say the same."""
        column = self.series if self.series and self.kind in BY_SERIES else ""
        if not column and self.kind == "bar":
            column = self.y
        if not column:
            return ()
        edges = self.band or ()
        names = dict.fromkeys(str(name) for name in self.frame[column].dropna())
        told = tuple(name for name in names if name not in edges)
        return told if len(told) > 1 else ()

    def marked(self, highlighted: Iterable[str] = (), remark: str = "") -> Exhibit:
        """The same with a person's own remark and the series that they want to be seen, as far as there are such."""
        wanted = {_flat(name) for name in highlighted}
        shown = tuple(name for name in self.highlightable if _flat(name) in wanted)
        alt = f"{self.alt.rstrip('. ')}. Hervorgehoben: {', '.join(shown)}." if shown else self.alt
        return replace(self, highlighted=shown, remark=_flat(remark), alt=alt)

    @property
    def file_stem(self) -> str:
        """Speaking file name without ending: klicks-je-seite_2024-12-01_bis_2025-11-30, 2025-12-15_status-der-liste."""
        title = _title(self.subtitle) or _title(self.id)
        if self.period is None:
            return stem_of(title, self.data_date, sample=self.sample)
        days = "_bis_".join(day.isoformat() for day in dict.fromkeys(self.period))
        return stem_of(f"{title}_{days}", None, sample=self.sample)

    @property
    def footer(self) -> str:
        """Source and data date in one line, with the word Beispieldaten where it applies."""
        return footer_of(self.source, self.data_date, sample=self.sample)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _title(text: str) -> str:
    """What is shown, without its further parts, in letters of a file name and not much longer than one can read."""
    title = ""
    for word in words(text.partition(" · ")[0]):
        if title and len(title) + len(word) >= LONGEST_TITLE:
            break
        title = f"{title}-{word}" if title else word
    return title


def stem_of(name: str, data_date: dt.date | None, *, sample: bool) -> str:
    """A file's name without ending: data date and name; sample data say so in front."""
    stem = f"{data_date.isoformat()}_{name}" if data_date else name
    return f"Beispieldaten_{stem}" if sample else stem


def footer_of(source: str, data_date: dt.date | None, *, sample: bool) -> str:
    """The line below a chart, table or slide: Beispieldaten · Quelle: … · Datenstand: 15.12.2025."""
    date = [f"Datenstand: {data_date:%d.%m.%Y}"] if data_date else []
    return " · ".join([*(["Beispieldaten"] if sample else []), f"Quelle: {source}", *date])
