"""Rejected proposals: a person said that a page or query is not about a service."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, insert_row, record_of, values_of
from portalkompass.workspace.storage.tables import rejected_proposals as table


@dataclass(frozen=True, slots=True)
class RejectedProposal(Record):
    """``subject`` is a normalised URL (source url) or a query as listed (source query) of one property."""

    site: str
    source: str
    subject: str
    service_id: str


def rejected_proposals(workspace: Workspace, site: str) -> list[RejectedProposal]:
    """All rejected proposals of a property, oldest first."""
    query = sa.select(table).where(table.c.site == site).order_by(table.c.id)
    return [record_of(RejectedProposal, row) for row in workspace.rows(query)]


def reject(workspace: Workspace, rejected: RejectedProposal, who: str) -> None:
    """Remember that a proposal was rejected, once; errors as ``Workspace.writing``."""
    label = f"{rejected.subject} → {rejected.service_id}"
    with workspace.writing(Action.REJECT_PROPOSAL, who, "Vorschlag abgelehnt", label) as connection:
        if connection.execute(sa.select(table.c.id).where(*_same(rejected))).first() is None:
            insert_row(connection, table, values_of(rejected, _KEY), who)


def allow_again(workspace: Workspace, rejected: RejectedProposal, who: str) -> None:
    """Take a rejection back, unless someone else already did; errors as ``Workspace.writing``."""
    label = f"{rejected.subject} → {rejected.service_id}"
    with workspace.writing(Action.ALLOW_PROPOSAL, who, "Ablehnung zurückgenommen", label) as connection:
        connection.execute(sa.delete(table).where(*_same(rejected)))


_KEY = ("site", "source", "subject", "service_id")


def _same(rejected: RejectedProposal) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in values_of(rejected, _KEY).items()]
