"""Hours of an export's 24-hour chart: they fill only hours that the API does not have."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from etl.files.hours import parse_hour
from etl.sources.file_kind import delete_rows
from etl.sources.search_console.ui_export.export_rows import UiExport
from etl.store.ledger import Run, ledger_rows
from etl.store.load import append, rows_of
from portalkompass.schema import INGEST_LEDGER, SEARCH_HOUR
from portalkompass.settings import Settings

ORIGIN = "ui_export"


def fill_hours(connection: duckdb.DuckDBPyConnection, export: UiExport, run: Run, settings: Settings) -> None:
    """Replace hours of earlier exports within this one's, then fill what is free; noted by day in the ledger."""
    hours = _hours(export)
    key = [export.site, export.search_type]
    moments = hours["hour_utc"].to_pylist()
    connection.execute(
        "DELETE FROM search_hour WHERE site = ? AND search_type = ? AND origin = 'ui_export' "
        "AND hour_utc IN (SELECT unnest(?::TIMESTAMP[]))",
        [*key, moments],
    )
    taken = {
        row[0]
        for row in connection.execute(
            "SELECT hour_utc FROM search_hour WHERE site = ? AND search_type = ?", key
        ).fetchall()
    }
    free = hours.filter(pa.array([moment not in taken for moment in moments], pa.bool_()))
    append(connection, SEARCH_HOUR, free)
    days = sorted({moment.date() for moment in free["hour"].to_pylist()})
    connection.execute(
        "DELETE FROM ingest_ledger WHERE source = ? AND site = ? AND search_type = ? AND grain = 'search_hour' "
        "AND origin = 'ui_export' AND date IN (SELECT unnest(?::DATE[]))",
        [run.source, *key, days],
    )
    entries = [
        {"date": day, "rows": sum(moment.date() == day for moment in free["hour"].to_pylist())}
        for day in days
        if not _noted(connection, run.source, key, day)
    ]
    constants = {"grain": SEARCH_HOUR.name, "state": "final", "search_type": export.search_type}
    append(connection, INGEST_LEDGER, ledger_rows(run, entries, settings.today, origin=ORIGIN, **constants))


def take_back_hours(connection: duckdb.DuckDBPyConnection, run_id: str) -> int:
    """Delete and count the hours of the days that the ledger still ascribes to this import."""
    return delete_rows(
        connection,
        SEARCH_HOUR,
        """
        d.origin = 'ui_export' AND EXISTS (
            SELECT 1 FROM ingest_ledger l WHERE l.run_id = ? AND l.grain = 'search_hour' AND l.origin = 'ui_export'
            AND l.site = d.site AND l.search_type = d.search_type AND l.date = d.hour::DATE)
        """,
        [run_id],
    )


def _hours(export: UiExport) -> pa.Table:
    """Rows of ``search_hour``."""
    read = [(parse_hour(f"{row.key}Z"), row) for row in export.tables["hours"]]
    hours = [
        {
            "hour_utc": hour.utc,
            "hour": hour.local,
            "impressions": row.impressions,
            "clicks": row.clicks,
            "sum_position": row.sum_position,
        }
        for hour, row in read
    ]
    constants = {"site": export.site, "search_type": export.search_type, "origin": ORIGIN}
    return rows_of(SEARCH_HOUR, hours, **constants)


def _noted(connection: duckdb.DuckDBPyConnection, source: str, key: list[str], day: dt.date) -> bool:
    """Whether the ledger has an entry of the API for the hours of that day."""
    found = connection.execute(
        "SELECT count(*) FROM ingest_ledger WHERE source = ? AND site = ? AND search_type = ? "
        "AND grain = 'search_hour' AND date = ?",
        [source, *key, day],
    ).fetchall()
    return bool(found[0][0])
