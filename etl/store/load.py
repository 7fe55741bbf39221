"""Idempotent loading: rows in the shape of a table; a slice is replaced whole, in one transaction, never row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from portalkompass.schema import ColumnType, Table

_TYPES: dict[ColumnType, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "VARCHAR[]": pa.list_(pa.string()),
}


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Everything inside takes effect together or not at all."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def replace_slice(connection: Connection, table: Table, where: Mapping[str, object], rows: pa.Table) -> int:
    """Delete the slice that ``where`` names and insert ``rows`` (columns by name); returns rows inserted.

    Whole slices are replaced because rows can vanish from a later pull: an upsert would leave ghosts.
    Columns of the table that ``rows`` lacks become NULL. Call it inside a transaction when several
    slices belong together.
    """
    condition = " AND ".join(f'"{column}" = ?' for column in where)
    connection.execute(f'DELETE FROM "{table.name}" WHERE {condition}', list(where.values()))
    return append(connection, table, rows)


def append(connection: Connection, table: Table, rows: pa.Table) -> int:
    """Insert ``rows`` (columns by name, missing ones NULL); returns rows inserted."""
    if rows.num_rows == 0:
        return 0
    connection.register("incoming_rows", rows)
    try:
        columns = ", ".join(f'"{name}"' for name in rows.column_names)
        connection.execute(f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM incoming_rows')
    finally:
        connection.unregister("incoming_rows")
    return int(rows.num_rows)


def rows_of(table: Table, rows: Iterable[Mapping[str, object]], **constants: object) -> pa.Table:
    """All columns of ``table``; what neither a row nor ``constants`` names is NULL."""
    schema = pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])
    return pa.Table.from_pylist([{**constants, **row} for row in rows], schema=schema)


def with_texts(rows: pa.Table, **texts: str) -> pa.Table:
    """The same rows with constant columns, as dictionaries of one text: a million copies of it would be 70 MB."""
    codes = pa.repeat(pa.scalar(0, pa.int8()), rows.num_rows)
    for name, text in texts.items():
        rows = rows.append_column(name, pa.DictionaryArray.from_arrays(codes, pa.array([text])))
    return rows
