"""Integrity (faults) and reconciliation (warnings with figures) of the published snapshot.

Integrity: no key twice, no impossible value, no rows of a day that the ledger does not know (ghosts), and
the ledger's sums equal the rows. Reconciliation compares grains that Google counts differently: listed queries
may not exceed the total, pages may not fall below it, segments must give the total's position. Capped days are
exempt there, because Google cut them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from etl.hidden_shares import hidden_shares
from etl.months import stale_months
from etl.reports import counted
from portalkompass.schema import DAY_GRAINS, MONTH_GRAINS, TABLES
from portalkompass.settings import Settings
from portalkompass.snapshots import published

API_TOLERANCE = 0.01
UI_EXPORT_TOLERANCE = 0.05
_SHOWN = 5


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


def reconcile(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Warnings where the grains of a month do not fit together; works on any open warehouse."""
    return (
        *_queries_within_total(connection),
        *_pages_cover_total(connection),
        *_segment_positions(connection),
        *_window_positions(connection),
    )


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


_UNCAPPED_MONTHS = """
    WITH cut AS (SELECT DISTINCT site, search_type, date FROM ingest_ledger WHERE capped),
    total AS (SELECT site, search_type, date, impressions, clicks, sum_position FROM search_site_day
              ANTI JOIN cut USING (site, search_type, date)),
    part AS (SELECT site, search_type, date, sum(impressions) AS impressions, sum(clicks) AS clicks,
                    sum(sum_position) AS sum_position FROM {part} GROUP BY ALL),
    months AS (SELECT t.site, t.search_type, date_trunc('month', date)::DATE AS month,
                      sum(t.clicks)::BIGINT AS total_clicks, sum(p.clicks)::BIGINT AS part_clicks,
                      sum(t.sum_position) / nullif(sum(t.impressions), 0) + 1 AS total_position,
                      sum(p.sum_position) / nullif(sum(p.impressions), 0) + 1 AS part_position
               FROM total t JOIN part p USING (site, search_type, date) GROUP BY ALL)
    SELECT site, search_type, month, total_clicks, part_clicks, total_position, part_position
    FROM months WHERE {condition} ORDER BY ALL
"""


def _queries_within_total(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        _UNCAPPED_MONTHS.format(part="search_query_day", condition="part_clicks > total_clicks")
    ).fetchall()
    return _limited(
        f"{site} {month:%m/%Y}: Suchanfragen ergeben {counted(part, 'Klick', 'Klicks')}, die Property nur {total}."
        for site, _, month, total, part, _, _ in rows
    )


def _pages_cover_total(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        _UNCAPPED_MONTHS.format(part="search_page_day", condition="part_clicks < total_clicks")
    ).fetchall()
    return _limited(
        f"{site} {month:%m/%Y}: Seiten ergeben nur {counted(part, 'Klick', 'Klicks')}, die Property {total}."
        for site, _, month, total, part, _, _ in rows
    )


def _segment_positions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        _UNCAPPED_MONTHS.format(
            part="search_segment_day",
            condition=f"abs(total_position - part_position) > {API_TOLERANCE}",
        )
    ).fetchall()
    return _limited(
        f"{site} {month:%m/%Y}: Position aus Ländern und Geräten {part:.2f}, aus der Property {total:.2f}."
        for site, _, month, _, _, total, part in rows
    )


def _window_positions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """UI exports: days, countries and devices of one file should give one position."""
    rows = connection.execute(
        """
        WITH sums AS (SELECT import_id, site, file_name, table_name,
                             sum(sum_position) / nullif(sum(impressions), 0) + 1 AS position
                      FROM search_window WHERE table_name IN ('days', 'countries', 'devices') GROUP BY ALL)
        SELECT site, file_name, max(position), min(position) FROM sums GROUP BY import_id, site, file_name
        HAVING max(position) - min(position) > ? ORDER BY ALL
        """,
        [UI_EXPORT_TOLERANCE],
    ).fetchall()
    return _limited(
        f"{site}, Export {name}: Position je nach Tabelle {low:.2f} bis {high:.2f}."
        for site, name, high, low in rows
    )


def _limited(sentences: Iterable[str]) -> list[str]:
    """The first few sentences and how many more there are."""
    listed = list(sentences)
    more = len(listed) - _SHOWN
    return [*listed[:_SHOWN], f"… und {more} weitere dieser Art."] if more > 0 else listed
