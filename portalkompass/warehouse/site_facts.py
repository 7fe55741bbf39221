"""What days each property has: read once from a snapshot, printed beside every figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What days a property has (search type web); ``data_date`` is its last final day.

    ``window`` are the days of its newest export of the user interface, where pages and queries are known of such
    exports only; None where any day has them.
    """

    site: str
    first_day: dt.date | None
    data_date: dt.date | None
    provisional_days: tuple[dt.date, ...]
    window: tuple[dt.date, dt.date] | None = None


def read_facts(connection: Connection) -> dict[str, SiteFacts]:
    """Facts by property: those with search days first, most clicks first, then by name."""
    # Sorted here: DuckDB 2.0 narrows the type of the sums to that of a day when it sorts, and fails on larger ones.
    rows = connection.execute(
        """
        WITH provisional AS (
          SELECT site, date FROM ingest_ledger
          WHERE grain = 'search_site_day' AND state = 'provisional' AND search_type = 'web'),
        days AS (
          SELECT s.site, min(s.date) AS first_day, sum(s.clicks) AS clicks,
                 max(s.date) FILTER (p.date IS NULL) AS data_date,
                 list(s.date ORDER BY s.date) FILTER (p.date IS NOT NULL) AS provisional_days
          FROM search_site_day s LEFT JOIN provisional p ON p.site = s.site AND p.date = s.date
          WHERE s.search_type = 'web' GROUP BY s.site)
        SELECT sites.site, first_day, data_date, provisional_days, clicks FROM sites LEFT JOIN days USING (site)
        """
    ).fetchall()
    windows = _newest_windows(connection)
    ordered = sorted(rows, key=lambda row: (row[4] is None, -(row[4] or 0), row[0]))
    return {
        row[0]: SiteFacts(row[0], row[1], row[2], tuple(row[3] or ()), windows.get(row[0])) for row in ordered
    }


def _newest_windows(connection: Connection) -> dict[str, tuple[dt.date, dt.date]]:
    """By property without pages and queries by day: the longest window of web search of those that end last."""
    rows = connection.execute(
        """
        SELECT site, period_start, period_end FROM search_window
        WHERE search_type = 'web' AND coalesce(filters, '') = '' AND table_name IN ('pages', 'queries')
          AND period_end IS NOT NULL
        GROUP BY ALL ORDER BY period_end, period_start DESC
        """
    ).fetchall()
    windows = {site: (start, end) for site, start, end in rows}
    return {site: window for site, window in windows.items() if not _has_days(connection, site)}


def _has_days(connection: Connection, site: str) -> bool:
    """Whether pages or queries of the property are known by day."""
    return any(
        connection.execute(f"SELECT 1 FROM {table} WHERE site = ? LIMIT 1", [site]).fetchall()
        for table in ("search_page_day", "search_query_day")
    )
