"""The published state of the warehouse, to plan from and to compare with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from duckdb import DuckDBPyConnection as Connection

from portalkompass import schema
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published


@contextmanager
def published_state(settings: Settings) -> Iterator[Connection]:
    """The published snapshot, read-only; an empty warehouse before the first load."""
    snapshot = published(settings.warehouse_dir)
    if snapshot is not None:
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            yield connection
        return
    with duckdb.connect(":memory:") as connection:
        for statement in schema.ddl():
            connection.execute(statement)
        yield connection
