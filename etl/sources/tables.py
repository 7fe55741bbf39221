"""Arrow tables in the shape of the warehouse's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pyarrow as pa

from etl.store.ledger import Run, utc_now
from portalkompass.schema import INGEST_LEDGER, ColumnType, Table

_TYPES: dict[ColumnType, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "VARCHAR[]": pa.list_(pa.string()),
}


def rows_of(table: Table, rows: Iterable[Mapping[str, object]], **constants: object) -> pa.Table:
    """All columns of ``table``; what neither a row nor ``constants`` names is NULL."""
    schema = pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])
    return pa.Table.from_pylist([{**constants, **row} for row in rows], schema=schema)


def ledger_rows(
    run: Run, entries: Iterable[Mapping[str, object]], today: dt.date | None, **constants: object
) -> pa.Table:
    """Rows of the ledger that a run leaves; entries name at least grain, date, state and rows."""
    of_run = {"source": run.source, "site": run.site, "run_id": run.run_id, "search_type": ""}
    return rows_of(INGEST_LEDGER, entries, **{**of_run, "fetched_at": utc_now(today), **constants})


def with_texts(rows: pa.Table, **texts: str) -> pa.Table:
    """The same rows with constant columns, as dictionaries of one text: a million copies of it would be 70 MB."""
    codes = pa.repeat(pa.scalar(0, pa.int8()), rows.num_rows)
    for name, text in texts.items():
        rows = rows.append_column(name, pa.DictionaryArray.from_arrays(codes, pa.array([text])))
    return rows
