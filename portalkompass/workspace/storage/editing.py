"""Insert, update and delete with optimistic locking: of two editors the second save fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.database import Workspace, now
from portalkompass.workspace.storage.errors import StaleEdit
from portalkompass.workspace.storage.record import Record

R = TypeVar("R", bound=Record)


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

        Raises:
            StaleEdit: someone saved or deleted it in between; carries draft and stored record.
        """
        same = self.table.c.id == draft.id, self.table.c.version == draft.version, *self._alive()
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

    def _stale(self, connection: Connection, draft: R) -> StaleEdit:
        query = sa.select(self.table).where(self.table.c.id == draft.id, *self._alive())
        row = connection.execute(query).mappings().first()
        return StaleEdit(self.label(draft), draft, None if row is None else self.read(row))

    def _alive(self) -> list[sa.ColumnElement[bool]]:
        """A removed shipped row is a tombstone, not a record."""
        return [self.table.c.removed.is_(False)] if "removed" in self.table.c else []
