"""Small records that people keep: marks on pages, saved views of a screen, import profiles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portalkompass.workspace.storage import tables
from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.editing import delete_row, insert_row, update_row
from portalkompass.workspace.storage.errors import WorkspaceError


@dataclass(frozen=True, slots=True)
class PageMark:
    """A mark on one page of a property; ``url`` normalised."""

    site: str
    url: str
    mark: str
    note: str = ""
    updated_by: str = ""
    updated_at: dt.datetime | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class SavedView:
    """A screen with its filters: ``page`` is the screen's url path, ``query`` its query string."""

    name: str
    page: str
    query: str = ""
    updated_by: str = ""
    updated_at: dt.datetime | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """How the columns of a file are called: heading → canonical name; ``kind`` is the kind of file."""

    name: str
    kind: str
    mapping: Mapping[str, Any] = field(default_factory=dict)
    updated_by: str = ""
    updated_at: dt.datetime | None = None
    id: int = 0
    version: int = 0


Kept = TypeVar("Kept", PageMark, SavedView, Profile)

_TABLES: dict[type[Any], tuple[sa.Table, str, Action]] = {
    PageMark: (tables.page_marks, "Seitenmarkierung", Action.MARK_PAGE),
    SavedView: (tables.saved_views, "Ansicht", Action.SAVE_VIEW),
    Profile: (tables.profiles, "Importprofil", Action.EDIT_PROFILE),
}
_STORED = ("id", "version", "updated_by", "updated_at")


def kept(workspace: Workspace, kind: type[Kept]) -> list[Kept]:
    """All records of a kind, oldest first: ``kept(workspace, SavedView)``."""
    table, *_ = _TABLES[kind]
    with workspace.reading() as connection:
        return [
            _read(kind, row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()
        ]


def keep(workspace: Workspace, record: Kept, who: str) -> Kept:
    """Save a new record (id 0) or one that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: its name is empty, or taken (of a mark: the page has one already).
    """
    kind = type(record)
    table, word, action = _TABLES[kind]
    label = _label(record)
    if not label.strip():
        raise WorkspaceError(f"{word}: der Name fehlt.")
    values = {name: value for name, value in asdict(record).items() if name not in _STORED}
    try:
        with workspace.writing(action, who, f"{word} gespeichert", label) as connection:
            key = record.id
            if key:
                update_row(
                    connection, table, record, values, who, label=label, read=lambda row: _read(kind, row)
                )
            else:
                key = insert_row(connection, table, values, who)
            return _read(kind, connection.execute(sa.select(table).where(table.c.id == key)).mappings().one())
    except IntegrityError:
        raise WorkspaceError(f"{word} „{label}“ gibt es schon.") from None


def discard(workspace: Workspace, record: Kept, who: str) -> None:
    """Delete a record that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    kind = type(record)
    table, word, action = _TABLES[kind]
    label = _label(record)
    with workspace.writing(action, who, f"{word} gelöscht", label) as connection:
        delete_row(connection, table, record, label=label, read=lambda row: _read(kind, row))


def _label(record: PageMark | SavedView | Profile) -> str:
    return record.url if isinstance(record, PageMark) else record.name


def _read(kind: type[Kept], row: Mapping[Any, Any]) -> Kept:
    return kind(**{name: row[name] for name in kind.__dataclass_fields__})
