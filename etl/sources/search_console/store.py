"""Fetched days -> warehouse: whole days replaced in one transaction, together with their ledger rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection as Connection

from etl.sources.retries import Stopped
from etl.sources.search_console.fetch import Slice
from etl.sources.search_console.grains import SOURCE, Grain
from etl.sources.search_console.plan import Due
from etl.sources.search_console.positions import sum_position
from etl.store.ledger import Run, ledger_rows
from etl.store.load import append, rows_of, transaction, with_texts
from portalkompass.schema import DAY_GRAINS, DEVICE_GRAINS, INGEST_LEDGER, SEARCH_SITE_DAY, Table

ORIGIN = "api"
_DAY_TABLES = (*DAY_GRAINS, *DEVICE_GRAINS)


@dataclass(frozen=True, slots=True)
class DayRows:
    """A complete day: its totals (in ``due``) and the rows of every grain; no slices = no data."""

    due: Due
    slices: tuple[Slice, ...]

    @property
    def row_count(self) -> int:
        """Rows over all grains, the day's total included."""
        listed: int = sum(part.rows.num_rows for part in self.slices)
        return listed + (1 if self.due.totals else 0)

    @property
    def capped(self) -> bool:
        """Whether Google cut any grain of the day."""
        return any(part.capped for part in self.slices)


class SliceFailed(Stopped):
    """A slice could not be fetched with all tries; the run stops here and a later one goes on."""

    def __init__(self, sentence: str, day: dt.date, grain: str) -> None:
        super().__init__(sentence)
        self.day = day
        self.grain = grain


def store(
    connection: Connection,
    run: Run,
    search_type: str,
    days: Sequence[DayRows],
    grains: Sequence[Grain],
    first_incomplete: dt.date | None,
    today: dt.date | None = None,
) -> None:
    """Replace these days of the run's property in every grain that was fetched of them and note them in the ledger.

    In one transaction. ``grains`` are all that are wanted: a day without data lacks none of them.
    """
    with transaction(connection):
        for table in _DAY_TABLES:
            dates = [day.due.day for day in days if day.due.takes(table.name)]
            _delete_days(connection, table, run.site, search_type, dates)
            connection.execute(
                "DELETE FROM ingest_ledger WHERE source = ? AND site = ? AND search_type = ? AND grain = ? "
                "AND date IN (SELECT unnest(?::DATE[]))",
                [SOURCE, run.site, search_type, table.name, dates],
            )
        for table, rows in _tables(run.site, search_type, days):
            append(connection, table, rows)
        constants = {"search_type": search_type, "origin": ORIGIN, "first_incomplete_date": first_incomplete}
        append(connection, INGEST_LEDGER, ledger_rows(run, _entries(grains, days), today, **constants))


def forget(connection: Connection, site: str, search_type: str, dates: Sequence[dt.date]) -> None:
    """Remove days that Google has withdrawn, rows and ledger alike."""
    if not dates:
        return
    with transaction(connection):
        for table in (*_DAY_TABLES, INGEST_LEDGER):
            _delete_days(connection, table, site, search_type, dates)


def note_failure(
    connection: Connection, run: Run, search_type: str, failed: SliceFailed, today: dt.date | None = None
) -> None:
    """Note why a slice is missing; what an earlier run loaded of it stays and stays noted as it is."""
    of_run = {"source": SOURCE, "site": run.site, "search_type": search_type}
    key = of_run | {"grain": failed.grain, "date": failed.day}
    where = " AND ".join(f"{name} = ?" for name in key)
    with transaction(connection):
        connection.execute(
            f"DELETE FROM ingest_ledger WHERE {where} AND state = 'failed'", list(key.values())
        )
        noted = connection.execute(f"SELECT count(*) FROM ingest_ledger WHERE {where}", list(key.values()))
        if noted.fetchall() == [(0,)]:
            entry = key | {"state": "failed", "rows": 0, "error": str(failed)}
            append(connection, INGEST_LEDGER, ledger_rows(run, [entry], today, origin=ORIGIN))


def keyed(rows: pa.Table, site: str, search_type: str) -> pa.Table:
    """The rows with the columns that are the same in all of them; countries without devices are Discover's."""
    no_device = {"device": ""} if "country" in rows.column_names and "device" not in rows.column_names else {}
    return with_texts(rows, site=site, search_type=search_type, origin=ORIGIN, **no_device)


def _tables(site: str, search_type: str, days: Sequence[DayRows]) -> Iterator[tuple[Table, pa.Table]]:
    totals = [
        {
            "date": day.due.day,
            "impressions": day.due.totals.impressions,
            "clicks": day.due.totals.clicks,
            "sum_position": sum_position(day.due.totals.position, day.due.totals.impressions),
        }
        for day in days
        if day.due.totals and day.due.takes(SEARCH_SITE_DAY.name)
    ]
    constants = {"site": site, "search_type": search_type, "origin": ORIGIN}
    yield SEARCH_SITE_DAY, rows_of(SEARCH_SITE_DAY, totals, **constants)
    parts: dict[Table, list[pa.Table]] = {}
    for day in days:
        for part in day.slices:
            date = pa.repeat(pa.scalar(day.due.day, pa.date32()), part.rows.num_rows)
            parts.setdefault(part.grain.table, []).append(part.rows.append_column("date", date))
    for table, rows in parts.items():
        yield table, keyed(pa.concat_tables(rows), site, search_type)


def _delete_days(
    connection: Connection, table: Table, site: str, search_type: str, dates: Sequence[dt.date]
) -> None:
    """Of the ledger only the entries of whole days: appearances and hours are noted apart."""
    of_days = f"AND source = '{SOURCE}' AND grain NOT IN ('search_appearance_day', 'search_hour')"
    connection.execute(
        f'DELETE FROM "{table.name}" WHERE site = ? AND search_type = ? '
        f"{of_days if table is INGEST_LEDGER else ''} AND date IN (SELECT unnest(?::DATE[]))",
        [site, search_type, list(dates)],
    )


def _entries(grains: Sequence[Grain], days: Sequence[DayRows]) -> Iterator[dict[str, object]]:
    """One ledger row per day and grain; an empty slice is noted too, so that it is not asked for again."""
    for day in days:
        totals = day.due.totals
        if totals is None:
            for table in (SEARCH_SITE_DAY, *(grain.table for grain in grains)):
                yield {"date": day.due.day, "grain": table.name, "state": "empty", "rows": 0, "capped": False}
            continue
        counts = {"rows": 1, "clicks": totals.clicks, "impressions": totals.impressions, "capped": False}
        if day.due.takes(SEARCH_SITE_DAY.name):
            yield {"date": day.due.day, "grain": SEARCH_SITE_DAY.name, "state": day.due.state, **counts}
        for part in day.slices:
            yield {
                "date": day.due.day,
                "grain": part.grain.table.name,
                "state": _slice_state(day.due, part),
                "rows": part.rows.num_rows,
                **{name: pc.sum(part.rows[name]).as_py() for name in ("clicks", "impressions")},
                "capped": part.capped,
            }


def _slice_state(due: Due, part: Slice) -> str:
    if due.state == "provisional":
        return "provisional"
    if part.capped:
        return "capped"
    return "final" if part.rows.num_rows else "empty"
