"""Small records that people keep: saved views of a screen, import profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portalkompass.workspace.storage import tables
from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, Records, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError


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

_KINDS: dict[type[Any], tuple[str, Records[Any]]] = {
    kind: (word, Records(table, action, attrgetter("name"), partial(record_of, kind)))
    for kind, word, table, action in (
        (SavedView, "Ansicht", tables.saved_views, Action.SAVE_VIEW),
        (Profile, "Importprofil", tables.profiles, Action.EDIT_PROFILE),
    )
}


def kept(workspace: Workspace, kind: type[Kept]) -> list[Kept]:
    """All records of a kind, oldest first: ``kept(workspace, SavedView)``."""
    _, records = _KINDS[kind]
    rows = workspace.rows(sa.select(records.table).order_by(records.table.c.id))
    return [records.read(row) for row in rows]


def keep(workspace: Workspace, record: Kept, who: str) -> Kept:
    """Save a new record (id 0) or one that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: its name is empty, or taken.
    """
    word, records = _KINDS[type(record)]
    if not record.name.strip():
        raise WorkspaceError(f"{word}: der Name fehlt.")
    values = values_of(record, (field.name for field in fields(record) if field not in fields(Record)))
    try:
        with records.writing(workspace, who, f"{word} gespeichert", record) as connection:
            if not record.id:
                return cast(Kept, records.insert(connection, values, who))
            return cast(Kept, records.update(connection, record, values, who))
    except IntegrityError:
        raise WorkspaceError(f"{word} „{record.name}“ gibt es schon.") from None


def discard(workspace: Workspace, record: Kept, who: str) -> None:
    """Delete a record that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    word, records = _KINDS[type(record)]
    with records.writing(workspace, who, f"{word} gelöscht", record) as connection:
        records.delete(connection, record, who)
