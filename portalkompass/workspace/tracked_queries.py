"""Tracked queries: the ones that the team keeps an eye on, a list for each property, for all who use this workspace."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portalkompass import german
from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, insert_row, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import tracked_queries as table

MOST_TRACKED, LONGEST = 100, 500
"""Queries of a property's list, and characters of one."""


@dataclass(frozen=True, slots=True)
class TrackedQuery(Record):
    """A query as Google lists it: small letters, single spaces."""

    site: str
    query: str


def tracked_queries(workspace: Workspace, site: str) -> list[TrackedQuery]:
    """All tracked queries of a property, oldest first."""
    query = sa.select(table).where(table.c.site == site).order_by(table.c.id)
    return [record_of(TrackedQuery, row) for row in workspace.rows(query)]


def as_listed(query: str) -> str:
    """A query as Google lists it."""
    return " ".join(query.split()).lower()


def track(workspace: Workspace, site: str, query: str, who: str) -> None:
    """Put a query on the list, once; errors as ``Workspace.writing``.

    Raises:
        WorkspaceError: it is empty or too long, or the list is full.
    """
    tracked = TrackedQuery(site, as_listed(query))
    if not tracked.query:
        raise WorkspaceError("Die Suchanfrage fehlt.")
    if len(tracked.query) > LONGEST:
        raise WorkspaceError(f"Die Suchanfrage hat mehr als {german.number(LONGEST)} Zeichen.")
    with workspace.writing(
        Action.TRACK_QUERY, who, "Suchanfrage wird beobachtet", tracked.query
    ) as connection:
        own = set(connection.execute(sa.select(table.c.query).where(table.c.site == site)).scalars())
        if tracked.query in own:
            return
        if len(own) >= MOST_TRACKED:
            raise WorkspaceError(f"Beobachtet werden höchstens {german.number(MOST_TRACKED)} Suchanfragen.")
        insert_row(connection, table, values_of(tracked, ("site", "query")), who)


def untrack(workspace: Workspace, site: str, query: str, who: str) -> None:
    """Take a query off the list, unless someone else already did; errors as ``Workspace.writing``."""
    with workspace.writing(
        Action.TRACK_QUERY, who, "Suchanfrage wird nicht mehr beobachtet", query
    ) as connection:
        connection.execute(sa.delete(table).where(table.c.site == site, table.c.query == query))
