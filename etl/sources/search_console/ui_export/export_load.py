"""Load a UI export: its tables as one window, its days where no better source has them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from etl.reports import SAMPLE_ROWS, ImportReport, counted, german_day
from etl.sources.search_console.plan import SOURCE
from etl.store.ledger import Outcome, Run, finish_run, start_run, utc_now
from etl.store.load import append
from portalkompass.schema import INGEST_LEDGER, SEARCH_SITE_DAY, SEARCH_WINDOW
from portalkompass.settings import Settings

if TYPE_CHECKING:
    from etl.sources.search_console.ui_export.export_rows import UiExport

ORIGIN = "ui_export"


def check(connection: duckdb.DuckDBPyConnection, export: UiExport, settings: Settings) -> ImportReport:
    """What loading the export would do; writes nothing."""
    days = _days(export)
    taken = _taken_days(connection, export)
    new = [day for day in days["date"].to_pylist() if day not in taken]
    label = f"Export der Search Console für {export.site} ({export.search_type})"
    if export.period:
        label += f" vom {german_day(export.period[0])} bis {german_day(export.period[1])}"
    message = f"{label}: {counted(export.rows_in, 'Zeile', 'Zeilen')}"
    if days.num_rows:
        message += f", davon {counted(len(new), 'Tag', 'Tage')} in die Tageswerte übernommen"
        if len(new) < days.num_rows:
            known = counted(days.num_rows - len(new), "Tag lag", "Tage lagen")
            stay = "bleibt" if days.num_rows - len(new) == 1 else "bleiben"
            message += f" ({known} schon aus der Schnittstelle vor und {stay})"
    sample = [
        {"table": table, "key": row.key, "clicks": row.clicks, "impressions": row.impressions}
        for table, rows in export.tables.items()
        for row in rows[:SAMPLE_ROWS]
    ]
    return ImportReport(
        kind="search_console_export",
        file_name=export.file_name,
        source=SOURCE,
        site=export.site,
        period_start=export.period[0] if export.period else None,
        period_end=export.period[1] if export.period else None,
        rows_in=export.rows_in,
        rows_loaded=export.rows_in,
        rows_rejected=0,
        message=f"{message}.",
        warnings=export.warnings,
        sample=tuple(sample),
    )


def load(connection: duckdb.DuckDBPyConnection, export: UiExport, settings: Settings) -> ImportReport:
    """Load the export into an open draft, inside the caller's transaction."""
    report = check(connection, export, settings)
    run = start_run(SOURCE, site=export.site, file_name=export.file_name)
    _replace_window(connection, export, run)
    if export.daily:
        _fill_days(connection, export, run, utc_now(settings.today))
    outcome = Outcome(
        "done",
        report.message,
        rows_in=report.rows_in,
        rows_loaded=report.rows_loaded,
        first_date=report.period_start,
        last_date=report.period_end,
    )
    finish_run(connection, run, outcome)
    return report.loaded_by(run.run_id)


def _replace_window(connection: duckdb.DuckDBPyConnection, export: UiExport, run: Run) -> None:
    """The same table of the same property, search type, period and filters is replaced."""
    start, end = export.period or (None, None)
    for table, rows in export.tables.items():
        connection.execute(
            """
            DELETE FROM search_window
            WHERE site = ? AND search_type = ? AND table_name = ? AND coalesce(filters, '') = ?
              AND period_start IS NOT DISTINCT FROM ? AND period_end IS NOT DISTINCT FROM ?
            """,
            [export.site, export.search_type, table, export.filters, start, end],
        )
        constants: dict[str, object] = {
            "import_id": run.run_id,
            "site": export.site,
            "search_type": export.search_type,
            "table_name": table,
            "period_start": start,
            "period_end": end,
            "filters": export.filters,
            "file_name": export.file_name,
        }
        values = [
            constants
            | {
                "key": row.key,
                "impressions": row.impressions,
                "clicks": row.clicks,
                "sum_position": row.sum_position,
            }
            for row in rows
        ]
        append(connection, SEARCH_WINDOW, pa.Table.from_pylist(values, schema=_WINDOW_TYPES))


_TYPES = {"VARCHAR": pa.string(), "DATE": pa.date32(), "BIGINT": pa.int64(), "DOUBLE": pa.float64()}
_WINDOW_TYPES = pa.schema([(column.name, _TYPES[column.type]) for column in SEARCH_WINDOW.columns])
_DAY_TYPES = pa.schema([(column.name, _TYPES[column.type]) for column in SEARCH_SITE_DAY.columns])


def _days(export: UiExport) -> pa.Table:
    rows = [
        {
            "site": export.site,
            "search_type": export.search_type,
            "date": row.period[0],
            "impressions": row.impressions,
            "clicks": row.clicks,
            "sum_position": row.sum_position,
            "origin": ORIGIN,
        }
        for row in (export.tables.get("days", []) if export.daily else [])
        if row.period
    ]
    return pa.Table.from_pylist(rows, schema=_DAY_TYPES)


def _taken_days(connection: duckdb.DuckDBPyConnection, export: UiExport) -> set[dt.date]:
    """Days that the API or the bulk export has, an empty answer included: they are never overwritten."""
    rows = connection.execute(
        """
        SELECT date FROM search_site_day WHERE site = $1 AND search_type = $2 AND origin <> $3
        UNION
        SELECT date FROM ingest_ledger
        WHERE source = $4 AND site = $1 AND search_type = $2 AND grain = 'search_site_day'
          AND origin <> $3 AND state <> 'failed'
        """,
        [export.site, export.search_type, ORIGIN, SOURCE],
    ).fetchall()
    return {row[0] for row in rows}


def _fill_days(
    connection: duckdb.DuckDBPyConnection, export: UiExport, run: Run, fetched_at: dt.datetime
) -> None:
    """Replace the days of earlier UI exports within the chart's period, then fill what is free."""
    for table in (SEARCH_SITE_DAY, INGEST_LEDGER):
        connection.execute(
            f'DELETE FROM "{table.name}" WHERE site = ? AND search_type = ? AND origin = ? '
            "AND date BETWEEN ? AND ?",
            [export.site, export.search_type, ORIGIN, *(export.period or (None, None))],
        )
    taken = _taken_days(connection, export)
    days = _days(export)
    free = days.filter(pa.array([day not in taken for day in days["date"].to_pylist()], pa.bool_()))
    append(connection, SEARCH_SITE_DAY, free)
    connection.register("filled_days", free)
    connection.execute(
        """
        INSERT INTO ingest_ledger BY NAME
        SELECT ? AS source, site, search_type, 'search_site_day' AS grain, date, 'final' AS state,
               1 AS rows, clicks, impressions, false AS capped, origin, ? AS fetched_at, ? AS run_id
        FROM filled_days AS d
        WHERE NOT EXISTS (
            SELECT 1 FROM ingest_ledger AS l
            WHERE l.source = ? AND l.site = d.site AND l.search_type = d.search_type
              AND l.grain = 'search_site_day' AND l.date = d.date)
        """,
        [SOURCE, fetched_at, run.run_id, SOURCE],
    )
    connection.unregister("filled_days")
