"""What every answer starts from: the filters turned into periods, rows of one property, exhibits with source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.periods import comparable
from portalkompass.exhibit import Exhibit, Field, Kind
from portalkompass.metrics.measures import LazyFrame, Measure
from portalkompass.metrics.months import parts, summable
from portalkompass.metrics.selection import Period, inside, of_site, within
from portalkompass.schema import MONTH_GRAINS
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

T = TypeVar("T")


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
    def google(self) -> str:
        """Source line of figures from Search Console."""
        return f"Google Search Console, {self.filters.site}"

    @property
    def portal(self) -> str:
        """Source of portal figures; says that they are lower bounds where visits need consent."""
        consent = self.settings.privacy.portal_needs_consent
        return "Portalstatistik (nur Besuche mit Einwilligung)" if consent else "Portalstatistik"

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
            return days.filter(_in_any(asked))
        first, last = self._known_days()
        monthly = self.rows(tables, MONTH_GRAINS[table].name)
        return summable(days, monthly, parts(asked, first, last), first)

    @property
    def page_queries(self) -> str:
        """The shortest table that names every listed query of every page."""
        return self._shortest("search_page_query_day")

    @property
    def query_grain(self) -> str:
        """The shortest table that names every listed query of the property."""
        return self._shortest("search_query_day")

    def _shortest(self, table: str) -> str:
        return MONTH_GRAINS[table].name if self.months else table

    def _known_days(self) -> tuple[dt.date, dt.date]:
        """First and last day with data, as far as they are known: of web search."""
        site, warehouse = self.filters.site, self.warehouse
        first, last = warehouse.first_day(site), warehouse.data_date(site)
        if first is None or last is None or self.filters.search_type != "web":
            return dt.date.min, dt.date.max
        return first, max(last, *warehouse.provisional_days(site), last)

    def exhibit(
        self,
        id: str,
        kind: Kind,
        frame: pd.DataFrame,
        fields: tuple[Field, ...],
        **parts: Any,  # noqa: ANN401
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


def ask(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> Question:
    """The question behind a page's arguments."""
    now = Period(filters.start, filters.end)
    site = filters.site
    held = warehouse.first_day(site), warehouse.data_date(site)
    pair = comparable(now, filters.compare, *held, filters.compare_from)
    like, before = pair or (None, None)
    months = all(warehouse.holds(table.name) for table in MONTH_GRAINS.values())
    return Question(warehouse, workspace, filters, settings, now, like, before, months)


def _in_any(periods: Sequence[Period]) -> nw.Expr:
    return reduce(or_, (inside(period) for period in periods))


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
