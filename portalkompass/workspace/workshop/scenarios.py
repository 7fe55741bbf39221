"""Scenarios: a named weighting with everything that is needed to reproduce its ranking later."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from portalkompass import german
from portalkompass.workspace.storage.database import Action, Workspace, note, now
from portalkompass.workspace.storage.editing import Record, Records, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import ballots, decisions, voting_rounds
from portalkompass.workspace.storage.tables import scenarios as table

SERVICE_COLUMNS = ("name", "list", "lane", "lane_reason", "trend_note")
LIST_COLUMNS = ("id", "name", "locked")
_STORED_AS_GIVEN = (
    *("criteria_version", "criteria", "weights", "anchors", "assessments"),
    *("data_date", "snapshot", "app_version", "note", "plan"),
)


@dataclass(frozen=True, eq=False)
class Scenario(Record):
    """One scenario; snapshots and criteria files may change, what stands here does not.

    ``criteria``: the chosen criteria with their whole definition as of then; ``weights`` by criterion, as
    set; ``anchors``: (lower, upper) where they differ from the definition; ``assessments``: service →
    criterion → {value, note, confidence}; ``matrix``: services (index) × criteria, NaN unknown,
    with columns of the ends of values known as an interval (`prioritisation.ends`); ``services``: the same index
    with name, list, lane, its reason and what the trend says as of then (older ones have neither).
    ``plan``: effort, money, dates and dependencies by service, capacities and budgets (`answers.workshop.planning`).
    id and version are 0 until saved.
    """

    name: str
    criteria_version: str = ""
    criteria: tuple[Mapping[str, Any], ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    anchors: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    assessments: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    matrix: pd.DataFrame = field(default_factory=pd.DataFrame)
    services: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(SERVICE_COLUMNS), dtype="str")
    )
    data_date: dt.date | None = None
    snapshot: str = ""
    app_version: str = ""
    note: str = ""
    plan: Mapping[str, Any] = field(default_factory=dict)
    locked: bool = False
    created_by: str = ""
    created_at: dt.datetime | None = None


def scenario_list(workspace: Workspace) -> pd.DataFrame:
    """All scenarios without their contents, the one edited last first; columns ``LIST_COLUMNS``."""
    query = sa.select(*(table.c[name] for name in LIST_COLUMNS))
    query = query.order_by(table.c.updated_at.desc(), table.c.id.desc())
    return pd.DataFrame([dict(row) for row in workspace.rows(query)], columns=list(LIST_COLUMNS))


def load_scenario(workspace: Workspace, name: str) -> Scenario:
    """The scenario of this name, exactly as it was saved.

    Raises:
        WorkspaceError: there is none; names those there are.
    """
    with workspace.reading() as connection:
        row = connection.execute(sa.select(table).where(table.c.name == name)).mappings().first()
        if row is not None:
            return _read(row)
        names = connection.execute(sa.select(table.c.name).order_by(table.c.name)).scalars().all()
    there_are = f"gespeichert sind: {', '.join(names)}" if names else "gespeichert ist noch keines"
    raise WorkspaceError(f"Ein Szenario „{name}“ gibt es nicht; {there_are}.")


def scenario_of(connection: Connection, scenario_id: int) -> Scenario:
    """The scenario of this number as it is stored in this moment.

    Raises:
        WorkspaceError: it was deleted.
    """
    row = connection.execute(sa.select(table).where(table.c.id == scenario_id)).mappings().first()
    if row is None:
        raise WorkspaceError("Das Szenario wurde inzwischen gelöscht.")
    return _read(row)


def store_scenario(connection: Connection, scenario: Scenario, who: str) -> Scenario:
    """Write what was read and changed within this transaction; returns it as stored.

    Raises:
        WorkspaceError: it is locked, decisions rest on it, or a number is not finite.
    """
    must_be_changeable(connection, scenario)
    return _scenarios.update(connection, scenario, _values(scenario), who)


def must_be_changeable(connection: Connection, scenario: Scenario) -> None:
    """Neither locked nor decided upon.

    Raises:
        WorkspaceError: it is.
    """
    _must_be_open(connection, scenario)
    must_be_undecided(connection, scenario.id)


def save_scenario(workspace: Workspace, scenario: Scenario, who: str) -> Scenario:
    """Save a new scenario (id 0) or one that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: the name is empty or taken, the scenario is locked, or a number is not finite.
    """
    values = _values(scenario)
    what = "Szenario geändert" if scenario.id else "Szenario angelegt"
    try:
        with _scenarios.writing(workspace, who, what, scenario) as connection:
            if not scenario.id:
                return insert_scenario(connection, scenario, who)
            must_be_changeable(connection, scenario)
            before = connection.execute(sa.select(table).where(table.c.id == scenario.id)).mappings().first()
            stored = _scenarios.update(connection, scenario, values, who)
            if before is not None:
                note_weights(connection, who, _read(before), stored.weights)
            return stored
    except IntegrityError:
        raise WorkspaceError(f"Ein Szenario „{scenario.name}“ gibt es schon.") from None


def note_weights(connection: Connection, who: str, before: Scenario, weights: Mapping[str, float]) -> None:
    """A line of the audit for weights that became others, as shares of all: "Workshop · „Klicks“: 50 % → 60 %; …"."""
    labels = {str(one["id"]): str(one.get("label", one["id"])) for one in before.criteria}
    old, new = _shares(before.weights), _shares(weights)
    changed = [
        f"„{labels[name]}“: {old.get(name, german.MISSING)} → {new.get(name, german.MISSING)}"
        for name in labels
        if old.get(name) != new.get(name)
    ]
    if changed:
        note(connection, who, "Gewichte geändert", f"{before.name} · {'; '.join(changed)}")


def _shares(weights: Mapping[str, float]) -> dict[str, str]:
    """What each weight is of all weights, in percent as the screen writes it."""
    total = sum(weights.values())
    return {name: german.percent(weight / total, 0) for name, weight in weights.items()} if total > 0 else {}


def insert_scenario(connection: Connection, scenario: Scenario, who: str) -> Scenario:
    """Write a new one within this transaction; returns it as stored.

    Raises:
        WorkspaceError: the name is empty, or a number is not finite.
        IntegrityError: the name is taken.
    """
    new = {**_values(scenario), "locked": False, "created_by": who, "created_at": now()}
    return _scenarios.insert(connection, new, who)


def lock_scenario(
    workspace: Workspace,
    scenario: Scenario,
    who: str,
    *,
    locked: bool = True,
    frozen: Mapping[str, Any] | None = None,
) -> Scenario:
    """Lock a scenario against changes, or open it again. Its voting rounds end with the lock.

    ``frozen``: what its plan is computed with beside its entries, kept from then on (`with_frozen`).

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    what = "Szenario festgeschrieben" if locked else "Szenario wieder geöffnet"
    with _scenarios.writing(workspace, who, what, scenario) as connection:
        if locked:
            end_rounds(connection, scenario.id)
        values: dict[str, Any] = {"locked": locked}
        if locked and not scenario.locked:
            values["plan"] = with_frozen(scenario.plan, frozen)
        return _scenarios.update(connection, scenario, values, who)


def with_frozen(plan: Mapping[str, Any], frozen: Mapping[str, Any] | None) -> dict[str, Any]:
    """The plan with what else it is computed with; what was entered counts, departments are always those of now."""
    entered = {name: own for name, own in plan.items() if name != "departments"}
    return {**(frozen or {}), **entered} if entered else {}


def end_rounds(connection: Connection, scenario_id: int) -> None:
    """What is locked is voted upon no more: its rounds end, nicknames are deleted, the ballots stay."""
    running = sa.select(voting_rounds.c.id).where(
        voting_rounds.c.scenario_id == scenario_id, voting_rounds.c.closed_at.is_(None)
    )
    ended = list(connection.execute(running).scalars())
    connection.execute(sa.update(voting_rounds).where(voting_rounds.c.id.in_(ended)).values(closed_at=now()))
    connection.execute(sa.update(ballots).where(ballots.c.round_id.in_(ended)).values(nickname=""))


def rename_scenario(workspace: Workspace, scenario_id: int, seen: str, name: str, who: str) -> None:
    """Give a scenario another name where ``seen`` is still its name; everything of it stays with it.

    Raises:
        WorkspaceError: it has another name by now (with both), the new one is empty or taken, or it is locked or gone.
    """
    name, what = name.strip(), "Szenario umbenannt"
    if not name:
        raise WorkspaceError("Das Szenario braucht einen Namen.")
    try:
        with workspace.writing(Action.EDIT_SCENARIO, who, what, None) as connection:
            before = scenario_of(connection, scenario_id)
            _must_be_open(connection, before)
            if before.name not in (seen, name):
                raise WorkspaceError(
                    f"Name: Gespeichert ist inzwischen „{before.name}“ (von {before.updated_by}). "
                    f"Ihre Eingabe „{name}“ ist nicht gespeichert."
                )
            if before.name != name:
                note(connection, who, what, f"{before.name} → {name}")
                _scenarios.update(connection, before, {"name": name}, who)
    except IntegrityError:
        raise WorkspaceError(f"Ein Szenario „{name}“ gibt es schon.") from None


def delete_scenario(workspace: Workspace, scenario: Scenario, who: str) -> None:
    """Delete a scenario with its decisions.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: it is locked.
    """
    with _scenarios.writing(workspace, who, "Szenario gelöscht", scenario) as connection:
        _must_be_open(connection, scenario)
        _scenarios.delete(connection, scenario, who)


def must_be_undecided(connection: Connection, scenario_id: int) -> None:
    """What decisions rest on is not changed under them, even where the scenario was opened again.

    Raises:
        WorkspaceError: there are decisions on the scenario.
    """
    if connection.execute(sa.select(decisions.c.id).where(decisions.c.scenario_id == scenario_id)).first():
        raise WorkspaceError(
            "Auf diesem Szenario beruhen Entscheidungen. Für Änderungen bitte eine Kopie anlegen oder die "
            "Entscheidungen zuerst zurücknehmen."
        )


def _must_be_open(connection: Connection, scenario: Scenario) -> None:
    if connection.execute(sa.select(table.c.locked).where(table.c.id == scenario.id)).scalar():
        raise WorkspaceError(
            f"„{scenario.name}“ ist festgeschrieben. Für Änderungen bitte eine Kopie anlegen oder es wieder öffnen."
        )


def _values(scenario: Scenario) -> dict[str, Any]:
    if not scenario.name.strip():
        raise WorkspaceError("Das Szenario braucht einen Namen.")
    numbers = [*scenario.weights.values(), *(end for pair in scenario.anchors.values() for end in pair)]
    if not all(math.isfinite(number) for number in numbers):
        raise WorkspaceError("Ein Gewicht oder ein Anker ist keine endliche Zahl.")
    return {
        **values_of(scenario, _STORED_AS_GIVEN),
        "name": scenario.name.strip(),
        "matrix": _matrix_json(scenario.matrix, scenario.services),
    }


def _matrix_json(matrix: pd.DataFrame, services: pd.DataFrame) -> dict[str, Any]:
    """The matrix with its services; unknown is null, because JSON has no NaN."""
    cells = [
        [None if pd.isna(value) else float(value) for value in row] for row in matrix.to_numpy(dtype=object)
    ]
    if any(cell is not None and math.isinf(cell) for row in cells for cell in row):
        raise WorkspaceError("In der Entscheidungsmatrix steht ein unendlicher Wert.")
    described = services.reindex([str(service) for service in matrix.index])
    return {
        "services": [
            {"service_id": str(service), **{name: _text(row.get(name)) for name in SERVICE_COLUMNS}}
            for service, row in zip(described.index, described.to_dict("records"), strict=True)
        ],
        "criteria": [str(column) for column in matrix.columns],
        "values": cells,
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _read(row: RowMapping) -> Scenario:
    stored = row["matrix"]
    index = pd.Index([service["service_id"] for service in stored["services"]], dtype="str")
    matrix = pd.DataFrame(stored["values"], index=index, columns=stored["criteria"], dtype="float64")
    services = pd.DataFrame(
        [{name: service.get(name, "") for name in SERVICE_COLUMNS} for service in stored["services"]],
        index=index,
        columns=list(SERVICE_COLUMNS),
        dtype="str",
    )
    plain = set(Scenario.__dataclass_fields__) - {"criteria", "anchors", "matrix", "services", "plan"}
    return Scenario(
        **{name: row[name] for name in plain},
        criteria=tuple(row["criteria"]),
        plan=row["plan"] or {},
        anchors={name: (pair[0], pair[1]) for name, pair in row["anchors"].items()},
        matrix=matrix,
        services=services,
    )


_scenarios: Records[Scenario] = Records(table, Action.EDIT_SCENARIO, attrgetter("name"), _read)
