"""Fetched days -> warehouse: whole days replaced in one transaction, together with their ledger rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from etl.sources.matomo.page_reports import PageFigures
from etl.sources.matomo.plan import SOURCE
from etl.store.ledger import Run, utc_now
from etl.store.load import append, transaction
from portalkompass.schema import INGEST_LEDGER, PORTAL_PAGE, PORTAL_SITE_DAY, Table

ORIGIN = "api"
_MEASURES = ("unique_page_views", "page_views", "service_starts", "applications")


@dataclass(frozen=True, slots=True)
class DayRows:
    """A complete day. One without visits, views and pages is empty: an outage must not look like a zero."""

    day: dt.date
    provisional: bool
    visits: int
    page_views: int
    pages: Mapping[str, PageFigures]

    @property
    def has_data(self) -> bool:
        """Whether anything was counted on the day."""
        return bool(self.visits or self.page_views or self.pages)

    @property
    def row_count(self) -> int:
        """Rows over both grains."""
        return len(self.pages) + self.has_data

    def state(self, rows: int) -> str:
        """The ledger's word for a grain of this day."""
        if self.provisional:
            return "provisional"
        return "final" if rows else "empty"


def store(
    connection: duckdb.DuckDBPyConnection, run: Run, days: Sequence[DayRows], today: dt.date | None = None
) -> None:
    """Replace these days of the run's property and note them in the ledger, in one transaction."""
    dates = [day.day for day in days]
    with transaction(connection):
        for table, column in (
            (PORTAL_PAGE, "period_start"),
            (PORTAL_SITE_DAY, "date"),
            (INGEST_LEDGER, "date"),
        ):
            _delete_days(connection, table, column, run.site, dates)
        append(connection, PORTAL_PAGE, _with_texts(_page_rows(days), run, import_id=run.run_id))
        append(connection, PORTAL_SITE_DAY, _with_texts(_site_rows(days), run, import_id=run.run_id))
        append(connection, INGEST_LEDGER, _ledger_rows(days, run, utc_now(today)))


def _delete_days(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, site: str, dates: Sequence[dt.date]
) -> None:
    connection.execute(
        f'DELETE FROM "{table.name}" WHERE source = ? AND site = ? AND "{column}" IN (SELECT unnest(?::DATE[]))',
        [SOURCE, site, list(dates)],
    )


def _page_rows(days: Sequence[DayRows]) -> pa.Table:
    rows = [(day.day, page, figures) for day in days for page, figures in sorted(day.pages.items())]
    dates = pa.array([day for day, _, _ in rows], pa.date32())
    measures = {
        name: pa.array([getattr(figures, name) for _, _, figures in rows], pa.int64()) for name in _MEASURES
    }
    pages = pa.array([page for _, page, _ in rows], pa.string())
    return pa.table({"period_start": dates, "period_end": dates, "url": pages, **measures})


def _site_rows(days: Sequence[DayRows]) -> pa.Table:
    with_data = [day for day in days if day.has_data]
    return pa.table(
        {
            "date": pa.array([day.day for day in with_data], pa.date32()),
            "visits": pa.array([day.visits for day in with_data], pa.int64()),
            "page_views": pa.array([day.page_views for day in with_data], pa.int64()),
        }
    )


def _ledger_rows(days: Sequence[DayRows], run: Run, fetched_at: dt.datetime) -> pa.Table:
    """One row per day and grain; an empty day is noted too, so that it is not asked for again."""
    entries = [
        (day, table.name, rows)
        for day in days
        for table, rows in ((PORTAL_PAGE, len(day.pages)), (PORTAL_SITE_DAY, int(day.has_data)))
    ]
    table = pa.table(
        {
            "date": pa.array([day.day for day, _, _ in entries], pa.date32()),
            "grain": pa.array([grain for _, grain, _ in entries], pa.string()),
            "state": pa.array([day.state(rows) for day, _, rows in entries], pa.string()),
            "rows": pa.array([rows for _, _, rows in entries], pa.int64()),
            "fetched_at": pa.array([fetched_at] * len(entries), pa.timestamp("us")),
        }
    )
    return _with_texts(table, run, search_type="", origin=ORIGIN, run_id=run.run_id)


def _with_texts(table: pa.Table, run: Run, **texts: str) -> pa.Table:
    for name, value in {"source": SOURCE, "site": run.site, **texts}.items():
        table = table.append_column(name, pa.repeat(pa.scalar(value, pa.string()), table.num_rows))
    return table
