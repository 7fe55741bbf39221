"""Which table answers a filter: for what an answer asks for, the coarsest loaded grain that tells the filter too.

Google gives sums by some combinations of page, query, device and country only. What no grain tells is not shown
unfiltered instead: the reason is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw

from portalkompass.answers.base.scope import Scope
from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.selection import Period

SITE, SEGMENT, QUERY, PAGE = "search_site_day", "search_segment_day", "search_query_day", "search_page_day"
PAGE_QUERY, APPEARANCE = "search_page_query_day", "search_appearance_day"
PAGE_DEVICE, QUERY_DEVICE = "search_page_device_day", "search_query_device_day"

COLUMNS: dict[str, frozenset[str]] = {
    SITE: frozenset(),
    APPEARANCE: frozenset({"appearance"}),
    SEGMENT: frozenset({"country", "device"}),
    QUERY: frozenset({"query"}),
    PAGE: frozenset({"url"}),
    QUERY_DEVICE: frozenset({"query", "device"}),
    PAGE_DEVICE: frozenset({"url", "device"}),
    PAGE_QUERY: frozenset({"url", "query"}),
}
"""Every grain of days with what it tells beside the day, the coarsest first."""

NAMES = {
    SITE: "der Property",
    SEGMENT: "der Geräte und Länder",
    QUERY: "der Suchanfragen",
    PAGE: "der Seiten",
    PAGE_QUERY: "der Suchanfragen je Seite",
    PAGE_DEVICE: "der Seiten je Gerät",
    QUERY_DEVICE: "der Suchanfragen je Gerät",
    APPEARANCE: "der Darstellungsarten",
}
"""Genitive of what a grain holds: die Tageswerte …"""
BY_SUPPORT = "die Betreuung der Anwendung kann sie dazunehmen"
"""Of what a setting turns on: whoever reads this has a browser, and no settings."""
_NOT_LOADED = {
    SEGMENT: "Geräte und Länder sind nicht geladen.",
    QUERY: "Suchanfragen sind nicht geladen.",
    PAGE: "Seiten sind nicht geladen.",
    PAGE_QUERY: "Suchanfragen je Seite sind nicht geladen.",
    PAGE_DEVICE: f"Geräte je Seite sind nicht geladen; {BY_SUPPORT}.",
    QUERY_DEVICE: f"Geräte je Suchanfrage sind nicht geladen; {BY_SUPPORT}.",
    APPEARANCE: f"Darstellungsarten sind nicht geladen; {BY_SUPPORT}.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The grain of days that answers; where none does, ``table`` is empty and ``reason`` a German sentence."""

    table: str
    reason: str = ""


def source(table: str, scope: Scope, loaded: Callable[[str], bool]) -> Source:
    """Where rows of ``table`` come from inside the scope; ``loaded`` says of a grain whether it has any row.

    Without a filter it is the table itself, loaded or not.
    """
    if not scope or table not in COLUMNS:
        return Source(table)
    told = COLUMNS[table] | scope.columns
    # A grain by query lacks what Google does not name: it answers only what is asked by query.
    fitting = [
        name
        for name, columns in COLUMNS.items()
        if told <= columns and ("query" in told or "query" not in columns)
    ]
    for name in fitting:
        if loaded(name):
            return Source(name)
    return Source("", _NOT_LOADED[fitting[0]] if fitting else _never(told))


def _never(told: frozenset[str]) -> str:
    """Why no grain tells all of this."""
    if "appearance" in told:
        return "Google nennt Darstellungsarten nur für sich allein, nicht je Seite, Suchanfrage, Gerät oder Land."
    if "country" in told:
        return "Länder werden nur für die ganze Property geladen, nicht je Seite oder Suchanfrage."
    return "Geräte werden je Seite oder je Suchanfrage geladen, nicht für beides zugleich."


MOST_ROWS = 1000
"""Google gives so many rows of each table of an export at most."""
WINDOW_TABLES = {SITE: ("days", "devices", "countries"), PAGE: ("pages",), QUERY: ("queries",)}
"""Which tables of an export of the user interface hold the sums of a grain; the first one that is loaded counts."""
_WINDOW_KEYS = {SITE: "", PAGE: "url", QUERY: "query"}
BY_SEGMENT = {"device": "devices", "country": "countries"}
"""Tables of an export by what they tell of devices and countries: each by itself, never both."""


@dataclass(frozen=True, slots=True)
class Window:
    """The period of exports of the user interface, which have sums of all of it and no days.

    ``tables`` are those that are loaded, with their rows; ``loaded`` is the day of the newest load of any of them.
    """

    period: Period
    tables: tuple[tuple[str, int], ...]
    loaded: dt.date | None = None

    def has(self, table: str) -> bool:
        """Whether it holds sums of this grain (segments: devices or countries)."""
        loaded = {name for name, _ in self.tables}
        known = tuple(BY_SEGMENT.values()) if table == SEGMENT else WINDOW_TABLES.get(table, ())
        return not loaded.isdisjoint(known)

    @property
    def tells_hidden(self) -> bool:
        """Whether what its queries lack is what Google hides: not where their list is cut or was not exported."""
        return 0 < self.amount("queries") < MOST_ROWS and self.has(SITE)

    def amount(self, table: str) -> int:
        """Rows of one of its tables."""
        return dict(self.tables).get(table, 0)

    def rows(self, windows: LazyFrame, table: str) -> LazyFrame:
        """Its sums as rows of this grain, of its last day; none where it has none.

        ``windows`` are the rows of ``search_window`` of one property and search type.
        """
        name = next((one for one in WINDOW_TABLES.get(table, ()) if self.amount(one)), "")
        own = self._of(windows, name)
        key = _WINDOW_KEYS.get(table, "")
        if key:
            return own.with_columns(nw.col("key").alias(key)).drop("key")
        summed = own.group_by("date").agg(
            *[nw.col(one).sum() for one in ("clicks", "impressions", "sum_position")]
        )
        return summed

    def segment_rows(self, windows: LazyFrame, by: str) -> LazyFrame:
        """The same by ``device`` or ``country``."""
        return self._of(windows, BY_SEGMENT[by]).with_columns(nw.col("key").alias(by)).drop("key")

    def _of(self, windows: LazyFrame, name: str) -> LazyFrame:
        own = windows.filter(
            nw.col("table_name") == name,
            nw.col("period_start") == self.period.start,
            nw.col("period_end") == self.period.end,
            unfiltered(),
        )
        return own.select("key", "clicks", "impressions", "sum_position", nw.col("period_end").alias("date"))


def unfiltered() -> nw.Expr:
    """Exports of the whole property: a filtered one is of a part that only its text names."""
    return nw.col("filters").fill_null("") == ""
