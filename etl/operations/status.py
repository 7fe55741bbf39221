"""What the archive holds: first and last day, gaps, provisional and capped days, per source and grain."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

import duckdb

from portalkompass.schema import DAY_GRAINS
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published


@dataclass(frozen=True, slots=True)
class Holding:
    """One grain of one source; days between first and last without data and without a note are missing."""

    source: str
    site: str
    search_type: str
    grain: str
    first: dt.date | None
    last: dt.date | None
    rows: int
    missing_days: int
    provisional_days: int
    capped_days: int

    def as_json(self) -> dict[str, object]:
        """The shape of `status --json`."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in asdict(self).items()
        }


def holdings(settings: Settings) -> list[Holding]:
    """Every grain that holds anything, in a fixed order; empty before the first load."""
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return []
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return [*_search_console(connection), *_portal(connection), *_lists(connection)]


def _search_console(connection: duckdb.DuckDBPyConnection) -> list[Holding]:
    found = []
    for table in DAY_GRAINS:
        rows = connection.execute(
            f"""
            WITH facts AS (
                SELECT site, search_type, min(date) AS first, max(date) AS last, count(*) AS rows
                FROM "{table.name}" GROUP BY ALL
            ), noted AS (
                SELECT site, search_type, count(DISTINCT date) AS days,
                       count(*) FILTER (state = 'provisional') AS provisional,
                       count(*) FILTER (capped) AS capped
                FROM ingest_ledger JOIN facts USING (site, search_type)
                WHERE source = 'search_console' AND grain = ? AND state <> 'failed' AND date BETWEEN first AND last
                GROUP BY ALL
            )
            SELECT site, search_type, first, last, rows,
                   date_diff('day', first, last) + 1 - coalesce(days, 0),
                   coalesce(provisional, 0), coalesce(capped, 0)
            FROM facts LEFT JOIN noted USING (site, search_type) ORDER BY site, search_type
            """,
            [table.name],
        ).fetchall()
        found += [
            Holding("search_console", site, search_type, table.name, *numbers)
            for site, search_type, *numbers in rows
        ]
    windows = connection.execute(
        """
        SELECT site, search_type, min(period_start), max(period_end), count(*) FROM search_window
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return found + [
        Holding("search_console", s, t, "search_window", a, b, n, 0, 0, 0) for s, t, a, b, n in windows
    ]


def _portal(connection: duckdb.DuckDBPyConnection) -> list[Holding]:
    """Portal sources; a day is missing when no period of the source covers it."""
    found = []
    for table, first, last in (
        ("portal_page", "period_start", "period_end"),
        ("portal_site_day", "date", "date"),
    ):
        rows = connection.execute(
            f"""
            WITH periods AS (SELECT DISTINCT source, site, {first} AS begins, {last} AS ends FROM {table}),
            span AS (SELECT source, site, min(begins) AS first, max(ends) AS last,
                            sum(date_diff('day', begins, ends) + 1)::BIGINT AS covered
                     FROM periods GROUP BY ALL),
            counts AS (SELECT source, site, count(*) AS rows FROM {table} GROUP BY ALL),
            unfinished AS (SELECT source, site, count(*) AS days FROM ingest_ledger
                           WHERE grain = ? AND state = 'provisional' GROUP BY ALL)
            SELECT source, site, first, last, rows, date_diff('day', first, last) + 1 - covered, coalesce(days, 0)
            FROM span JOIN counts USING (source, site) LEFT JOIN unfinished USING (source, site) ORDER BY ALL
            """,
            [table],
        ).fetchall()
        found += [
            Holding(source, site, "", table, begins, ends, count, gap, unfinished, 0)
            for source, site, begins, ends, count, gap, unfinished in rows
        ]
    return found


def _lists(connection: duckdb.DuckDBPyConnection) -> list[Holding]:
    found = []
    for source, table, column in (
        ("ozg", "service_status_history", "as_of"),
        ("pvog", "online_services", "export_date"),
    ):
        first, last, rows = connection.execute(
            f"SELECT min({column}), max({column}), count(*) FROM {table}"
        ).fetchall()[0]
        if rows:
            found.append(Holding(source, "", "", table, first, last, rows, 0, 0, 0))
    return found
