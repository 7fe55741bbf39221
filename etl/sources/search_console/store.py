"""Fetched days -> warehouse: whole days replaced in one transaction, together with their ledger rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from etl.sources.search_console.client import Stopped
from etl.sources.search_console.fetch import Slice
from etl.sources.search_console.grains import day_grains
from etl.sources.search_console.plan import SOURCE, Due
from etl.store.ledger import Run, utc_now
from etl.store.load import append, transaction
from portalkompass.schema import INGEST_LEDGER, SEARCH_SITE_DAY, Table

ORIGIN = "api"


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
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    site: str,
    search_type: str,
    days: Sequence[DayRows],
    first_incomplete: dt.date | None,
    today: dt.date | None = None,
) -> None:
    """Replace these days in every grain and note them in the ledger, in one transaction."""
    dates = [day.due.day for day in days]
    with transaction(connection):
        for table, rows in _tables(site, search_type, days):
            _replace_days(connection, table, site, search_type, dates, rows)
        _note(connection, run, site, search_type, days, first_incomplete, today)


def forget(
    connection: duckdb.DuckDBPyConnection, site: str, search_type: str, dates: Sequence[dt.date]
) -> None:
    """Remove days that Google has withdrawn, rows and ledger alike."""
    if not dates:
        return
    with transaction(connection):
        for table in (SEARCH_SITE_DAY, *(grain.table for grain in day_grains(search_type))):
            _delete_days(connection, table, site, search_type, dates)
        _delete_days(connection, INGEST_LEDGER, site, search_type, dates)


def note_failure(
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    site: str,
    search_type: str,
    failed: SliceFailed,
    today: dt.date | None = None,
) -> None:
    """Note why a slice is missing; what an earlier run loaded of it stays and stays noted as it is."""
    with transaction(connection):
        connection.execute(
            """
            DELETE FROM ingest_ledger
            WHERE source = ? AND site = ? AND search_type = ? AND grain = ? AND date = ? AND state = 'failed'
            """,
            [SOURCE, site, search_type, failed.grain, failed.day],
        )
        connection.execute(
            """
            INSERT INTO ingest_ledger BY NAME
            SELECT * FROM (SELECT ? AS source, ? AS site, ? AS search_type, ? AS grain, ?::DATE AS date,
                                  'failed' AS state, 0 AS rows, ? AS origin, ?::TIMESTAMP AS fetched_at,
                                  ? AS run_id, ? AS error) note
            ANTI JOIN ingest_ledger USING (source, site, search_type, grain, date)
            """,
            [
                SOURCE,
                site,
                search_type,
                failed.grain,
                failed.day,
                ORIGIN,
                utc_now(today),
                run.run_id,
                str(failed),
            ],
        )


def _tables(site: str, search_type: str, days: Sequence[DayRows]) -> list[tuple[Table, pa.Table]]:
    with_data = [day for day in days if day.due.totals]
    totals = [day.due.totals for day in with_data if day.due.totals]
    site_rows = pa.table(
        {
            "date": pa.array([day.due.day for day in with_data], pa.date32()),
            "impressions": pa.array([total.impressions for total in totals], pa.int64()),
            "clicks": pa.array([total.clicks for total in totals], pa.int64()),
            "sum_position": pa.array(
                [
                    None if total.position is None else (total.position - 1.0) * total.impressions
                    for total in totals
                ],
                pa.float64(),
            ),
        }
    )
    tables = [(SEARCH_SITE_DAY, site_rows)]
    for index, grain in enumerate(day_grains(search_type)):
        parts = [
            _with_constant(day.slices[index].rows, "date", pa.scalar(day.due.day, pa.date32()))
            for day in with_data
        ]
        if parts:
            tables.append((grain.table, pa.concat_tables(parts)))
        else:
            tables.append((grain.table, pa.table({"date": pa.array([], pa.date32())})))
    return [(table, _keyed(table, rows, site, search_type)) for table, rows in tables]


def _keyed(table: Table, rows: pa.Table, site: str, search_type: str) -> pa.Table:
    for name, value in (("site", site), ("search_type", search_type), ("origin", ORIGIN)):
        rows = _with_constant(rows, name, pa.scalar(value, pa.string()))
    if "device" in table.names and "device" not in rows.column_names:
        rows = _with_constant(rows, "device", pa.scalar("", pa.string()))
    return rows


def _with_constant(rows: pa.Table, name: str, value: pa.Scalar) -> pa.Table:
    return rows.append_column(name, pa.repeat(value, rows.num_rows))


def _replace_days(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    site: str,
    search_type: str,
    dates: Sequence[dt.date],
    rows: pa.Table,
) -> None:
    _delete_days(connection, table, site, search_type, dates)
    append(connection, table, rows)


def _delete_days(
    connection: duckdb.DuckDBPyConnection, table: Table, site: str, search_type: str, dates: Sequence[dt.date]
) -> None:
    source = f" AND source = '{SOURCE}'" if table is INGEST_LEDGER else ""
    kept = " AND grain NOT IN ('search_appearance_day', 'search_hour')" if table is INGEST_LEDGER else ""
    connection.execute(
        f'DELETE FROM "{table.name}" WHERE site = ? AND search_type = ?{source}{kept} '
        "AND date IN (SELECT unnest(?::DATE[]))",
        [site, search_type, list(dates)],
    )


def _note(
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    site: str,
    search_type: str,
    days: Sequence[DayRows],
    first_incomplete: dt.date | None,
    today: dt.date | None,
) -> None:
    """One ledger row per day and grain; an empty slice is noted too, so that it is not asked for again."""
    _delete_days(connection, INGEST_LEDGER, site, search_type, [day.due.day for day in days])
    entries: list[tuple[dt.date, str, str, int, int | None, int | None, bool]] = []
    for day in days:
        totals = day.due.totals
        entries.append(
            (
                day.due.day,
                SEARCH_SITE_DAY.name,
                day.due.state if totals else "empty",
                1 if totals else 0,
                totals.clicks if totals else None,
                totals.impressions if totals else None,
                False,
            )
        )
        if totals is None:
            entries.extend(
                (day.due.day, grain.table.name, "empty", 0, None, None, False)
                for grain in day_grains(search_type)
            )
        entries.extend(
            (
                day.due.day,
                part.grain.table.name,
                _slice_state(day.due, part),
                part.rows.num_rows,
                pc.sum(part.rows["clicks"]).as_py(),
                pc.sum(part.rows["impressions"]).as_py(),
                part.capped,
            )
            for part in day.slices
        )
    names = ("date", "grain", "state", "rows", "clicks", "impressions", "capped")
    types = (pa.date32(), pa.string(), pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.bool_())
    rows = pa.table(
        {
            name: pa.array([entry[i] for entry in entries], kind)
            for i, (name, kind) in enumerate(zip(names, types, strict=True))
        }
    )
    constants = {
        "source": pa.scalar(SOURCE),
        "site": pa.scalar(site),
        "search_type": pa.scalar(search_type),
        "origin": pa.scalar(ORIGIN),
        "run_id": pa.scalar(run.run_id),
        "fetched_at": pa.scalar(utc_now(today), pa.timestamp("us")),
        "first_incomplete_date": pa.scalar(first_incomplete, pa.date32()),
    }
    for name, value in constants.items():
        rows = _with_constant(rows, name, value)
    append(connection, INGEST_LEDGER, rows)


def _slice_state(due: Due, part: Slice) -> str:
    if due.state == "provisional":
        return "provisional"
    if part.capped:
        return "capped"
    return "final" if part.rows.num_rows else "empty"
