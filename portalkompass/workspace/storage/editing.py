"""Insert, update and delete with optimistic locking: of two editors the second save fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from portalkompass.workspace.storage.database import now
from portalkompass.workspace.storage.errors import StaleEdit
from portalkompass.workspace.storage.record import Record

R = TypeVar("R", bound=Record)
K = TypeVar("K")


def stored(connection: Connection, table: sa.Table, key: int, read: Callable[[RowMapping], K]) -> K:
    """The record of that id, as this transaction sees it."""
    return read(connection.execute(sa.select(table).where(table.c.id == key)).mappings().one())


def insert_row(connection: Connection, table: sa.Table, values: Mapping[str, Any], who: str) -> int:
    """Insert as version 1; returns the new id."""
    statement = sa.insert(table).values(**values, updated_by=who, updated_at=now(), version=1)
    key = connection.execute(statement).inserted_primary_key
    return int(key[0]) if key else 0


def update_row(
    connection: Connection,
    table: sa.Table,
    draft: R,
    values: Mapping[str, Any],
    who: str,
    *,
    label: str,
    read: Callable[[RowMapping], R],
) -> None:
    """Write ``values`` if the row still has the version of ``draft``.

    Raises:
        StaleEdit: someone saved or deleted it in between; carries draft and stored record.
    """
    statement = (
        sa.update(table)
        .where(table.c.id == draft.id, table.c.version == draft.version, *_alive(table))
        .values(**values, updated_by=who, updated_at=now(), version=draft.version + 1)
    )
    if connection.execute(statement).rowcount != 1:
        raise StaleEdit(label, draft, _current(connection, table, draft.id, read))


def delete_row(
    connection: Connection, table: sa.Table, draft: R, *, label: str, read: Callable[[RowMapping], R]
) -> None:
    """Delete the row if it still has the version of ``draft``.

    Raises:
        StaleEdit: someone saved or deleted it in between; carries draft and stored record.
    """
    statement = sa.delete(table).where(table.c.id == draft.id, table.c.version == draft.version)
    if connection.execute(statement).rowcount != 1:
        raise StaleEdit(label, draft, _current(connection, table, draft.id, read))


def delete_shipped_row(
    connection: Connection,
    table: sa.Table,
    draft: R,
    who: str,
    *,
    label: str,
    read: Callable[[RowMapping], R],
) -> None:
    """As ``delete_row``, but a shipped row stays as a tombstone, so that it is not seeded again."""
    key = sa.select(table.c.shipped_key).where(table.c.id == draft.id)
    if connection.execute(key).scalar() is None:
        delete_row(connection, table, draft, label=label, read=read)
    else:
        values = {"removed": True, "origin": "person"}
        update_row(connection, table, draft, values, who, label=label, read=read)


def _current(connection: Connection, table: sa.Table, key: int, read: Callable[[RowMapping], R]) -> R | None:
    row = connection.execute(sa.select(table).where(table.c.id == key, *_alive(table))).mappings().first()
    return None if row is None else read(row)


def _alive(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """A removed shipped row is a tombstone, not a record."""
    return [table.c.removed.is_(False)] if "removed" in table.c else []
