"""Logins that were ended before their time: a restart must not bring a copied cookie back to life.

Kept is a SHA-256 of the login and when its cookie runs out by itself; neither says who it was.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from portalkompass.workspace.storage.database import Workspace, now
from portalkompass.workspace.storage.tables import revoked_sessions as table


def revoke_session(workspace: Workspace, login: str, until: dt.datetime) -> None:
    """Note that a login is over; those that have run out by themselves are forgotten on the way.

    ``login`` is the hexadecimal SHA-256 of what the cookie holds, ``until`` (aware) the end of its validity.

    Raises:
        WorkspaceError: the database cannot be reached; nothing was noted.
    """
    with workspace.collecting() as connection:
        connection.execute(sa.delete(table).where((table.c.until <= now()) | (table.c.login == login)))
        connection.execute(sa.insert(table).values(login=login, until=until))


def revoked_sessions(workspace: Workspace) -> dict[str, dt.datetime]:
    """The ended logins whose cookies would still be valid, each with the end of that (UTC).

    Raises:
        WorkspaceError: the database cannot be reached.
    """
    with workspace.reading() as connection:
        rows = connection.execute(sa.select(table.c.login, table.c.until).where(table.c.until > now()))
        return {row.login: row.until for row in rows}
