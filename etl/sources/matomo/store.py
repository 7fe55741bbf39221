"""Fetched days -> warehouse: whole days replaced in one transaction, together with their ledger rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from duckdb import DuckDBPyConnection as Connection

from etl.sources.matomo.page_reports import PageFigures
from etl.sources.matomo.plan import SOURCE
from etl.store.ledger import Run, ledger_rows
from etl.store.load import append, rows_of, transaction
from portalkompass.schema import INGEST_LEDGER, PORTAL_PAGE, PORTAL_SEARCH, PORTAL_SITE_DAY

ORIGIN = "api"
SILENT = "Matomo nennt für den Tag keine einzige Zahl."
"""Kept beside days answered with empty lists only: no visits, or an archive that is not ready."""


@dataclass(frozen=True, slots=True)
class DayRows:
    """A complete day. One without visits, views and pages is empty: an outage must not look like a zero.

    ``silent`` as `DayReports.silent`.
    """

    day: dt.date
    provisional: bool
    visits: int
    page_views: int
    pages: Mapping[str, PageFigures]
    silent: bool = False
    searches: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By report and word (`portal_search`)."""

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
    connection: Connection, run: Run, days: Sequence[DayRows], window: dt.date, today: dt.date | None = None
) -> list[dt.date]:
    """Replace these days of the run's property and note them in the ledger, in one transaction.

    Returns every silent day of the property that is doubted now (see `_judge_silence`), in order.
    """
    dates = [day.day for day in days]
    marked = {"source": SOURCE, "site": run.site, "import_id": run.run_id}
    with transaction(connection):
        for table, column, rows in (
            (PORTAL_PAGE, "period_start", rows_of(PORTAL_PAGE, _page_rows(days), **marked)),
            (PORTAL_SITE_DAY, "date", rows_of(PORTAL_SITE_DAY, _site_rows(days), **marked)),
            (PORTAL_SEARCH, "period_start", rows_of(PORTAL_SEARCH, _search_rows(days), **marked)),
            (INGEST_LEDGER, "date", ledger_rows(run, _entries(days), today, origin=ORIGIN)),
        ):
            connection.execute(
                f'DELETE FROM "{table.name}" WHERE source = ? AND site = ? '
                f'AND "{column}" IN (SELECT unnest(?::DATE[]))',
                [SOURCE, run.site, dates],
            )
            append(connection, table, rows)
        return _judge_silence(connection, run.site, window)


def with_figures(connection: Connection, site: str, days: Sequence[dt.date]) -> set[dt.date]:
    """Which of the days hold figures that an earlier run loaded."""
    rows = connection.execute(
        "SELECT date FROM portal_site_day WHERE source = ? AND site = ? AND date IN (SELECT unnest(?::DATE[]))",
        [SOURCE, site, list(days)],
    ).fetchall()
    return {day for (day,) in rows}


def _judge_silence(connection: Connection, site: str, window: dt.date) -> list[dt.date]:
    """Note the silent days that are probably not archived yet as failed, the other ones as empty.

    A silent day is doubted if there are visits on days before it, and after it or in the window that begins
    with ``window``: nothing after an open end tells a portal that is no longer counted from one not archived.
    Returns the doubted days in order.
    """
    connection.execute(
        """
        UPDATE ingest_ledger SET state = CASE
            WHEN date > known.first AND (date < known.last OR date >= $4) THEN 'failed' ELSE 'empty' END
        FROM (SELECT min(date) AS first, max(date) AS last FROM portal_site_day
              WHERE source = $1 AND site = $2 AND visits > 0) AS known
        WHERE source = $1 AND site = $2 AND error = $3 AND state IN ('empty', 'failed')
        """,
        [SOURCE, site, SILENT, window],
    )
    rows = connection.execute(
        """
        SELECT DISTINCT date FROM ingest_ledger
        WHERE source = ? AND site = ? AND error = ? AND state = 'failed' ORDER BY date
        """,
        [SOURCE, site, SILENT],
    ).fetchall()
    return [day for (day,) in rows]


def _page_rows(days: Sequence[DayRows]) -> Iterator[dict[str, object]]:
    for day in days:
        for page, figures in sorted(day.pages.items()):
            yield {"period_start": day.day, "period_end": day.day, "url": page, **vars(figures)}


def _search_rows(days: Sequence[DayRows]) -> Iterator[dict[str, object]]:
    for day in days:
        for (report, word), searches in sorted(day.searches.items()):
            yield {
                "period_start": day.day,
                "period_end": day.day,
                "report": report,
                "keyword": word,
                "searches": searches,
            }


def _site_rows(days: Sequence[DayRows]) -> Iterator[dict[str, object]]:
    for day in days:
        if day.has_data:
            yield {"date": day.day, "visits": day.visits, "page_views": day.page_views}


def _entries(days: Sequence[DayRows]) -> Iterator[dict[str, object]]:
    """One row per day and grain; an empty day is noted too, so that it is not asked for again."""
    for day in days:
        for table, rows in ((PORTAL_PAGE, len(day.pages)), (PORTAL_SITE_DAY, int(day.has_data))):
            entry = {"date": day.day, "grain": table.name, "state": day.state(rows), "rows": rows}
            yield entry | ({"error": SILENT} if day.silent else {})
