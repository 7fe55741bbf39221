"""Decisions: what was decided on a service, against which scenario, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.database import Action, Workspace, note
from portalkompass.workspace.storage.editing import Record, Records, StaleEdit, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import decisions as table
from portalkompass.workspace.storage.tables import scenarios
from portalkompass.workspace.workshop.promise_log import Promise, register
from portalkompass.workspace.workshop.scenarios import end_rounds, with_frozen

DECIDED = "beschlossen"
DECISIONS = (DECIDED, "zurückgestellt", "abgelehnt")


@dataclass(frozen=True, slots=True)
class Decision(Record):
    """One decision; a scenario has at most one per service. id and version are 0 until saved."""

    scenario_id: int
    service_id: str
    decision: str
    decided_on: dt.date
    reason: str = ""


_WRITTEN = ("scenario_id", "service_id", "decision", "reason", "decided_on")


def _change(before: Decision | None, after: Decision) -> str:
    """Old and new decision with their reasons, for the audit: "hundesteuer: beschlossen → abgelehnt (zu teuer)"."""
    old = f"{_told(before)} → " if before else ""
    return f"{after.service_id}: {old}{_told(after)}"


def _told(decision: Decision) -> str:
    return f"{decision.decision} ({decision.reason})" if decision.reason else decision.decision


def _label(decision: Decision) -> str:
    return f"{decision.service_id}: {decision.decision}"


_decisions = Records(table, Action.DECIDE, _label, partial(record_of, Decision))


def decisions(workspace: Workspace, scenario_id: int | None = None) -> list[Decision]:
    """Decisions of one scenario, or of all; by day, then service."""
    query = sa.select(table).order_by(table.c.decided_on, table.c.service_id, table.c.id)
    if scenario_id is not None:
        query = query.where(table.c.scenario_id == scenario_id)
    return [_decisions.read(row) for row in workspace.rows(query)]


def decide(
    workspace: Workspace,
    decision: Decision,
    who: str,
    frozen: Mapping[str, Any] | None = None,
    promised: Mapping[str, Any] | None = None,
) -> Decision:
    """Save a new decision (id 0) or one that was read before; its scenario is locked with it (``frozen``: as there).

    ``promised`` is what is told of the service as of now; it is kept where this decision begins the service, and no
    later decision changes it.

    Raises:
        StaleEdit: someone decided, changed or withdrew it in between.
        WorkspaceError: the word is not one of ``DECISIONS``, the reason is missing where something is put
            off or rejected, or the scenario is gone.
    """
    if decision.decision not in DECISIONS:
        raise WorkspaceError(f"„{decision.decision}“ ist nicht vorgesehen; erlaubt: {', '.join(DECISIONS)}.")
    if decision.decision != DECIDED and not decision.reason.strip():
        raise WorkspaceError("Wer zurückstellt oder ablehnt, nennt bitte den Grund.")
    values = values_of(decision, _WRITTEN)
    what = "Entscheidung festgehalten"
    with workspace.writing(Action.DECIDE, who, what, None) as connection:
        _lock_scenario(connection, decision.scenario_id, frozen)
        before = _of_service(connection, decision)
        note(connection, who, what, _change(before, decision))
        begins = decision.decision == DECIDED and (before is None or before.decision != DECIDED)
        if decision.id:
            saved = _decisions.update(connection, decision, values, who)
        elif before:
            raise StaleEdit(decision.service_id, decision, before)
        else:
            saved = _decisions.insert(connection, values, who)
        if promised and begins:
            made = Promise(decision.scenario_id, decision.service_id, decision.decided_on, promised)
            register(connection, made, who)
        return saved


def withdraw(workspace: Workspace, decision: Decision, who: str) -> None:
    """Delete a decision that was read before; the scenario stays locked.

    Raises:
        StaleEdit: someone changed or withdrew it in between.
    """
    with _decisions.writing(workspace, who, "Entscheidung zurückgenommen", decision) as connection:
        _decisions.delete(connection, decision, who)


def _lock_scenario(connection: Connection, scenario_id: int, frozen: Mapping[str, Any] | None) -> None:
    """Lock the scenario unless it is locked; a first decision makes a new version of it."""
    here = sa.select(scenarios.c.locked, scenarios.c.plan).where(scenarios.c.id == scenario_id)
    stored = connection.execute(here).first()
    if stored is None:
        raise WorkspaceError("Das Szenario dieser Entscheidung gibt es nicht mehr.")
    if not stored.locked:
        end_rounds(connection, scenario_id)
        plan = with_frozen(stored.plan or {}, frozen)
        values: dict[str, Any] = {"locked": True, "plan": plan, "version": scenarios.c.version + 1}
        connection.execute(sa.update(scenarios).where(scenarios.c.id == scenario_id).values(values))


def _of_service(connection: Connection, decision: Decision) -> Decision | None:
    query = sa.select(table).where(
        table.c.scenario_id == decision.scenario_id, table.c.service_id == decision.service_id
    )
    return next((_decisions.read(row) for row in connection.execute(query).mappings()), None)
