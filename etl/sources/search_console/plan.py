"""What a run has to fetch, from what Google has and what the ledger knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from duckdb import DuckDBPyConnection as Connection

from etl.reports import counted, german_day
from etl.sources.rounds import days_between, duration, reason_lines, span_words
from etl.sources.search_console.fetch import DayTotals, KnownDays
from etl.sources.search_console.grains import SOURCE, Grain
from portalkompass.schema import DEVICE_GRAINS, SEARCH_SITE_DAY

Reason = Literal["missing", "added", "changed", "rolling", "provisional", "vanished"]
REASON_LABELS: dict[Reason, str] = {
    "missing": "fehlende Tage",
    "added": "Tage, denen Werte je Gerät fehlen",
    "changed": "nachträglich geänderte Tage",
    "rolling": "erneut zu prüfende Tage",
    "provisional": "vorläufige Tage",
    "vanished": "von Google zurückgezogene Tage",
}
REQUESTS_PER_SLICE = 2
"""One page of rows and the empty page after it; days over 25,000 rows need one more each."""


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """What the ledger knows of a day over all grains.

    ``complete`` is of the grains that are always pulled; ``lacking`` are wanted tables by device that are not there.
    """

    complete: bool
    provisional: bool
    has_rows: bool
    clicks: int | None
    impressions: int | None
    fetched_on: dt.date | None
    bulk: bool
    lacking: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Due:
    """A day to fetch, and why; ``totals`` is None when Google has no data for it.

    ``only`` are the tables that are fetched of it; empty means all of them.
    """

    day: dt.date
    reason: Reason
    totals: DayTotals | None
    state: Literal["final", "provisional"]
    only: frozenset[str] = frozenset()

    def takes(self, table: str) -> bool:
        """Whether the day's rows of this table are fetched anew."""
        return not self.only or table in self.only


@dataclass(frozen=True, slots=True)
class Plan:
    """Days in fetching order for one property and search type."""

    site: str
    search_type: str
    due: tuple[Due, ...]
    last_final: dt.date | None
    first_incomplete: dt.date | None
    grains: tuple[Grain, ...]

    @property
    def requests(self) -> int:
        """Requests that the plan will send at least."""
        slices = (due.takes(grain.table.name) for due in self.due if due.totals for grain in self.grains)
        return sum(slices) * REQUESTS_PER_SLICE

    def describe(self, per_second: float) -> list[str]:
        """German: what would be fetched, with how many requests and how long at this pace, for `--dry-run`."""
        head = f"{self.site} ({self.search_type}): "
        if self.last_final is None:
            return [head + "Google hat noch keine endgültigen Tage."]
        newest = f"neuester endgültiger Tag {german_day(self.last_final)}"
        if not self.due:
            return [head + f"nichts zu laden, {newest}."]
        return [
            head + f"{span_words([due.day for due in self.due])}, {newest}.",
            *reason_lines((due.reason for due in self.due), REASON_LABELS),
            f"  mindestens {counted(self.requests, 'Anfrage', 'Anfragen')}, "
            f"etwa {duration(self.requests / per_second)}.",
        ]


def read_ledger(
    connection: Connection, site: str, search_type: str, grains: Sequence[Grain]
) -> dict[dt.date, LedgerDay]:
    """The ledger's view of every day of a property and search type, of which ``grains`` are wanted."""
    wanted = {SEARCH_SITE_DAY.name, *(grain.table.name for grain in grains)}
    further = wanted & {table.name for table in DEVICE_GRAINS}
    rows = connection.execute(
        """
        SELECT date,
               list(grain) FILTER (state IN ('final', 'empty', 'capped') AND origin IN ('api', 'bulk_export')),
               coalesce(bool_or(state = 'provisional'), false), coalesce(sum(rows) > 0, false),
               max(clicks) FILTER (grain = ?), max(impressions) FILTER (grain = ?),
               min(fetched_at)::DATE, coalesce(bool_or(origin = 'bulk_export'), false)
        FROM ingest_ledger
        WHERE source = ? AND site = ? AND search_type = ?
          AND grain NOT IN ('search_appearance_day', 'search_hour')
        GROUP BY date
        """,
        [SEARCH_SITE_DAY.name, SEARCH_SITE_DAY.name, SOURCE, site, search_type],
    ).fetchall()
    return {
        day: LedgerDay(
            wanted - further <= set(there or ()),
            provisional,
            has_rows,
            clicks,
            impressions,
            fetched_on,
            bulk,
            frozenset(further - set(there or ())),
        )
        for day, there, provisional, has_rows, clicks, impressions, fetched_on, bulk in rows
    }


def make_plan(
    site: str,
    search_type: str,
    ledger: Mapping[dt.date, LedgerDay],
    final: KnownDays,
    fresh: KnownDays,
    *,
    today: dt.date,
    rolling_days: int,
    grains: tuple[Grain, ...],
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Plan:
    """Missing days newest first, then changed ones, the rolling window, the provisional days, and what days lack.

    A day that was complete and already asked today is not asked again, so that a run that was stopped
    goes on where it was. Days that Google no longer serves are left as they are: the archive is for
    good. ``fresh`` is the answer with unfinished days included.
    """
    last_final = max(final.totals, default=None)
    due = [
        *_missing(ledger, final),
        *_changed(ledger, final),
        *_rolling(ledger, final, today, rolling_days),
        *_provisional(ledger, fresh, last_final),
        *_added(ledger, final),
    ]
    first = since or dt.date.min
    last = until or dt.date.max
    seen: set[dt.date] = set()
    ordered: list[Due] = []
    for item in due:
        if first <= item.day <= last and item.day not in seen:
            seen.add(item.day)
            ordered.append(item)
    return Plan(site, search_type, tuple(ordered), last_final, fresh.first_incomplete, grains)


def _missing(ledger: Mapping[dt.date, LedgerDay], final: KnownDays) -> Sequence[Due]:
    if not final.totals:
        return ()
    span = days_between(min(final.totals), max(final.totals))
    return [
        Due(day, "missing", final.totals.get(day), "final")
        for day in reversed(span)
        if not (entry := ledger.get(day)) or not entry.complete
        if not (entry and entry.has_rows and day not in final.totals)
    ]


def _added(ledger: Mapping[dt.date, LedgerDay], final: KnownDays) -> Sequence[Due]:
    """What a setting wants of days that were loaded before it; the newest first."""
    return [
        Due(day, "added", totals, "final", entry.lacking)
        for day, totals in sorted(final.totals.items(), reverse=True)
        if (entry := ledger.get(day)) and entry.complete and entry.lacking
    ]


def _changed(ledger: Mapping[dt.date, LedgerDay], final: KnownDays) -> Sequence[Due]:
    """Google's totals tell for free which older day was revised after the rolling window.

    Days of a bulk export are left alone: it counts rows that the API cuts.
    """
    return [
        Due(day, "changed", totals, "final")
        for day, totals in sorted(final.totals.items(), reverse=True)
        if (entry := ledger.get(day))
        and entry.complete
        and not entry.bulk
        and (entry.clicks, entry.impressions) != (totals.clicks, totals.impressions)
    ]


def _rolling(
    ledger: Mapping[dt.date, LedgerDay], final: KnownDays, today: dt.date, rolling_days: int
) -> Sequence[Due]:
    if not final.totals:
        return ()
    newest = max(final.totals)
    window = days_between(newest - dt.timedelta(days=rolling_days - 1), newest)
    return [
        Due(day, "rolling" if day in final.totals else "vanished", final.totals.get(day), "final")
        for day in reversed(window)
        if (entry := ledger.get(day)) and entry.complete and entry.fetched_on != today
        if day in final.totals or entry.has_rows
    ]


def _provisional(
    ledger: Mapping[dt.date, LedgerDay], fresh: KnownDays, last_final: dt.date | None
) -> Sequence[Due]:
    border = last_final or dt.date.min
    unfinished = [
        Due(day, "provisional", totals, "provisional")
        for day, totals in sorted(fresh.totals.items(), reverse=True)
        if day > border
    ]
    gone = [
        Due(day, "vanished", None, "final")
        for day, entry in sorted(ledger.items(), reverse=True)
        if entry.provisional and day > border and day not in fresh.totals
    ]
    return [*unfinished, *gone]
