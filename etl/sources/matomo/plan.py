"""What a run has to fetch, from what the ledger knows and what other portal sources hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from duckdb import DuckDBPyConnection as Connection

from etl.sources.rounds import days_between
from portalkompass.schema import PORTAL_PAGE, PORTAL_SITE_DAY

SOURCE = "matomo"
GRAINS = (PORTAL_PAGE, PORTAL_SITE_DAY)
Reason = Literal["missing", "rolling", "provisional"]
REASON_LABELS: dict[Reason, str] = {
    "missing": "fehlende Tage",
    "rolling": "erneut zu prüfende Tage",
    "provisional": "vorläufige Tage",
}


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """What the ledger knows of a day over both grains."""

    complete: bool
    fetched_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Due:
    """A day to fetch, and why; a provisional day is still running and will be fetched again."""

    day: dt.date
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """Days in fetching order for one property; ``skipped`` are days that another source (by day) counts."""

    site: str
    due: tuple[Due, ...]
    skipped: Mapping[dt.date, str]

    def spans(self, most_days: int) -> list[tuple[Due, ...]]:
        """The due days as runs of neighbouring days of at most ``most_days``, newest first."""
        spans: list[list[Due]] = []
        for due in self.due:
            neighbour = spans and spans[-1][-1].day - due.day == dt.timedelta(days=1)
            if neighbour and len(spans[-1]) < most_days:
                spans[-1].append(due)
            else:
                spans.append([due])
        return [tuple(span) for span in spans]


def read_ledger(connection: Connection, site: str) -> dict[dt.date, LedgerDay]:
    """The ledger's view of every day of a property."""
    rows = connection.execute(
        """
        SELECT date, count(*) FILTER (state IN ('final', 'empty')), min(fetched_at)::DATE
        FROM ingest_ledger
        WHERE source = ? AND site = ? AND search_type = '' AND origin = 'api'
          AND grain IN (SELECT unnest(?::VARCHAR[]))
        GROUP BY date
        """,
        [SOURCE, site, [table.name for table in GRAINS]],
    ).fetchall()
    return {day: LedgerDay(complete == len(GRAINS), fetched_on) for day, complete, fetched_on in rows}


def read_occupied(connection: Connection, site: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Days on which another portal source already counts, and which; periods longer than a day of any source too."""
    rows = connection.execute(
        """
        WITH held AS (
            SELECT DISTINCT source, period_start, period_end FROM portal_page
            WHERE site = $1 AND (source <> $2 OR period_start <> period_end)
            UNION
            SELECT DISTINCT source, date, date FROM portal_site_day WHERE site = $1 AND source <> $2
        )
        SELECT day::DATE, min(source)
        FROM held, range($3::TIMESTAMP, $4::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY) AS days(day)
        WHERE day BETWEEN period_start AND period_end GROUP BY ALL
        """,
        [site, SOURCE, first, last],
    ).fetchall()
    return dict(rows)


def searched_elsewhere(connection: Connection, site: str, days: Sequence[dt.date]) -> set[dt.date]:
    """Those of the days whose searches in the portal another source counts already."""
    rows = connection.execute(
        """
        SELECT DISTINCT day FROM portal_search, (SELECT unnest($3::DATE[]) AS day)
        WHERE site = $1 AND source <> $2 AND day BETWEEN period_start AND period_end
        """,
        [site, SOURCE, list(days)],
    ).fetchall()
    return {day for (day,) in rows}


def make_plan(
    site: str,
    ledger: Mapping[dt.date, LedgerDay],
    occupied: Mapping[dt.date, str],
    *,
    first_day: dt.date,
    today: dt.date,
    rolling_days: int,
    since: dt.date | None = None,
    until: dt.date | None = None,
    asked: Set[dt.date] = frozenset(),
) -> Plan:
    """Today (provisional), days that are missing and the rolling window, newest first.

    A finished day that was asked today is not asked again, so that a stopped run goes on where it was;
    ``asked`` are days that this run has tried already. Finished days behind the rolling window are left as
    they are, even if Matomo has deleted its reports since: the archive is for good.
    """
    first = max(first_day, since or first_day)
    last = min(today, until or today)
    due: list[Due] = []
    skipped: dict[dt.date, str] = {}
    for day in reversed(days_between(first, last)):
        reason = _reason(day, ledger.get(day), today, rolling_days)
        if reason is None or day in asked:
            continue
        if day in occupied:
            skipped[day] = occupied[day]
        else:
            due.append(Due(day, reason))
    return Plan(site, tuple(due), skipped)


def _reason(day: dt.date, entry: LedgerDay | None, today: dt.date, rolling_days: int) -> Reason | None:
    if day >= today:
        return "provisional"
    if entry is None or not entry.complete:
        return "missing"
    in_window = day >= today - dt.timedelta(days=rolling_days)
    return "rolling" if in_window and entry.fetched_on != today else None
