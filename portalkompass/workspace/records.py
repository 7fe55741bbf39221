"""Small records that people keep: saved views of a screen, import profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portalkompass.workspace.storage import tables
from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.editing import delete_row, insert_row, stored, update_row
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.record import Record, record_of, values_of


@dataclass(frozen=True, slots=True)
class SavedView(Record):
    """A screen with its filters: ``page`` is the screen's url path, ``query`` its query string."""

    name: str
    page: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Profile(Record):
    """How the columns of a file are called: heading → canonical name; ``kind`` is the kind of file."""

    name: str
    kind: str
    mapping: Mapping[str, Any] = field(default_factory=dict)


Kept = TypeVar("Kept", SavedView, Profile)

_TABLES: dict[type[Any], tuple[sa.Table, str, Action]] = {
    SavedView: (tables.saved_views, "Ansicht", Action.SAVE_VIEW),
    Profile: (tables.profiles, "Importprofil", Action.EDIT_PROFILE),
}


def kept(workspace: Workspace, kind: type[Kept]) -> list[Kept]:
    """All records of a kind, oldest first: ``kept(workspace, SavedView)``."""
    table, *_ = _TABLES[kind]
    return [record_of(kind, row) for row in workspace.rows(sa.select(table).order_by(table.c.id))]


def keep(workspace: Workspace, record: Kept, who: str) -> Kept:
    """Save a new record (id 0) or one that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: its name is empty, or taken.
    """
    table, word, action = _TABLES[type(record)]
    read = partial(record_of, type(record))
    if not record.name.strip():
        raise WorkspaceError(f"{word}: der Name fehlt.")
    values = values_of(record, (field.name for field in fields(record) if field not in fields(Record)))
    try:
        with workspace.writing(action, who, f"{word} gespeichert", record.name) as connection:
            if not record.id:
                return stored(connection, table, insert_row(connection, table, values, who), read)
            update_row(connection, table, record, values, who, label=record.name, read=read)
            return stored(connection, table, record.id, read)
    except IntegrityError:
        raise WorkspaceError(f"{word} „{record.name}“ gibt es schon.") from None


def discard(workspace: Workspace, record: Kept, who: str) -> None:
    """Delete a record that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    table, word, action = _TABLES[type(record)]
    with workspace.writing(action, who, f"{word} gelöscht", record.name) as connection:
        delete_row(connection, table, record, label=record.name, read=partial(record_of, type(record)))
