"""Rounds in which departments assess services from their devices; codes, cookies and time limits are those of a vote.

A round of this kind keeps in ``Round.assessing``: "services" {id: name}, "departments" {name: [services it is
responsible for]}, "cells" {service: [criteria that are asked]}, "number" (1, 2, … of the scenario) and, unless it is an
older one, "listed" {service: what the city's list says of it} and "steps" {service: {criterion: step from a list}}. Its
``criteria`` have "levels" [{"value", "label"}], "direction" and help. A ballot keeps the department, services that it
opened besides its own, and the value by service and criterion; None is "weiß nicht", what was not answered is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from portalkompass.workspace.storage.database import Action, Workspace, now
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import ballots as ballot_table
from portalkompass.workspace.workshop.scenarios import Scenario
from portalkompass.workspace.workshop.voting import (
    Round,
    all_rounds,
    insert_round,
    must_be_free,
    store_ballot,
    taken_by,
)

HOURS_OPEN = 7 * 24
"""Those who know may be asked days before the meeting."""
VOICE_COLUMNS = ("device", "department", "service", "criterion", "value")
Given = Mapping[str, Mapping[str, float | None]]
"""service → criterion → value, None for "weiß nicht\""""


def open_assessment(
    workspace: Workspace,
    scenario: Scenario,
    criteria: Sequence[Mapping[str, Any]],
    content: Mapping[str, Any],
    who: str,
) -> Round:
    """Open a round on these cells (``content``: services, departments, cells) under a fresh code; it gets its number.

    Raises:
        WorkspaceError: nothing is asked, the scenario is locked, decided upon or gone, or such a round is open.
    """
    if not any(content["cells"].values()) or not content["departments"]:
        raise WorkspaceError(
            "Es gibt nichts einzuschätzen: Kriterien mit Stufen oder beteiligte Stellen fehlen."
        )
    number = len(assessment_rounds(workspace, scenario.id)) + 1
    with workspace.writing(
        Action.RUN_VOTE, who, "Einschätzung auf Geräten eröffnet", f"{scenario.name}, Runde {number}"
    ) as connection:
        must_be_free(connection, scenario.id, assessing=True)
        return insert_round(connection, scenario.id, criteria, who, HOURS_OPEN, {**content, "number": number})


def assessment_rounds(workspace: Workspace, scenario_id: int) -> list[Round]:
    """Rounds of assessments of a scenario, the newest first."""
    return [one for one in all_rounds(workspace, scenario_id) if one.assessing is not None]


def known_cells(voting: Round, own: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """Service → criteria that this device is asked: of its department and of what it opened, in the round's order."""
    if voting.assessing is None or not own:
        return {}
    known = {*voting.assessing["departments"].get(own["department"], ()), *own["opened"]}
    return {service: list(cells) for service, cells in voting.assessing["cells"].items() if service in known}


def assess(
    workspace: Workspace,
    round_id: int,
    participant: str,
    *,
    department: str | None = None,
    opened: str | None = None,
    given: Given | None = None,
) -> None:
    """Save what a device says: its department, a service that it knows besides, or values; the rest of it stays.

    With another department, what was said of services that this one does not know is gone.

    Raises:
        RoundClosed: the round was closed or has expired.
        WorkspaceError: the department, service, criterion or step is not one that this device is asked, or too many
            take part.
    """
    with workspace.collecting() as connection:
        voting = taken_by(connection, round_id, "Ihre Einschätzung wurde nicht gespeichert.")
        query = sa.select(ballot_table.c.assessments)
        here = ballot_table.c.round_id == round_id, ballot_table.c.participant == participant
        before = connection.execute(query.where(*here)).scalar()
        own = dict(before or {"department": "", "opened": [], "cells": {}})
        content = voting.assessing or {"departments": (), "cells": {}}
        if department is not None:
            _must(department in content["departments"])
            own["department"] = department
        _must(bool(own["department"]))
        if opened is not None:
            _must(opened in content["cells"])
            own["opened"] = [*(one for one in own["opened"] if one != opened), opened]
        known = known_cells(voting, own)
        cells = {service: dict(values) for service, values in own["cells"].items() if service in known}
        for service, values in (given or {}).items():
            _must(set(values) <= set(known.get(service, ())))
            _must(all(value is None or value in _steps(voting, name) for name, value in values.items()))
            cells[service] = {**cells.get(service, {}), **values}
        stored = {"assessments": own | {"cells": cells}, "cast_at": now()}
        store_ballot(connection, round_id, participant, {"weights": {}, "nickname": "", **stored})


def voices(workspace: Workspace, voting: Round) -> pd.DataFrame:
    """What devices said, a row an answer: device (number), department, service, criterion, value (NaN: weiß nicht)."""
    query = sa.select(ballot_table.c.assessments).where(ballot_table.c.round_id == voting.id)
    said = [row["assessments"] or {"cells": {}} for row in workspace.rows(query.order_by(ballot_table.c.id))]
    rows = [
        (device, own["department"], service, criterion, value)
        for device, own in enumerate(said)
        for service, values in own["cells"].items()
        for criterion, value in values.items()
    ]
    return pd.DataFrame(rows, columns=list(VOICE_COLUMNS)).astype({"value": "float64"})


def _steps(voting: Round, criterion: str) -> set[float]:
    own = next(one for one in voting.criteria if one["id"] == criterion)
    return {float(level["value"]) for level in own["levels"]}


def _must(fits: bool) -> None:
    if not fits:
        raise WorkspaceError("Die Eingabe passt nicht zu dieser Runde.")
