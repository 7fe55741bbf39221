"""Integrity (faults) and reconciliation (warnings with figures) of the published snapshot.

Integrity: no key twice, no impossible value, no rows of a day that the ledger does not know (ghosts), and
the ledger's sums equal the rows. Reconciliation compares grains that Google counts differently: listed queries
may not exceed the total, pages may not fall below it, segments must give the total's position. Capped days are
exempt there, because Google cut them.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from etl.reports import counted
from etl.store.hidden_shares import hidden_shares
from etl.store.months import stale_months
from etl.store.reconciliation import reconcile
from portalkompass.schema import DAY_GRAINS, MONTH_GRAINS, TABLES
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published


@dataclass(frozen=True, slots=True)
class Verification:
    """Faults mean that the data are damaged; warnings are figures to look at; ``hidden`` is said of every month."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    summary: str
    hidden: tuple[str, ...] = ()


def verify(settings: Settings) -> Verification:
    """Check the published snapshot; without one there is nothing to fault."""
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return Verification((), (), "Noch nichts geladen.")
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        faults = (
            *_duplicates(connection),
            *_impossible(connection),
            *_ghosts(connection),
            *_portal_ghosts(connection),
            *_ledger_sums(connection),
            *_months(connection),
        )
        warnings = reconcile(connection)
        hidden = hidden_shares(connection)
        rows = sum(
            connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()[0][0]
            for table in DAY_GRAINS
        )
    summary = (
        f"Stand {snapshot.name}: {counted(rows, 'Zeile', 'Zeilen')} geprüft, keine Fehler, "
        f"{counted(len(warnings), 'Hinweis', 'Hinweise')}."
    )
    return Verification(faults, warnings, summary, hidden)


def _duplicates(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for table in TABLES.values():
        keys = ", ".join(f'"{name}"' for name in table.key)
        count, example = connection.execute(
            f"""
            SELECT count(*), min(key) FROM (
                SELECT concat_ws(' | ', {keys}) AS key FROM "{table.name}" GROUP BY {keys} HAVING count(*) > 1)
            """
        ).fetchall()[0]
        if count:
            told = counted(count, "Schlüssel kommt", "Schlüssel kommen")
            found.append(f"{table.name}: {told} mehrfach vor, zum Beispiel {example}.")
    return found


def _impossible(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for table in DAY_GRAINS:
        count, day = connection.execute(
            f"""
            SELECT count(*), min(date) FROM "{table.name}"
            WHERE impressions < 0 OR clicks < 0 OR sum_position < -1e-6 OR impressions IS NULL OR clicks IS NULL
            """
        ).fetchall()[0]
        if count:
            told = counted(count, "Zeile", "Zeilen")
            found.append(f"{table.name}: {told} mit unmöglichen Werten, zuerst am {day:%d.%m.%Y}.")
    return found


def _ghosts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for table in DAY_GRAINS:
        count, day = connection.execute(
            f"""
            SELECT count(*), min(f.date) FROM "{table.name}" f
            ANTI JOIN (SELECT site, search_type, date FROM ingest_ledger
                       WHERE source = 'search_console' AND grain = ? AND rows > 0) USING (site, search_type, date)
            """,
            [table.name],
        ).fetchall()[0]
        if count:
            told = counted(count, "Zeile", "Zeilen")
            found.append(
                f"{table.name}: {told} an Tagen, die das Ladebuch nicht kennt, zuerst am {day:%d.%m.%Y}."
            )
    return found


def _portal_ghosts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Days of a source that is asked day by day; files carry no ledger of days."""
    found = []
    for table, day_column in (("portal_page", "period_start"), ("portal_site_day", "date")):
        count, day = connection.execute(
            f"""
            SELECT count(*), min(f.{day_column}) FROM {table} f
            ANTI JOIN (SELECT source, site, date AS {day_column} FROM ingest_ledger WHERE grain = ? AND rows > 0)
                USING (source, site, {day_column})
            WHERE f.source = 'matomo'
            """,
            [table],
        ).fetchall()[0]
        if count:
            told = counted(count, "Matomo-Zeile", "Matomo-Zeilen")
            found.append(f"{table}: {told} an Tagen, die das Ladebuch nicht kennt, zuerst am {day:%d.%m.%Y}.")
    return found


def _ledger_sums(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for table in DAY_GRAINS:
        count, day = connection.execute(
            f"""
            WITH facts AS (SELECT site, search_type, date, count(*) AS rows, sum(clicks) AS clicks,
                                  sum(impressions) AS impressions FROM "{table.name}" GROUP BY ALL)
            SELECT count(*), min(l.date) FROM ingest_ledger l LEFT JOIN facts f USING (site, search_type, date)
            WHERE l.source = 'search_console' AND l.grain = ? AND l.state <> 'failed'
              AND (coalesce(f.rows, 0) <> l.rows OR coalesce(f.clicks, 0) <> coalesce(l.clicks, 0)
                   OR coalesce(f.impressions, 0) <> coalesce(l.impressions, 0))
            """,
            [table.name],
        ).fetchall()[0]
        if count:
            found.append(
                f"{table.name}: an {counted(count, 'Tag', 'Tagen')} weichen Zeilen oder Summen vom Ladebuch ab, "
                f"zuerst am {day:%d.%m.%Y}."
            )
    return found


def _months(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Monthly sums that are not those of their days; a snapshot of an older version has none to check."""
    held = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    counts = {
        months.name: stale_months(connection, days)
        for days, months in MONTH_GRAINS.items()
        if months.name in held
    }
    return [
        f"{name}: {counted(count, 'Monat passt', 'Monate passen')} nicht zu seinen Tagen."
        for name, count in counts.items()
        if count
    ]
