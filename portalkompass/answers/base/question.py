"""What every answer starts from: the filters turned into periods, rows of one property, exhibits with source,
and what it ends with: an answer that bears data date and sample mark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.periods import comparable
from portalkompass.exhibit import Exhibit, Field, Format, Kind
from portalkompass.metrics.measures import LazyFrame, Measure
from portalkompass.metrics.months import parts, summable
from portalkompass.metrics.selection import Period, inside_any, of_site, within
from portalkompass.schema import MONTH_GRAINS
from portalkompass.settings import Settings
from portalkompass.slide_set import Words
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

T = TypeVar("T")
Build = Callable[[Tables], LazyFrame]
Part = Any
"""A part of an Exhibit that is passed on by its name."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one property and period.

    ``months`` says whether the snapshot holds sums by month (those of older versions do not).
    ``before`` is what can be compared fairly, and ``like`` the part of ``now`` it is compared with: both are
    shorter than asked where the archive does not reach back far enough, None where nothing is comparable.
    """

    warehouse: Warehouse
    workspace: Workspace
    filters: Filters
    settings: Settings
    now: Period
    like: Period | None
    before: Period | None
    months: bool = False

    @property
    def data_date(self) -> dt.date | None:
        """Last final day of the property."""
        return self.warehouse.data_date(self.filters.site)

    @property
    def first_day(self) -> dt.date | None:
        """First day of the property with search data."""
        return self.warehouse.first_day(self.filters.site)

    @property
    def age(self) -> int:
        """Days since the data date; 0 without any data."""
        return (self.settings.current_day() - self.data_date).days if self.data_date else 0

    @property
    def archive(self) -> Period | None:
        """All final days of the property; None without any."""
        first, last = self.first_day, self.data_date
        return None if first is None or last is None else Period(first, max(last, first))

    @property
    def history(self) -> Period | None:
        """The archive up to the end of the period."""
        every = self.archive
        return every and Period(every.start, max(every.start, min(every.end, self.now.end)))

    @property
    def periods(self) -> tuple[Period, Period | None, Period | None]:
        """``now``, ``before`` and ``like``, in the order in which metrics compare them."""
        return self.now, self.before, self.like

    @property
    def period(self) -> str:
        """The period in words: Dezember 2024 bis November 2025."""
        return in_words(self.now)

    @property
    def google(self) -> str:
        """Source line of figures from Search Console."""
        return f"Google Search Console, {self.filters.site}"

    @property
    def portal(self) -> str:
        """Source of portal figures; says that they are lower bounds where visits need consent."""
        consent = self.settings.privacy.portal_needs_consent
        return "Portalstatistik (nur Besuche mit Einwilligung)" if consent else "Portalstatistik"

    @property
    def least_impressions(self) -> int:
        """Impressions from which a query may be listed."""
        return self.settings.privacy.min_query_impressions

    @property
    def provisional_note(self) -> tuple[str, ...]:
        """One sentence where the period holds days that Google still completes, none otherwise."""
        last = self.data_date
        if last is None or self.now.end <= last:
            return ()
        first = last + dt.timedelta(days=1)
        return (f"Ab dem {german.date(first)} sind die Zahlen vorläufig: Google trägt diese Tage noch nach.",)

    def once(self, name: str, make: Callable[[], T], *further: Hashable) -> T:
        """`Warehouse.once` under ``name``, for results that depend on property, search type and ``further`` only."""
        return self.warehouse.once((name, self.filters.site, self.filters.search_type, *further), make)

    def ask_once(self, name: str, build: Build, *further: Hashable, **frames: pd.DataFrame) -> pd.DataFrame:
        """What ``build`` makes of the tables, asked `once`."""
        return self.once(name, lambda: self.warehouse.ask(build, **frames), *further)

    def own(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property, for tables that know no search type."""
        return tables[table].filter(nw.col("site") == self.filters.site)

    def rows(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property and search type over all days."""
        return of_site(tables[table], self.filters.site, self.filters.search_type)

    def rows_now(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property and search type in the period."""
        return within(self.rows(tables, table), self.now)

    def sums(self, tables: Tables, table: str, *periods: Period | None) -> LazyFrame:
        """Rows of a query grain in ``periods`` (the question's own unless given), for measures that only add up.

        Whole months come as one row a key, in which ``date`` is a day of the month; other days as they are. A
        month is whole where none of the periods cuts it, so that each may be told apart by ``date``.
        """
        asked = [period for period in periods or (self.now,) if period is not None]
        days = self.rows(tables, table)
        if not self.months:
            return days.filter(inside_any(asked))
        first, last = self._known_days()
        monthly = self.rows(tables, self.shortest(table))
        return summable(days, monthly, parts(asked, first, last), first)

    def shortest(self, table: str) -> str:
        """The shortest table that names every query of this query grain."""
        return MONTH_GRAINS[table].name if self.months else table

    def _known_days(self) -> tuple[dt.date, dt.date]:
        """First and last day with data, as far as they are known: of web search."""
        first, last = self.first_day, self.data_date
        if first is None or last is None or self.filters.search_type != "web":
            return dt.date.min, dt.date.max
        return first, max(last, *self.warehouse.provisional_days(self.filters.site), last)

    def exhibit(
        self, id: str, kind: Kind, frame: pd.DataFrame, fields: tuple[Field, ...], **parts: Part
    ) -> Exhibit:
        """An exhibit with source (Google unless given), data date and sample mark filled in.

        Where the period reaches beyond the last final day, every exhibit of Google's figures says so; trends
        draw these days apart besides.
        """
        parts.setdefault("source", self.google)
        parts.setdefault("data_date", self.data_date)
        if parts["source"] == self.google:
            parts["notes"] = (*parts.get("notes", ()), *self.provisional_note)
        shown = frame.reset_index(drop=True)
        return Exhibit(id=id, kind=kind, frame=shown, fields=fields, sample=self.warehouse.sample, **parts)

    def table(
        self,
        id: str,
        rows: pd.DataFrame,
        fields: tuple[Field, ...],
        *,
        headline: str,
        alt: str = "Tabelle:",
        told: str = "",
        beside: tuple[str, ...] = (),
        **parts: Part,
    ) -> Exhibit:
        """A table of those columns of ``rows`` that have a field; ``alt`` names it, the headline follows.

        ``told`` is the whole text in place of both, where it says something else than the headline.
        ``beside`` are columns that the screen needs and no reader sees.
        """
        shown = rows[[*(f.name for f in fields), *beside]]
        words = told or f"{alt} {headline}."
        return self.exhibit(id, "table", shown, fields, headline=headline, alt=words, **parts)

    def bars(
        self, id: str, rows: pd.DataFrame, fields: tuple[Field, ...], *, x: str = "", **parts: Part
    ) -> Exhibit:
        """Bars, one for each value of the first field, as long as the second says, or ``x``."""
        shown = rows[[f.name for f in fields]]
        return self.exhibit(id, "bar", shown, fields, x=x or fields[1].name, y=fields[0].name, **parts)

    def words(
        self,
        id: str,
        headline: str,
        paragraphs: tuple[str, ...],
        source: str,
        data_date: dt.date | None = None,
    ) -> Words:
        """A slide of words only; with the data date of the property unless it has its own."""
        day = data_date or self.data_date
        return Words(id, headline, paragraphs, source, day, sample=self.warehouse.sample)

    def answer(
        self,
        message: str,
        exhibits: Iterable[Exhibit | None] = (),
        figures: tuple[Figure, ...] = (),
        caveats: tuple[str, ...] = (),
        next_steps: tuple[str, ...] = (),
    ) -> Answer:
        """An answer with data date and sample mark; exhibits that are None (nothing to show) are left out."""
        shown = tuple(exhibit for exhibit in exhibits if exhibit is not None)
        return Answer(message, shown, figures, caveats, next_steps, self.data_date, self.warehouse.sample)


def ask(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> Question:
    """The question behind a page's arguments."""
    now = Period(filters.start, filters.end)
    final_days = warehouse.first_day(filters.site), warehouse.data_date(filters.site)
    pair = comparable(now, filters.compare, *final_days, filters.compare_from)
    like, before = pair or (None, None)
    months = all(warehouse.holds(table.name) for table in MONTH_GRAINS.values())
    return Question(warehouse, workspace, filters, settings, now, like, before, months)


def in_words(period: Period) -> str:
    """Whole months by name (Dezember 2024 bis November 2025), anything else by day."""
    return german.period(period.start, period.end)


def field(measure: Measure, name: str = "", label: str = "") -> Field:
    """A measure as a column of an exhibit."""
    return Field(
        name or measure.id,
        label or measure.label,
        measure.format,
        measure.unit,
        measure.low_is_good,
        measure.definition,
    )


def measures(*shown: Measure) -> tuple[Field, ...]:
    """Measures as columns, each under its own name."""
    return tuple(field(measure) for measure in shown)


def columns(format: Format = "text", /, **labels: str) -> tuple[Field, ...]:
    """Columns of one format: name and label of each, in order."""
    return tuple(Field(name, label, format) for name, label in labels.items())


def card(
    measure: Measure,
    number: float | None,
    change: str = "",
    good: bool | None = None,
    label: str = "",
    change_number: float | None = None,
) -> Figure:
    """A measure as a number on a card, written in the measure's format."""
    return Figure(
        label or measure.label,
        german.value(number, measure.format),
        measure.definition,
        change,
        good,
        id=measure.id,
        number=known(number),
        change_number=change_number,
    )


def count_card(label: str, number: float | None, meaning: str, change: str = "") -> Figure:
    """A count that is no measure of its own, with what was counted."""
    return Figure(label, german.number(number), meaning, change, number=known(number))


def known(value: float | None) -> float | None:
    """A plain float, or None for a missing value."""
    return None if value is None or german.is_missing(value) else float(value)
