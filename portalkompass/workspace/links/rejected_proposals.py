"""Refused proposals: a person said that a page or query is not about a service."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.editing import insert_row
from portalkompass.workspace.storage.tables import refused_proposals as table


@dataclass(frozen=True, slots=True)
class RejectedProposal:
    """``subject`` is a normalised URL (source url) or a query as listed (source query) of one property."""

    site: str
    source: str
    subject: str
    service_id: str
    updated_by: str = ""
    updated_at: dt.datetime | None = None


def rejected_proposals(workspace: Workspace, site: str) -> list[RejectedProposal]:
    """All rejected proposals of a property, oldest first."""
    query = sa.select(table).where(table.c.site == site).order_by(table.c.id)
    with workspace.reading() as connection:
        return [
            RejectedProposal(**{name: row[name] for name in RejectedProposal.__dataclass_fields__})
            for row in connection.execute(query).mappings()
        ]


def reject(workspace: Workspace, rejected: RejectedProposal, who: str) -> None:
    """Remember that a proposal was refused; a second rejected of the same changes nothing.

    Raises:
        WorkspaceError: the workspace cannot be written.
    """
    label = f"{rejected.subject} → {rejected.service_id}"
    with workspace.writing(Action.REJECT_PROPOSAL, who, "Vorschlag abgelehnt", label) as connection:
        if not _known(connection, rejected):
            values = {name: getattr(rejected, name) for name in _KEY}
            insert_row(connection, table, values, who)


def allow_again(workspace: Workspace, rejected: RejectedProposal, who: str) -> None:
    """Take a rejected back; if someone else already did, nothing is left to do.

    Raises:
        WorkspaceError: the workspace cannot be written.
    """
    label = f"{rejected.subject} → {rejected.service_id}"
    with workspace.writing(Action.ALLOW_PROPOSAL, who, "Ablehnung zurückgenommen", label) as connection:
        connection.execute(sa.delete(table).where(*_same(rejected)))


_KEY = ("site", "source", "subject", "service_id")


def _same(rejected: RejectedProposal) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == getattr(rejected, name) for name in _KEY]


def _known(connection: Connection, rejected: RejectedProposal) -> bool:
    return connection.execute(sa.select(table.c.id).where(*_same(rejected))).first() is not None
