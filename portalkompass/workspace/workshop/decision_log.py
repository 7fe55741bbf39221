"""Decisions: what was decided on a service, against which scenario, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.editing import delete_row, insert_row, stored, update_row
from portalkompass.workspace.storage.errors import StaleEdit, WorkspaceError
from portalkompass.workspace.storage.record import Record, record_of, values_of
from portalkompass.workspace.storage.tables import decisions as table
from portalkompass.workspace.storage.tables import scenarios

DECISIONS = ("beschlossen", "zurückgestellt", "abgelehnt")


@dataclass(frozen=True, slots=True)
class Decision(Record):
    """One decision; a scenario has at most one per service. id and version are 0 until saved."""

    scenario_id: int
    service_id: str
    decision: str
    decided_on: dt.date
    reason: str = ""


_read = partial(record_of, Decision)
_WRITTEN = ("scenario_id", "service_id", "decision", "reason", "decided_on")


def decisions(workspace: Workspace, scenario_id: int | None = None) -> list[Decision]:
    """Decisions of one scenario, or of all; by day, then service."""
    query = sa.select(table).order_by(table.c.decided_on, table.c.service_id, table.c.id)
    if scenario_id is not None:
        query = query.where(table.c.scenario_id == scenario_id)
    return [_read(row) for row in workspace.rows(query)]


def decide(workspace: Workspace, decision: Decision, who: str) -> Decision:
    """Save a new decision (id 0) or one that was read before; its scenario is locked with it.

    Raises:
        StaleEdit: someone decided, changed or withdrew it in between.
        WorkspaceError: the word is not one of ``DECISIONS``, the reason is missing where something is put
            off or rejected, or the scenario is gone.
    """
    if decision.decision not in DECISIONS:
        raise WorkspaceError(f"„{decision.decision}“ ist nicht vorgesehen; erlaubt: {', '.join(DECISIONS)}.")
    if decision.decision != "beschlossen" and not decision.reason.strip():
        raise WorkspaceError("Wer zurückstellt oder ablehnt, nennt bitte den Grund.")
    label = f"{decision.service_id}: {decision.decision}"
    values = values_of(decision, _WRITTEN)
    with workspace.writing(Action.DECIDE, who, "Entscheidung festgehalten", label) as connection:
        _lock_scenario(connection, decision.scenario_id)
        if decision.id:
            update_row(connection, table, decision, values, who, label=label, read=_read)
            return stored(connection, table, decision.id, _read)
        if theirs := _of_service(connection, decision):
            raise StaleEdit(label, decision, theirs)
        return stored(connection, table, insert_row(connection, table, values, who), _read)


def withdraw(workspace: Workspace, decision: Decision, who: str) -> None:
    """Delete a decision that was read before; the scenario stays locked.

    Raises:
        StaleEdit: someone changed or withdrew it in between.
    """
    label = f"{decision.service_id}: {decision.decision}"
    with workspace.writing(Action.DECIDE, who, "Entscheidung zurückgenommen", label) as connection:
        delete_row(connection, table, decision, label=label, read=_read)


def _lock_scenario(connection: Connection, scenario_id: int) -> None:
    """Lock the scenario unless it is locked; a first decision makes a new version of it."""
    locked = connection.execute(sa.select(scenarios.c.locked).where(scenarios.c.id == scenario_id)).scalar()
    if locked is None:
        raise WorkspaceError("Das Szenario dieser Entscheidung gibt es nicht mehr.")
    if not locked:
        values: dict[str, Any] = {"locked": True, "version": scenarios.c.version + 1}
        connection.execute(sa.update(scenarios).where(scenarios.c.id == scenario_id).values(values))


def _of_service(connection: Connection, decision: Decision) -> Decision | None:
    query = sa.select(table).where(
        table.c.scenario_id == decision.scenario_id, table.c.service_id == decision.service_id
    )
    return next((_read(row) for row in connection.execute(query).mappings()), None)
