"""Load a UI export: its tables as one window, its days where no better source has them."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from etl.reports import SAMPLE_ROWS, ImportReport, counted, german_day
from etl.sources.balance import Balance, contained
from etl.sources.file_kind import delete_import, delete_rows
from etl.sources.search_console.grains import SOURCE
from etl.sources.search_console.ui_export.export_hours import fill_hours, take_back_hours
from etl.sources.search_console.ui_export.export_rows import UiExport, WindowRow
from etl.store.ledger import Run, keep_aside, utc_now
from etl.store.load import append, rows_of
from portalkompass.schema import INGEST_LEDGER, SEARCH_SITE_DAY, SEARCH_WINDOW
from portalkompass.settings import Settings

ORIGIN = "ui_export"


def report_of(connection: duckdb.DuckDBPyConnection, export: UiExport) -> ImportReport:
    """What loading the export would do; writes nothing."""
    days = _days(export)
    taken = _taken_days(connection, export)
    new = [day for day in days["date"].to_pylist() if day not in taken]
    label = f"Export der Search Console für {export.site} ({export.search_type})"
    if export.period:
        label += f" vom {german_day(export.period[0])} bis {german_day(export.period[1])}"
    message = f"{label}: {counted(export.rows_in - len(export.rejected), 'Zeile', 'Zeilen')}"
    if hours := len(export.tables.get("hours", [])):
        message += f", davon {counted(hours, 'Stunde', 'Stunden')} als Stundenwerte"
    if days.num_rows:
        message += f", davon {counted(len(new), 'Tag', 'Tage')} in die Tageswerte übernommen"
        if len(new) < days.num_rows:
            present = counted(days.num_rows - len(new), "Tag lag", "Tage lagen")
            stay = "bleibt" if days.num_rows - len(new) == 1 else "bleiben"
            message += f" ({present} schon aus der Schnittstelle vor und {stay})"
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
        rows_loaded=export.rows_in - len(export.rejected),
        rows_rejected=len(export.rejected),
        message=f"{message}.",
        warnings=export.warnings,
        sample=tuple(sample),
        contained=contained(_balance(export)),
    )


def _balance(export: UiExport) -> Balance:
    """All rows; as sum the clicks of the chart, else of the first table: several tables hold the same clicks."""
    chart = export.tables.get("days") or export.tables.get("hours") or next(iter(export.tables.values()), [])
    clicks = sum(row.clicks for row in chart)
    return Balance("Klicks", export.rows_in, export.rows_in - len(export.rejected), clicks, clicks)


def store(connection: duckdb.DuckDBPyConnection, export: UiExport, settings: Settings, run: Run) -> None:
    """Load the export into an open draft, inside the caller's transaction."""
    _replace_window(connection, export, run)
    if export.daily:
        _fill_days(connection, export, run, utc_now(settings.today))
    if export.tables.get("hours") and not export.filters:
        fill_hours(connection, export, run, settings)
    keep_aside(connection, run, export.rejected)


def take_back(connection: duckdb.DuckDBPyConnection, run_id: str, _settings: Settings) -> int:
    """Its window, and its days: those of its ledger entries, and those it listed without one.

    A day that the API failed to fetch keeps the API's entry, so the export's own list names it.
    """
    days = delete_rows(
        connection,
        SEARCH_SITE_DAY,
        """
        d.origin = 'ui_export' AND (
          EXISTS (SELECT 1 FROM ingest_ledger l WHERE l.run_id = $1 AND l.grain = 'search_site_day'
                  AND l.site = d.site AND l.search_type = d.search_type AND l.date = d.date)
          OR (EXISTS (SELECT 1 FROM search_window w WHERE w.import_id = $1 AND w.table_name = 'days'
                      AND w.site = d.site AND w.search_type = d.search_type
                      AND try_cast(w.key AS DATE) = d.date)
              AND NOT EXISTS (SELECT 1 FROM ingest_ledger l WHERE l.origin = 'ui_export'
                              AND l.grain = 'search_site_day' AND l.site = d.site
                              AND l.search_type = d.search_type AND l.date = d.date)))
        """,
        [run_id],
    )
    return days + take_back_hours(connection, run_id) + delete_import(connection, SEARCH_WINDOW, run_id)


def _replace_window(connection: duckdb.DuckDBPyConnection, export: UiExport, run: Run) -> None:
    """The same table of the same property, search type, period and filters is replaced."""
    start, end = export.period or (None, None)
    for table, rows in export.tables.items():
        if table == "hours":
            continue
        connection.execute(
            """
            DELETE FROM search_window
            WHERE site = ? AND search_type = ? AND table_name = ? AND coalesce(filters, '') = ?
              AND period_start IS NOT DISTINCT FROM ? AND period_end IS NOT DISTINCT FROM ?
            """,
            [export.site, export.search_type, table, export.filters, start, end],
        )
        constants = {
            "import_id": run.run_id,
            "site": export.site,
            "search_type": export.search_type,
            "table_name": table,
            "period_start": start,
            "period_end": end,
            "filters": export.filters,
            "file_name": export.file_name,
        }
        values = [_figures(row) | {"key": row.key} for row in rows]
        append(connection, SEARCH_WINDOW, rows_of(SEARCH_WINDOW, values, **constants))


def _figures(row: WindowRow) -> dict[str, object]:
    return {"impressions": row.impressions, "clicks": row.clicks, "sum_position": row.sum_position}


def _days(export: UiExport) -> pa.Table:
    rows = [
        _figures(row) | {"date": row.period[0]}
        for row in (export.tables.get("days", []) if export.daily else [])
        if row.period
    ]
    constants = {"site": export.site, "search_type": export.search_type, "origin": ORIGIN}
    return rows_of(SEARCH_SITE_DAY, rows, **constants)


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
