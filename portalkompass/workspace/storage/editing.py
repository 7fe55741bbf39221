"""What every record of the workspace has, the way between a record and its row, and editing with optimistic locking:
of two editors the second save fails.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from portalkompass.workspace.storage.database import Action, Workspace, now
from portalkompass.workspace.storage.errors import WorkspaceError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """Who wrote a record last, when, and which version that made; id and version are 0 until it is saved."""

    updated_by: str = ""
    updated_at: dt.datetime | None = None
    id: int = 0
    version: int = 0


R = TypeVar("R", bound=Record)


class StaleEdit(WorkspaceError):
    """A save was not made because someone else saved in between.

    ``yours`` is the draft that was not saved, ``theirs`` the stored state in the same form, None if it was deleted.
    """

    def __init__(self, label: str, yours: Record, theirs: Record | None) -> None:
        self.yours = yours
        self.theirs = theirs
        if theirs is None:
            message = f"„{label}“ wurde inzwischen gelöscht. Es wurde nichts gespeichert."
        else:
            message = (
                f"„{label}“ wurde inzwischen von {theirs.updated_by or 'jemand anderem'} geändert "
                f"(gespeichert ist Version {theirs.version}, Ihre Fassung beruht auf Version "
                f"{yours.version}). Es wurde nichts gespeichert."
            )
        super().__init__(message)


def record_of(kind: type[R], row: Mapping[Any, Any]) -> R:
    """A row as a record whose fields are called like the columns."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})


def values_of(record: Record, columns: Iterable[str]) -> dict[str, Any]:
    """What a record says in these columns."""
    return {name: getattr(record, name) for name in columns}


def insert_row(connection: Connection, table: sa.Table, values: Mapping[str, Any], who: str) -> RowMapping:
    """Insert as version 1; returns the stored row."""
    statement = sa.insert(table).values(**values, updated_by=who, updated_at=now(), version=1)
    return connection.execute(statement.returning(table)).mappings().one()


@dataclass(frozen=True, slots=True)
class Records(Generic[R]):
    """The records of one table. What takes a connection happens within the caller's transaction.

    ``label`` is what sentences and the audit call a record, ``action`` what every write of one does.
    """

    table: sa.Table
    action: Action
    label: Callable[[R], str]
    read: Callable[[RowMapping], R]

    def writing(
        self, workspace: Workspace, who: str, what: str, draft: R
    ) -> AbstractContextManager[Connection]:
        """The transaction of a write, with its line in the audit; errors as ``Workspace.writing``."""
        return workspace.writing(self.action, who, what, self.label(draft))

    def insert(self, connection: Connection, values: Mapping[str, Any], who: str) -> R:
        """Insert a record; returns it as stored."""
        return self.read(insert_row(connection, self.table, values, who))

    def update(self, connection: Connection, draft: R, values: Mapping[str, Any], who: str) -> R:
        """Write ``values`` if the row still has the version of ``draft``; returns the stored record.

        Values that stand there already change nothing, not even the version; no values at all raise it.

        Raises:
            StaleEdit: someone saved or deleted it in between; carries draft and stored record.
        """
        same = self.table.c.id == draft.id, self.table.c.version == draft.version, *self._alive()
        if values:
            row = connection.execute(sa.select(self.table).where(*same)).mappings().first()
            if row is not None and all(self._stored(row, name, value) for name, value in values.items()):
                return self.read(row)
        new = {**values, "updated_by": who, "updated_at": now(), "version": draft.version + 1}
        statement = sa.update(self.table).where(*same).values(new).returning(self.table)
        row = connection.execute(statement).mappings().first()
        if row is None:
            raise self._stale(connection, draft)
        return self.read(row)

    def delete(self, connection: Connection, draft: R, who: str) -> None:
        """Delete the row if it still has the version of ``draft``.

        A shipped row stays as a tombstone, so that it is not seeded again; errors as ``update``.
        """
        columns = self.table.c
        if "shipped_key" in columns:
            key = sa.select(columns.shipped_key).where(columns.id == draft.id)
            if connection.execute(key).scalar() is not None:
                self.update(connection, draft, {"removed": True, "origin": "person"}, who)
                return
        statement = sa.delete(self.table).where(columns.id == draft.id, columns.version == draft.version)
        if connection.execute(statement).rowcount != 1:
            raise self._stale(connection, draft)

    def _stored(self, row: RowMapping, name: str, value: object) -> bool:
        """Whether the column says that already; of JSON what it reads as."""
        if isinstance(self.table.c[name].type, sa.JSON) and value is not None:
            value = json.loads(json.dumps(value))
        return bool(row[name] == value)

    def _stale(self, connection: Connection, draft: R) -> StaleEdit:
        query = sa.select(self.table).where(self.table.c.id == draft.id, *self._alive())
        row = connection.execute(query).mappings().first()
        return StaleEdit(self.label(draft), draft, None if row is None else self.read(row))

    def _alive(self) -> list[sa.ColumnElement[bool]]:
        """A removed shipped row is a tombstone, not a record."""
        return [self.table.c.removed.is_(False)] if "removed" in self.table.c else []
