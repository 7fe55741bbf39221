"""What every answer starts from: the filters turned into periods, rows of one property, exhibits with source,
and what it ends with: an answer that bears data date and sample mark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as field_
from typing import Any, TypeVar

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from portalkompass import german
from portalkompass.answers.base import grains
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.periods import comparison, length, spans_in_words, without_gaps
from portalkompass.answers.base.scope import SEARCH_TYPES, WHOLE, Scope
from portalkompass.exhibit import Exhibit, Field, Format, Kind
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.measures import CHANGE, LazyFrame, Measure
from portalkompass.metrics.months import Parts, parts, summable
from portalkompass.metrics.selection import (
    Period,
    inside_any,
    moved,
    of_site,
    whole_periods,
    with_month,
    within,
)
from portalkompass.metrics.totals import by_day, by_keys
from portalkompass.schema import MONTH_GRAINS
from portalkompass.settings import Settings
from portalkompass.slide_set import Words
from portalkompass.urls import normalise
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Annotation, Workspace
from portalkompass.workspace import annotations as noted

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
    moves: Mapping[str, tuple[str, dt.date]] = field_(default_factory=dict)
    """Old address of a page → the one it has today, and the day of its move: rows before it count as the new one's."""
    chosen: Mapping[str, pd.DataFrame] = field_(default_factory=dict)
    """The pages (url) and queries (query) that a filter chooses, by the names of their frames beside the tables."""
    filtered: str = ""
    """The filters in words; they stand in front of the message and behind the subtitle of every exhibit."""
    costs: tuple[str, ...] = ()
    """What the filters cost: a caveat of the answer, and a note of every exhibit of Google's figures."""
    window: grains.Window | None = None
    """The export of the user interface whose sums stand in for days (`answers.base.window_rows`); its days are the
    period, and nothing is compared."""

    @property
    def scope(self) -> Scope:
        """The part of the traffic that is asked about."""
        return self.filters.scope

    @property
    def whole(self) -> Question:
        """The same question about all traffic."""
        return self.of(WHOLE)

    def of(self, scope: Scope) -> Question:
        """The same question with fewer of its filters, for figures that others are set against."""
        told = {PAGES_CHOSEN: scope.by_page, QUERIES_CHOSEN: scope.by_query}
        chosen = {name: frame for name, frame in self.chosen.items() if told[name]}
        return replace(self, filters=replace(self.filters, scope=scope), chosen=chosen, filtered="", costs=())

    def source(self, table: str) -> grains.Source:
        """The grain that rows of this table come from inside the scope, or why there is none."""
        return grains.source(table, self.scope, self.has_rows)

    def reason(self, table: str) -> str:
        """Why no grain gives rows of this table inside the scope; "" where one does."""
        return self.source(table).reason

    def has_rows(self, table: str) -> bool:
        """Whether this table has any row of the property and search type; without a look at all of them."""

        def make() -> bool:
            if not self.warehouse.holds(table):
                return False
            return len(self.warehouse.ask(lambda t: self._every(t, table).select("date").head(1))) > 0

        return self.whole.once("has rows", make, table)

    def among(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of the rows (url, query …) that the filters on pages and queries choose."""
        for key, frame in ((PAGES_CHOSEN, "url"), (QUERIES_CHOSEN, "query")):
            if key in self.chosen and frame in rows:
                rows = rows[contained(rows[frame], self.chosen[key][frame])]
        return rows

    @property
    def data_date(self) -> dt.date | None:
        """Last final day of the property; the last one of the export that stands in, or the day of the list."""
        if self.window:
            return self.window.period.end
        last, as_of = self.warehouse.data_date(self.filters.site), self.filters.as_of
        return min(last, as_of) if last and as_of else last

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
        source = "Export aus der Search Console" if self.window else "Google Search Console"
        kind = f" ({self.kind_told})" if self.kind_told else ""
        return f"{source}{kind}, {self.filters.site}"

    @property
    def kind_told(self) -> str:
        """The kind of search in words where it is another than that of the web, which is not said: "Suchtyp Bilder"."""
        kind = self.filters.search_type
        return f"Suchtyp {SEARCH_TYPES.get(kind, kind)}" if kind != "web" else ""

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
        """`Warehouse.once` under ``name``, for results that depend on property, search type and ``further`` only.

        Which pages a service or department has is told by the links, so their state tells such results apart.
        """
        return self.warehouse.once(self._key(name, *further), make)

    def frame_once(self, name: str, make: Callable[[], pd.DataFrame], *further: Hashable) -> pd.DataFrame:
        """The same for long frames (`Warehouse.frame_once`)."""
        return self.warehouse.frame_once(self._key(name, *further), make)

    def _key(self, name: str, *further: Hashable) -> tuple[Hashable, ...]:
        links: tuple[Hashable, ...] = ()
        if self.scope.service or self.scope.department:
            links = (self.workspace.url, self.workspace.links_revision())
        return (name, self.filters.site, self.filters.search_type, self.scope, links, self.window, *further)

    def days_with_data(self, table: str) -> pd.Series[pd.Timestamp]:
        """The days that this day grain knows of the property and search type, in order.

        Those with a row, and those between the first and the last of them that Google answered empty. Inside a scope
        they are the days of the grain that answers, whether a row of them lies in the scope or not; none without one.
        """
        grain = self.source(table).table
        if self.window:
            every = pd.Series(pd.date_range(self.now.start, self.now.end)).astype("datetime64[us]")
            return every if self.window.has(table) else every.head(0)

        listed = grain in MONTH_GRAINS and self.warehouse.holds(LISTED_DAYS)

        def of_rows(tables: Tables) -> LazyFrame:
            if listed:
                days = of_site(tables[LISTED_DAYS], self.filters.site, self.filters.search_type)
                return days.filter(nw.col("grain") == grain).select("date").sort("date")
            # Not `rows`: a page that moved has its days all the same.
            own = of_site(tables[grain], self.filters.site, self.filters.search_type)
            return own.group_by("date").agg(nw.len().alias("rows")).sort("date")

        def make() -> pd.Series[pd.Timestamp]:
            if not grain:
                return pd.Series(dtype="datetime64[us]")
            days = self.warehouse.ask(of_rows)["date"]
            empty = self._empty_slices()
            tried = empty.loc[empty["grain"] == grain, "date"]
            inside = tried[tried.between(days.min(), days.max())]
            if inside.empty:
                return days
            both: pd.Series[pd.Timestamp] = pd.concat([days, inside]).drop_duplicates()
            return both.sort_values(ignore_index=True)

        return self.whole.once("days with data", make, grain)

    def _empty_slices(self) -> pd.DataFrame:
        """grain, date: what Google answered without a row, of every grain of the property and search type."""

        def make() -> pd.DataFrame:
            if not self.warehouse.holds("ingest_ledger"):  # a lake has none
                return pd.DataFrame(
                    {"grain": pd.Series(dtype="str"), "date": pd.Series(dtype="datetime64[us]")}
                )
            return self.warehouse.ask(
                lambda t: (
                    self._every(t, "ingest_ledger").filter(nw.col("state") == "empty").select("grain", "date")
                )
            )

        return self.whole.once("empty slices", make)

    def spans_with_data(self, table: str, other: str = "") -> tuple[Period, ...]:
        """The same days as spans without a gap, in order; with ``other`` those that both grains know."""

        def make() -> tuple[Period, ...]:
            days = self.days_with_data(table)
            if other:
                days = days[days.isin(self.days_with_data(other))]
            begins = days.diff() != pd.Timedelta(days=1)
            spans = days.groupby(begins.cumsum()).agg(["min", "max"])
            return tuple(
                Period(first.date(), last.date()) for first, last in spans.itertuples(index=False, name=None)
            )

        return self.once("spans with data", make, table, other, self.now if self.window else None)

    def covered(self, table: str, period: Period, other: str = "") -> int:
        """How many days of the period this grain has data for; with ``other`` both of them."""
        spans = self.spans_with_data(
            table, other
        )  # asked some hundred times a screen: few spans, not every day
        shared = ((min(one.end, period.end) - max(one.start, period.start)).days + 1 for one in spans)
        return sum(days for days in shared if days > 0)

    def _with_days(self, field: Field, source: str) -> Field:
        """The column, whose head names the days where its figures are of less than the period.

        A change compares only as much as the archive holds twice; the portal's counts are of its whole reports, those
        of the same name from another source are not.
        """
        of: tuple[Period, ...] = ()
        if _is_change(field):
            of = () if self.like is None else (self.like,)
        elif field.name in OF_PORTAL and self.portal in source:
            of = self.portal_spans
        if of in ((), (self.now,)):
            return field
        return replace(field, label=f"{field.label} {spans_in_words(of, german.period_short)}")

    @property
    def portal_words(self) -> str:
        """The days that the portal's own counts are of, where these are not the whole period."""
        of = self.portal_spans
        return "" if of in ((), (self.now,)) else f"Berichte {spans_in_words(of, german.period_short)}"

    @property
    def portal_spans(self) -> tuple[Period, ...]:
        """The days of the portal's own reports that lie in the period, as spans without a gap; none without one.

        Of all pages: one without a row in a report has its days all the same.
        """

        def make() -> tuple[Period, ...]:
            if self.scope.columns - {"url"}:
                return ()
            rows = self.warehouse.ask(
                lambda t: (
                    whole_periods(self.own(t, "portal_page"), self.now)
                    .group_by("period_start", "period_end")
                    .agg(nw.len().alias("rows"))
                )
            )
            days = rows[["period_start", "period_end"]].itertuples(index=False, name=None)
            return without_gaps(Period(first.date(), last.date()) for first, last in days)

        return self.once("portal spans", make, self.now)

    def exposure(self, table: str) -> Exposure | None:
        """Days with data of this grain on both sides of the comparison; None without one."""
        if self.like is None or self.before is None:
            return None
        like, before = self.covered(table, self.like), self.covered(table, self.before)
        return Exposure(like, before, length(self.like), length(self.before))

    def factor(self, table: str) -> float | None:
        """What earlier sums of this grain are multiplied with for a change: 1 without a comparison."""
        exposure = self.exposure(table)
        return 1.0 if exposure is None else exposure.factor

    def events(self, first: dt.date, last: dt.date, measures: Collection[str] = ()) -> list[Annotation]:
        """Events of the property (not of single pages) that touch the days first … last, oldest first.

        With ``measures`` (ids) only those that concern one of them.
        """
        every = noted(self.workspace, first=first, last=last, site=self.filters.site)
        own = [event for event in every if not event.scope_url and self.touched_by(event)]
        return [event for event in own if event.concerns(measures)] if measures else own

    def touched_by(self, event: Annotation) -> bool:
        """Whether the event concerns the device and the kind of search that are asked about.

        What changed computers changed no phone, and what changed the pages of web results no image search.
        """
        of_device = not (event.device and self.scope.device) or event.device == self.scope.device
        return of_device and event.search_type in ("", self.filters.search_type)

    def crossed(
        self,
        *shown: Period | None,
        measures: Collection[str] = (),
        changed: Collection[str] | None = None,
        sides: Sequence[Period | None] | None = None,
        course: bool = True,
    ) -> dict[str, str]:
        """What is said of events that lie between the first and the last day shown or compared, by their own sentence.

        An event that covers all of these days changes nothing between them. ``measures`` (ids) are those shown, and
        ``changed`` those of which a change is said, all of these unless given; it compares ``sides``, the question's
        own unless given. A switch of Google's between these may be a part of such a change; one that only a ``course``
        crosses tells the values before it from those after; beside a sum or mean of the whole period it says nothing.
        """
        if sides is None:
            sides = (self.like, self.before)
        alone = None in sides or (changed is not None and not changed)
        compared = [] if alone else self.between(sides, changed or measures)
        inside = [event for event in self.between(shown, measures) if course or not event.is_switch]
        told = {event.sentence: event.sentence for event in inside}
        return told | {event.sentence: event.on_change for event in compared}

    def between(self, periods: Sequence[Period | None], measures: Collection[str]) -> list[Annotation]:
        """Events on these measures (ids) that part the days from the first of the periods to the last."""
        known_periods = [period for period in periods if period is not None]
        if not known_periods:
            return []
        first, last = (
            min(period.start for period in known_periods),
            max(period.end for period in known_periods),
        )
        return [
            event
            for event in self.events(first, last, measures)
            if event.sentence and (event.date > first or event.last_day < last)
        ]

    def ask_once(self, name: str, build: Build, *further: Hashable, **frames: pd.DataFrame) -> pd.DataFrame:
        """What ``build`` makes of the tables, asked `once`."""
        return self.once(name, lambda: self.warehouse.ask(build, **frames), *further)

    def own(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property, for tables that know no search type; moved pages by their new address."""
        own = tables[table].filter(nw.col("site") == self.filters.site)
        return self._moved(own, tables, table)

    def rows(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property and search type over all days, inside the scope; moved pages by their new address.

        They come from `source`: with columns of that grain besides, and none where there is no grain. A page or query
        may then have several rows of one day; the property has one for each day with data, of 0 clicks and
        impressions where nothing in the scope was shown.
        """
        if table not in grains.COLUMNS or not (self.scope or self.window):
            return self._every(tables, table)
        if self.window:
            return self._inside(tables, table, table)
        grain = self.source(table).table
        if not grain:
            return self._every(tables, table).head(0)
        if table != grains.SITE:
            return self._inside(tables, table, grain)
        return by_day(self._days_inside(tables, grain), self._known(tables, table))

    def _days_inside(self, tables: Tables, grain: str) -> LazyFrame:
        """The property's days inside the scope; of a grain by page or query they are summed once for all trends."""
        if not grains.COLUMNS[grain] & {"url", "query"}:
            return self._inside(tables, grains.SITE, grain)
        frame = self.frame_once(
            "sums by day",
            lambda: self.warehouse.ask(lambda t: by_keys(self._inside(t, grains.SITE, grain))),
        )
        return tables.given("sums_by_day", frame).with_columns(nw.col("date").cast(nw.Date))

    def rows_by_month(self, tables: Tables, period: Period) -> LazyFrame:
        """`rows` of the property in the period, where they are summed by month: a month may stand on one day of it."""
        grain = self.source(grains.SITE).table
        if not self.scope or not self.months or grain not in MONTH_GRAINS:
            return self.rows(tables, grains.SITE)
        known = within(self._known(tables, grains.SITE), period).select("date", "month")
        first = known.group_by("month").agg(nw.col("date").min().alias("first"))
        summed = with_month(self.sums(tables, grains.SITE, period), tables["calendar"])
        placed = summed.join(first, on="month", how="inner").drop("date", "month").rename({"first": "date"})
        return by_day(placed, known)

    def _known(self, tables: Tables, table: str) -> LazyFrame:
        """The calendar of `days_with_data`."""
        spans, calendar = self.spans_with_data(table), tables["calendar"]
        return calendar.filter(inside_any(spans)) if spans else calendar.head(0)

    def _inside(self, tables: Tables, table: str, source: str) -> LazyFrame:
        """Rows of ``source``, a grain that answers for ``table``, or its months, inside the scope or the export."""
        if self.window:
            if table not in grains.WINDOW_TABLES:
                return self._every(tables, table).head(0)
            own = of_site(tables[WINDOWS], self.filters.site, self.filters.search_type)
            return self._moved(self.window.rows(own, table), tables, table)
        every = self._every(tables, source)
        return self._narrowed(every, tables, table) if self.scope else every

    def segment_rows(self, tables: Tables, by: str) -> LazyFrame:
        """Rows of ``search_segment_day``, told by ``device`` or ``country``; an export has a table for each."""
        if self.window:
            own = of_site(tables[WINDOWS], self.filters.site, self.filters.search_type)
            return self.window.segment_rows(own, by)
        return self.rows(tables, grains.SEGMENT)

    def _every(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property and search type, whatever the scope."""
        own = of_site(tables[table], self.filters.site, self.filters.search_type)
        return self._moved(own, tables, table)

    def _narrowed(self, rows: LazyFrame, tables: Tables, table: str) -> LazyFrame:
        """The rows of the scope, from a source of ``table``."""
        told = {name: getattr(self.scope, name) for name in ("device", "country", "appearance")}
        kept = [nw.col(name) == value for name, value in told.items() if value]
        if "query" in grains.COLUMNS[table] | self.scope.columns and table != grains.PAGE_QUERY:
            kept.append(nw.col("query") != "")  # staff pages carry no query
        few = {
            key: self.chosen[frame][key].tolist()
            for frame, key in ((QUERIES_CHOSEN, "query"), (PAGES_CHOSEN, "url"))
            if 0 < len(self.chosen.get(frame, ())) <= FEW_KEYS
        }
        # Few keys are a condition: each step of a join is a step that the engine checks by itself.
        kept += [nw.col(key).is_in(values) for key, values in few.items()]
        rows = rows.filter(*kept) if kept else rows
        # Each key is there once, so this drops rows and doubles none. Not a semi join: with more keys than the engine
        # expects rows of one property it would hash millions of these rows instead of the keys.
        for frame, key in ((QUERIES_CHOSEN, "query"), (PAGES_CHOSEN, "url")):
            if frame in self.chosen and key not in few:
                rows = rows.join(tables[frame], on=key, how="inner")
        return rows

    def portal_rows(self, tables: Tables) -> LazyFrame:
        """The portal's figures of pages inside the scope; none where it tells what the portal does not know."""
        own = self.own(tables, "portal_page")
        if self.scope.columns - {"url"}:
            return own.head(0)
        return own.join(tables[PAGES_CHOSEN], on="url", how="semi") if PAGES_CHOSEN in self.chosen else own

    def _moved(self, rows: LazyFrame, tables: Tables, table: str) -> LazyFrame:
        """The one place where moved pages get their new address: whoever reads facts of pages reads them here."""
        day = LAST_DAY.get(table)
        return moved(rows, tables[MOVES], day) if self.moves and day else rows

    def url_today(self, url: str) -> str:
        """The address that the page has today, in the one spelling."""
        plain = normalise(url)
        return self.moves[plain][0] if plain in self.moves else plain

    def rows_now(self, tables: Tables, table: str) -> LazyFrame:
        """Rows of this property and search type in the period."""
        return within(self.rows(tables, table), self.now)

    def sums(self, tables: Tables, table: str, *periods: Period | None) -> LazyFrame:
        """Rows of a grain in ``periods`` (the question's own unless given), for measures that only add up.

        Whole months come as one row a key, in which ``date`` is a day of the month; other days as they are. A
        month is whole where none of the periods cuts it, so that each may be told apart by ``date``.
        """
        asked = [period for period in periods or (self.now,) if period is not None]
        return (
            self._shared_sums(tables, table, asked)
            if self._shares(table)
            else self._sums(tables, table, asked)
        )

    def sums_of_both(self, tables: Tables, table: str, other: str, *periods: Period | None) -> LazyFrame:
        """`sums` of the days that the grain ``other`` knows as well: a day that only one of them has is no difference
        between the two."""
        asked = [period for period in periods or (self.now,) if period is not None]
        if self.has_every_day(other, table, asked):
            return self.sums(tables, table, *asked)
        spans = self.spans_with_data(table, other)
        days = self.rows(tables, table).filter(inside_any(asked))
        return days.filter(inside_any(spans)) if spans else days.head(0)

    def has_every_day(self, table: str, other: str, asked: Sequence[Period]) -> bool:
        """Whether this grain knows every day that `sums` of ``other`` reads in the periods."""
        read = list(asked)
        if self.months and self.source(other).table in MONTH_GRAINS:
            chosen = self._parts(self.source(other).table, asked)
            read = [*chosen.months, *chosen.days]
        return all(self.covered(other, one, table) == self.covered(other, one) for one in read)

    def _shares(self, table: str) -> bool:
        """Whether its rows inside the scope are few, but have to be found among many: then they are summed once."""
        few = table in (grains.SITE, grains.PAGE) or (
            table == grains.QUERY and 0 < len(self.chosen.get(QUERIES_CHOSEN, ())) <= FEW_QUERIES
        )
        long = self.months and self.source(table).table in MONTH_GRAINS
        return bool(self.scope) and few and long and not self.window

    def _shared_sums(self, tables: Tables, table: str, asked: Sequence[Period]) -> LazyFrame:
        """`_sums`, one row a day and key, read once for all of the question's periods."""
        own = [self._from_first_day(period) for period in self._shown(table) if period is not None]
        known = all(self._from_first_day(period) in own for period in asked)
        read = own if known else list(asked)
        keys = sorted(grains.COLUMNS[table])
        frame = self.frame_once(
            "sums",
            lambda: self.warehouse.ask(lambda t: by_keys(self._least(t, table, read), *keys)),
            *(table, *read),
        )
        rows = tables.given(f"{table}_sums", frame).with_columns(nw.col("date").cast(nw.Date))
        return rows.filter(inside_any(asked)) if known else rows

    def _least(self, tables: Tables, table: str, asked: Sequence[Period]) -> LazyFrame:
        """The fewest rows that sum up to ``table``: of the property those by page, where one grain has both."""
        if table == grains.SITE and self._pages_sum_up():
            return self._shared_sums(tables, grains.PAGE, asked)
        return self._sums(tables, table, asked)

    def _pages_sum_up(self) -> bool:
        """Whether sums of the property are those of its pages: only where both are asked by page and query."""
        return self.source(grains.SITE) == self.source(grains.PAGE)

    def _shown(self, table: str) -> tuple[Period | None, ...]:
        """The question's periods; of the property also what trends draw, and of its pages where these sum up to it.

        That is the whole period that is compared with, and the archive where the periods hold most of it anyway.
        """
        if table != grains.SITE and not (table == grains.PAGE and self._pages_sum_up()):
            return self.periods
        own = self.filters
        drawn = comparison(self.now, own.compare, own.compare_from, own.compare_to)
        inside = drawn is not None and self.first_day is not None and drawn.end >= self.first_day
        days = sum(
            length(self._from_first_day(period)) for period in (self.now, drawn if inside else None) if period
        )
        every = self.archive
        return (
            *self.periods,
            drawn if inside else None,
            every if every and 2 * days >= length(every) else None,
        )

    def _from_first_day(self, period: Period) -> Period:
        """The period without the days before the first one with data."""
        first = self.first_day
        return period if first is None or first > period.end else Period(max(period.start, first), period.end)

    def _sums(self, tables: Tables, table: str, asked: Sequence[Period]) -> LazyFrame:
        grain = self.source(table).table
        if not grain:
            return self.rows(tables, table)
        days = self._inside(tables, table, grain)
        if not self.months or grain not in MONTH_GRAINS:
            return days.filter(inside_any(asked))
        monthly = self._inside(tables, table, MONTH_GRAINS[grain].name)
        return summable(days, monthly, self._parts(grain, asked), self._known_days()[0])

    def _parts(self, grain: str, asked: Sequence[Period]) -> Parts:
        cuts = {day for _, day in self.moves.values()} if LAST_DAY.get(grain) is not None else ()
        return parts(asked, *self._known_days(), cuts)

    def sums_months(self, table: str) -> bool:
        """Whether `sums` of the period has one row a month and key: of whole months of the very grain.

        Not where they are cut out of what is read for all periods at once: another of them may cut a month.
        """
        own = self.source(table).table == table and self.months and not (self.window or self._shares(table))
        return own and table == grains.QUERY and not self._parts(table, [self.now]).days

    def shortest(self, table: str) -> str:
        """The shortest table that names every query of this query grain."""
        return MONTH_GRAINS[table].name if self.months and table in MONTH_GRAINS else table

    def _known_days(self) -> tuple[dt.date, dt.date]:
        """First and last day with data, as far as they are known: of web search."""
        first, last = self.first_day, self.data_date
        if first is None or last is None or self.filters.search_type != "web":
            return dt.date.min, dt.date.max
        return first, max(last, *self.warehouse.provisional_days(self.filters.site), last)

    def exhibit(
        self,
        id: str,
        kind: Kind,
        frame: pd.DataFrame,
        fields: tuple[Field, ...],
        *,
        over: Sequence[Period | None] = (),
        measures: Collection[str] = (),
        changed: Collection[str] | None = None,
        sides: Sequence[Period | None] = (),
        narrowed: bool | None = None,
        **parts: Part,
    ) -> Exhibit:
        """An exhibit with source (Google unless given), data date and sample mark filled in.

        Every exhibit of Google's figures says which known events lie in what it shows (`crossed`): in the periods
        ``over`` (the question's unless given), and only those that concern one of its ``measures`` (ids; told by the
        names of its columns unless given). ``changed`` are those whose change it says: those with a column of it, and
        all of them where ``over`` names several periods. Compared are ``sides``: several periods of ``over``, else the
        question's two. Where the period reaches beyond the last final day it says so; trends draw these days apart
        besides. Where its rows are ``narrowed`` (Google's figures, unless told otherwise) the filters stand in the
        subtitle, and their costs in the notes. What a filter on queries has narrowed is not for the public.
        """
        parts.setdefault("source", self.google)
        parts.setdefault("data_date", self.data_date)
        parts.setdefault("unpublished", self.scope.query is not None)
        if self.google in parts["source"]:
            names = [field.name for field in fields]
            shown_measures = measures or measures_of(names)
            spans = [period for period in over if period is not None]
            if changed is None:
                changed = () if len(spans) == 1 else (measures if spans else ()) or changes_of(names)
            events = self.crossed(
                *(spans or (self.now,)),
                measures=shown_measures,
                changed=changed,
                sides=sides or (spans if len(spans) > 1 else None),
                course=fields[0].format in _OF_TIME or any(field.format == "course" for field in fields),
            )
            told = events.values() if shown_measures else ()
            parts["notes"] = tuple(dict.fromkeys((*parts.get("notes", ()), *told, *self.provisional_note)))
            if "marks" in parts:
                parts["marks"] = tuple(
                    replace(mark, sentence=events.get(mark.sentence, mark.sentence))
                    for mark in parts["marks"]
                )
        shown_days = next((one for one in over if one is not None), self.now)
        if self.google in parts["source"] or parts["source"] == self.portal:
            parts.setdefault("period", (shown_days.start, shown_days.end))
        own = self.google in parts["source"] if narrowed is None else narrowed
        if own and (self.kind_told or self.filtered):
            narrow = (parts.get("subtitle"), self.kind_told, self.filtered)
            parts["subtitle"] = " · ".join(filter(None, narrow))
        if own and (self.filtered or self.window):
            parts["notes"] = tuple(dict.fromkeys((*parts.get("notes", ()), *self.costs)))
        if self.window:
            parts = parts | {"caution": parts.get("caution") or OF_WINDOW}
        if any(_is_change(field) and frame[field.name].notna().any() for field in fields):
            parts = self._naming_both_sides(parts)
        shown = frame.reset_index(drop=True)
        if parts["source"] != self.portal:  # where all is the portal's, the subtitle names the days
            fields = tuple(self._with_days(field, parts["source"]) for field in fields)
        return Exhibit(id=id, kind=kind, frame=shown, fields=fields, sample=self.warehouse.sample, **parts)

    def _naming_both_sides(self, parts: dict[str, Part]) -> dict[str, Part]:
        """With a note of what a change compares, where neither headline nor subtitle tells it."""
        told = f"{parts.get('headline', '')} {parts.get('subtitle', '')}"
        if self.before is None or in_words(self.before) in told or short(self.before) in told:
            return parts
        return parts | {"notes": (*parts.get("notes", ()), f"{CHANGE.label} {self.against}.")}

    @property
    def against(self) -> str:
        """What is compared, in short: "gegenüber Okt. 2025", with the part of the period where it is not all of it."""
        if self.like is None or self.before is None:
            return ""
        part = "" if self.like == self.now else f"{short(self.like)} "
        return f"{part}gegenüber {short(self.before)}"

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
        *,
        empty: bool = False,
    ) -> Words:
        """A slide of words only; with the data date of the property unless it has its own."""
        day = data_date or self.data_date
        return Words(id, headline, paragraphs, source, day, sample=self.warehouse.sample, empty=empty)

    def answer(
        self,
        message: str,
        exhibits: Iterable[Exhibit | None] = (),
        figures: tuple[Figure, ...] = (),
        caveats: tuple[str, ...] = (),
        next_steps: tuple[str, ...] = (),
    ) -> Answer:
        """An answer with data date and sample mark; exhibits that are None (nothing to show) are left out.

        Kind of search and filters stand before the message, what they cost among the caveats.
        """
        shown = tuple(exhibit for exhibit in exhibits if exhibit is not None)
        if self.filtered and not message.startswith(self.filtered):
            message = f"{self.filtered}: {message}"
        if self.kind_told:
            message = f"{self.kind_told}{' · ' if self.filtered else ': '}{message}"
        caveats = tuple(dict.fromkeys((*self.costs, *caveats)))
        return Answer(message, shown, figures, caveats, next_steps, self.data_date, self.warehouse.sample)


WINDOWS = "search_window"
LISTED_DAYS = "search_grain_days"
"""The days that grains with sums by month have rows of; snapshots of older versions lack it."""
OF_WINDOW = "Summen eines Exports der Search Console: höchstens 1.000 Zeilen, ohne Tageswerte."
MOVES = "page_moves"
"""Name of the frame of moved pages beside the tables."""
FEW_QUERIES = 5_000
"""Chosen queries up to which their rows are taken out of the engine to be read again; of more it reads them faster."""
FEW_KEYS = 20
"""Chosen pages or queries up to which a condition names them; more are joined."""
PAGES_CHOSEN, QUERIES_CHOSEN = "pages_chosen", "queries_chosen"
"""Names of the frames of pages (url) and queries (query) that the filters choose."""
LAST_DAY = {
    "search_page_day": "date",
    "search_page_query_day": "date",
    # A month that a move cuts is read by its days (`Question.sums`), so the first day stands for all of it.
    "search_page_query_month": "month",
    "search_page_device_day": "date",
    "portal_page": "period_end",
}
"""Facts of pages, each with the column of the row's last day."""


OF_PORTAL = frozenset(
    {
        *("unique_page_views", "service_starts", "applications", "start_rate", "application_rate"),
        *("application_drop_out", "digital_share"),
    }
)
"""Ids of measures that the portal counts, over its own reporting periods."""
_OF_TIME = frozenset({"date", "month"})
"""Formats of the first column where rows are days, weeks or months."""
_MEASURED = ("clicks", "impressions", "position", "ctr")
_COMPARING = ("_before", "_gain")
_CHANGES = {"change": "clicks", "gain": "clicks", "lost": "clicks", "lasting": "clicks", "places": "position"}
_OF_CLICKS = (
    "change",
    "gain",
    "share",
    "cumulative_share",
    "extra",
    "lacking",
    "expected",
    "lost",
    "lasting",
)


def contained(texts: pd.Series[str], chosen: pd.Series[str]) -> pd.Series[bool]:
    """Which texts are among the chosen ones; for long columns, which `Series.isin` looks through text by text."""
    own, others = (pa.array(one, pa.large_string()) for one in (texts, chosen))
    return pd.Series(pc.is_in(own, value_set=others).to_numpy(zero_copy_only=False), index=texts.index)


def measures_of(columns: Iterable[str]) -> frozenset[str]:
    """Ids of the measures that columns of these names show (clicks_before: clicks)."""
    heads = {name.partition("_")[0] for name in columns}
    shown = heads & set(_MEASURED)
    return frozenset(shown | ({"clicks"} if heads & set(_OF_CLICKS) else set()))


def changes_of(columns: Iterable[str]) -> frozenset[str]:
    """Ids of the measures of which a change is shown: a column of it, or one of the period compared with."""
    told = {_CHANGES.get(name, "") for name in columns}
    both = {name.removesuffix(end) for name in columns for end in _COMPARING if name.endswith(end)}
    return frozenset((told | both) & set(_MEASURED))


def _is_change(field: Field) -> bool:
    """Whether the column is the change of a sum against the period compared with."""
    return (field.name, field.format) == (CHANGE.id, CHANGE.format)


def in_words(period: Period) -> str:
    """Whole months by name (Dezember 2024 bis November 2025), anything else by day."""
    return german.period(period.start, period.end)


def short(period: Period) -> str:
    """The same in short, for cards and heads of columns: Aug. bis Nov. 2025."""
    return german.period_short(period.start, period.end)


def field(measure: Measure, name: str = "", label: str = "") -> Field:
    """A measure as a column of an exhibit."""
    return Field(
        name or measure.id,
        label or measure.label,
        measure.format,
        measure.unit,
        measure.low_is_good,
        measure.definition,
        measure.method,
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
