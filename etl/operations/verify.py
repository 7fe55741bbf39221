"""Integrity (faults) and reconciliation (warnings with figures) of the published snapshot.

Integrity: no key twice, no impossible value, no rows of a day that the ledger does not know (ghosts), the
ledger's sums equal the rows, and the local time of an hour is that of its UTC. Reconciliation compares grains that
Google counts differently: listed queries may not exceed the total, pages may not fall below it, segments must give
the total's position. Capped days are exempt there, because Google cut them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection as Connection

from etl.files.hours import hour_at
from etl.reports import counted
from etl.sources.registry import SOURCES
from etl.sources.source import Source
from etl.store.months import stale_lists, stale_months
from etl.store.publish import present
from etl.store.reconciliation import hidden_shares, reconcile
from portalkompass.schema import (
    DAY_GRAINS,
    DEVICE_GRAINS,
    MONTH_GRAINS,
    SEARCH_GRAIN_DAYS,
    SEARCH_GRAIN_QUERIES,
    SEARCH_HOUR,
    TABLES,
)
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
            *(fault for source in SOURCES for fault in _ghosts(connection, source)),
            *(fault for source in SOURCES for fault in _ledger_sums(connection, source)),
            *_months(connection),
            *_clocks(connection),
        )
        warnings = reconcile(connection)
        hidden = hidden_shares(connection)
        rows = sum(_ask(connection, f'SELECT count(*) FROM "{table.name}"')[0] for table in DAY_GRAINS)
    summary = (
        f"Stand {snapshot.name}: {counted(rows, 'Zeile', 'Zeilen')} geprüft, keine Fehler, "
        f"{counted(len(warnings), 'Hinweis', 'Hinweise')}."
    )
    return Verification(faults, warnings, summary, hidden)


def _ask(connection: Connection, query: str, values: Sequence[str] = ()) -> tuple[Any, ...]:
    """The one row of the answer: how many there are, then an example."""
    answer: tuple[Any, ...] = connection.execute(query, list(values)).fetchall()[0]
    return answer


def _duplicates(connection: Connection) -> Iterator[str]:
    columns = _columns_present(connection)
    for table in present(connection, TABLES.values()):
        if not {(table.name, name) for name in table.key} <= columns:
            continue  # a snapshot of an older version
        keys = ", ".join(f'"{name}"' for name in table.key)
        count, example = _ask(
            connection,
            f"""
            SELECT count(*), min(key) FROM (
                SELECT concat_ws(' | ', {keys}) AS key FROM "{table.name}" GROUP BY {keys} HAVING count(*) > 1)
            """,
        )
        if count:
            told = counted(count, "Schlüssel kommt", "Schlüssel kommen")
            yield f"{table.name}: {told} mehrfach vor, zum Beispiel {example}."


def _impossible(connection: Connection) -> Iterator[str]:
    for table in present(connection, (*DAY_GRAINS, *DEVICE_GRAINS)):
        count, day = _ask(
            connection,
            f"""
            SELECT count(*), min(date) FROM "{table.name}"
            WHERE impressions < 0 OR clicks < 0 OR sum_position < -1e-6 OR impressions IS NULL OR clicks IS NULL
            """,
        )
        if count:
            told = counted(count, "Zeile", "Zeilen")
            yield f"{table.name}: {told} mit unmöglichen Werten, zuerst am {day:%d.%m.%Y}."


def _ghosts(connection: Connection, source: Source) -> Iterator[str]:
    """Days without an entry in the ledger; files that share a table with the source carry no ledger of days."""
    there = set(present(connection, [part.table for part in source.day_tables]))
    for part in source.day_tables:
        table = part.table
        if table not in there:
            continue
        shared = "source" in table.names
        slices = ", ".join(name for name in ("source", "site", "search_type") if name in table.names)
        count, day = _ask(
            connection,
            f"""
            SELECT count(*), min({part.day}) FROM "{table.name}"
            ANTI JOIN (SELECT {slices}, date AS {part.day} FROM ingest_ledger
                       WHERE source = $1 AND grain = $2 AND rows > 0) USING ({slices}, {part.day})
            {"WHERE source = $1" if shared else ""}
            """,
            [source.name, table.name],
        )
        if count:
            whose = f"{source.label}-" if shared else ""
            told = counted(count, f"{whose}Zeile", f"{whose}Zeilen")
            yield f"{table.name}: {told} an Tagen, die das Ladebuch nicht kennt, zuerst am {day:%d.%m.%Y}."


def _ledger_sums(connection: Connection, source: Source) -> Iterator[str]:
    """Only the ledger of clicks and impressions has sums to compare."""
    summed = [part.table for part in source.day_tables if "clicks" in part.table.names]
    for table in present(connection, summed):
        count, day = _ask(
            connection,
            f"""
            WITH facts AS (SELECT site, search_type, date, count(*) AS rows, sum(clicks) AS clicks,
                                  sum(impressions) AS impressions FROM "{table.name}" GROUP BY ALL)
            SELECT count(*), min(l.date) FROM ingest_ledger l LEFT JOIN facts f USING (site, search_type, date)
            WHERE l.source = $1 AND l.grain = $2 AND l.state <> 'failed'
              AND (coalesce(f.rows, 0) <> l.rows OR coalesce(f.clicks, 0) <> coalesce(l.clicks, 0)
                   OR coalesce(f.impressions, 0) <> coalesce(l.impressions, 0))
            """,
            [source.name, table.name],
        )
        if count:
            yield (
                f"{table.name}: an {counted(count, 'Tag', 'Tagen')} weichen Zeilen oder Summen vom Ladebuch ab, "
                f"zuerst am {day:%d.%m.%Y}."
            )


def _columns_present(connection: Connection) -> set[tuple[str, str]]:
    found = connection.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall()
    return {(table, column) for table, column in found}


def _clocks(connection: Connection) -> Iterator[str]:
    """Hours whose UTC and local time do not belong together; an older version stored the local time only."""
    if (SEARCH_HOUR.name, "hour_utc") not in _columns_present(connection):
        return
    moments = connection.execute("SELECT DISTINCT hour_utc, hour FROM search_hour ORDER BY ALL").fetchall()
    wrong = [local for utc, local in moments if utc is None or utc.minute or hour_at(utc).local != local]
    if wrong:
        told = counted(len(wrong), "Stunde passt", "Stunden passen")
        yield f"search_hour: {told} nicht zur Weltzeit, zuerst {wrong[0]:%d.%m.%Y %H:%M}."


def _months(connection: Connection) -> Iterator[str]:
    """Monthly sums that are not those of their days; a snapshot of an older version has none to check."""
    for days, months in MONTH_GRAINS.items():
        if months in present(connection, [months]) and (count := stale_months(connection, days)):
            yield f"{months.name}: {counted(count, 'Monat passt', 'Monate passen')} nicht zu seinen Tagen."
        lists = (SEARCH_GRAIN_DAYS, SEARCH_GRAIN_QUERIES)
        if len(present(connection, lists)) < len(lists):
            continue
        for table, count, one in zip(
            lists, stale_lists(connection, days), ("Tag", "Suchanfrage"), strict=True
        ):
            if count:
                several = {"Tag": "Tage passen", "Suchanfrage": "Suchanfragen passen"}[one]
                yield f"{table.name}: {counted(count, f'{one} passt', several)} nicht zu {days}."
