"""What the archive holds: first and last day, gaps, provisional and capped days, per source and grain."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

import duckdb

from etl.operations.file_kinds import FILE_KINDS
from etl.sources.published_state import published_state
from etl.sources.registry import SOURCES
from etl.sources.source import Source
from portalkompass.settings import Settings


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
    with published_state(settings) as connection:
        return [
            *(holding for source in SOURCES for holding in _own_days(connection, source)),
            *_windows(connection),
            *_portal(connection),
            *_lists(connection),
        ]


def _own_days(connection: duckdb.DuckDBPyConnection, source: Source) -> list[Holding]:
    """Tables of days that the source has for itself; those that several sources fill are held in `_portal`."""
    holdings = []
    for table in (part.table for part in source.day_tables if "source" not in part.table.names):
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
                WHERE source = ? AND grain = ? AND state <> 'failed' AND date BETWEEN first AND last
                GROUP BY ALL
            )
            SELECT site, search_type, first, last, rows,
                   date_diff('day', first, last) + 1 - coalesce(days, 0),
                   coalesce(provisional, 0), coalesce(capped, 0)
            FROM facts LEFT JOIN noted USING (site, search_type) ORDER BY site, search_type
            """,
            [source.name, table.name],
        ).fetchall()
        holdings += [
            Holding(source.name, site, search_type, table.name, *numbers)
            for site, search_type, *numbers in rows
        ]
    return holdings


def _windows(connection: duckdb.DuckDBPyConnection) -> list[Holding]:
    windows = connection.execute(
        """
        SELECT site, search_type, min(period_start), max(period_end), count(*) FROM search_window
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return [
        Holding("search_console", site, search_type, "search_window", first, last, rows, 0, 0, 0)
        for site, search_type, first, last, rows in windows
    ]


def _portal(connection: duckdb.DuckDBPyConnection) -> list[Holding]:
    """Portal sources, files among them; a day is missing when no period of the source covers it."""
    holdings = []
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
        holdings += [
            Holding(source, site, "", table, begins, ends, count, gap, unfinished, 0)
            for source, site, begins, ends, count, gap, unfinished in rows
        ]
    return holdings


def _lists(connection: duckdb.DuckDBPyConnection) -> list[Holding]:
    holdings = []
    for source, table, date in (kind.dated for kind in FILE_KINDS if kind.dated):
        first, last, rows = connection.execute(
            f"SELECT min({date}), max({date}), count(*) FROM {table.name}"
        ).fetchall()[0]
        if rows:
            holdings.append(Holding(source, "", "", table.name, first, last, rows, 0, 0, 0))
    return holdings
