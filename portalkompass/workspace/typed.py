"""What one person typed in a form and did not save yet: theirs alone, and gone once it is saved, discarded or old.

Drafts of a workshop's tables are another thing (``workshop.sheets``): everyone at the table sees those.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.database import Action, Workspace, now
from portalkompass.workspace.storage.tables import typed_drafts as table

MOST_DAYS = 14
MOST_OF_ONE, MOST = 50, 5_000
"""Drafts of one owner, and of all; the oldest go first."""
LONGEST = 200_000
"""Characters of a draft; of a longer one the state before stays."""
_DAY = "day of a calendar"
"""A day in JSON: an object with this name alone."""


def typed_by(workspace: Workspace, owner: str) -> dict[str, dict[str, Any]]:
    """The drafts of one owner that are not too old, by the name of the form, the oldest first.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    query = sa.select(table.c.form, table.c.content).order_by(table.c.updated_at, table.c.id)
    query = query.where(table.c.owner == owner, table.c.updated_at >= _oldest())
    return {str(row["form"]): _unpacked(row["content"]) for row in workspace.rows(query)}


def keep_typed(workspace: Workspace, owner: str, form: str, content: Mapping[str, Any]) -> None:
    """Keep what stands in the fields of a form; nothing (empty) forgets it.

    ``content`` holds texts, numbers, days, None, and lists and mappings of those.

    Raises:
        WorkspaceError: whoever it is may write nothing, or the workspace cannot be written.
    """
    packed = _packed(content)
    if len(json.dumps(packed)) > LONGEST:
        return
    with workspace.drafting(Action.DRAFT) as connection:
        connection.execute(sa.delete(table).where(table.c.owner == owner, table.c.form == form))
        if content:
            row = {"owner": owner, "form": form, "content": packed, "updated_at": now()}
            connection.execute(sa.insert(table).values(row))
            _bound(connection, owner)


def forget_old(workspace: Workspace) -> None:
    """Forget the drafts that are too old; errors as ``keep_typed``."""
    with workspace.collecting() as connection:
        connection.execute(sa.delete(table).where(table.c.updated_at < _oldest()))


def _bound(connection: Connection, owner: str) -> None:
    connection.execute(sa.delete(table).where(table.c.updated_at < _oldest()))
    for most, here in ((MOST_OF_ONE, table.c.owner == owner), (MOST, sa.true())):
        newest = sa.select(table.c.id).where(here).order_by(table.c.id.desc()).offset(most)
        surplus = connection.execute(newest).scalars().all()
        if surplus:
            connection.execute(sa.delete(table).where(table.c.id.in_(surplus)))


def _oldest() -> dt.datetime:
    return now() - dt.timedelta(days=MOST_DAYS)


def _packed(value: object) -> Any:  # noqa: ANN401
    if isinstance(value, dt.date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(name): _packed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(one) for one in value]
    return value


def _unpacked(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        if set(value) == {_DAY}:
            return dt.date.fromisoformat(str(value[_DAY]))
        return {name: _unpacked(one) for name, one in value.items()}
    return [_unpacked(one) for one in value] if isinstance(value, list) else value
