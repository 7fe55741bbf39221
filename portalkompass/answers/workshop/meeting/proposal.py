"""A new workshop: name, criteria and services as proposed, and the scenario that follows from what was chosen."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import CANDIDATE, CRITERIA_FILE, Basis, basis
from portalkompass.answers.workshop.meeting.from_list import prefilled
from portalkompass.answers.workshop.meeting.progress import STEPS
from portalkompass.answers.workshop.planning.plan_inputs import planned_departments
from portalkompass.answers.workshop.scenario_book import new_scenario, refreshed
from portalkompass.prioritisation import PrioritisationError, ends, load_criteria
from portalkompass.workspace import Agenda, Scenario, all_rounds, scenario_list

MOST_CRITERIA = 6
"""So many are proposed: weighing them by pairs takes twelve questions at most."""
MOST_MEASURED = 3
VOTING = "Solange abgestimmt wird, stehen Kriterien und Leistungen fest. Bitte zuerst die Abstimmung beenden."
MINUTES = dict(zip(STEPS, (10, 30, 15, 25, 10), strict=True))
"""Of a workshop of 90 minutes."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a new workshop begins with, and what may be chosen instead; ``basis`` is everything there is to choose."""

    name: str
    agenda: Agenda
    departments: tuple[str, ...]
    criteria: tuple[str, ...]
    services: tuple[str, ...]
    basis: Basis


def proposal(question: Question) -> Proposal:
    """Today, all departments of the list's pending services, the criteria that say something, all pending services.

    Raises:
        PrioritisationError: the criteria file is faulty.
    """
    every = widest(question)
    listed = service_list.services(question.warehouse, question.settings)
    named = dict(
        zip(listed["service"].astype(str), listed["departments"].fillna("").astype(str), strict=True)
    )
    services = tuple(map(str, every.services.index))
    day = question.settings.current_day()
    own = planned_departments({service: named.get(service, "") for service in services}, {})
    return Proposal(
        _free_name(question, f"Workshop {german.date(day)}"),
        Agenda(0, day=day, departments=own, minutes=MINUTES),
        planned_departments(named, {}),
        proposed_criteria(every),
        services,
        every,
    )


def _free_name(question: Question, name: str) -> str:
    taken = set(scenario_list(question.workspace)["name"])
    names = (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def widest(question: Question) -> Basis:
    """The shipped preset with the most criteria, measured now.

    Raises:
        PrioritisationError: the criteria file is faulty.
    """
    presets = load_criteria(question.settings.data_file(CRITERIA_FILE)).presets
    return basis(question, max(presets, key=lambda preset: len(preset.criteria)).name)


def proposed_criteria(every: Basis) -> tuple[str, ...]:
    """Criteria that count, few enough to weigh: measured ones known of half the services or more, then what is to be
    assessed, feasibility first, because nothing measured says anything of it.
    """
    counted = [one for one in every.criteria if every.weights.get(one.id, 0.0) > 0]
    known = every.matrix.notna().mean()
    measured = [one for one in counted if one.kind == "measured" and known[one.id] >= 0.5]  # noqa: PLR2004
    assessed = [one for one in counted if one.kind == "assessed"]
    assessed.sort(key=lambda one: one.axis != "umsetzbarkeit")
    chosen = {one.id for one in [*measured[:MOST_MEASURED], *assessed][:MOST_CRITERIA]}
    return tuple(one.id for one in every.criteria if one.id in chosen)


def workshop_of(
    question: Question,
    proposed: Proposal,
    name: str,
    criteria: Collection[str],
    services: Collection[str],
    weights: Mapping[str, float] | None = None,
) -> Scenario:
    """The scenario of a new workshop, with the weights of these criteria so far as there are any.

    What the lists say is filled in (see `from_list`).

    Raises:
        PrioritisationError: no criterion or no service is chosen.
    """
    every = proposed.basis
    chosen = tuple(one for one in every.criteria if one.id in criteria)
    kept = [service for service in every.matrix.index if service in services]
    _must_be_some(chosen, kept)
    columns = [name for one in chosen for name in (one.id, *ends(one.id)) if name in every.matrix]
    own = dataclasses.replace(
        every,
        criteria=chosen,
        weights={one.id: every.weights.get(one.id, 1.0) or 1.0 for one in chosen},
        matrix=every.matrix.loc[kept, columns],
        services=every.services.loc[kept],
    )
    known = {one.id for one in chosen}
    moved = {name: value for name, value in (weights or {}).items() if name in known}
    return prefilled(question, new_scenario(question, own, moved or None, name.strip()))


def with_selection(
    question: Question, scenario: Scenario, criteria: Collection[str], services: Collection[str]
) -> Scenario:
    """The scenario with these criteria and services; what is new is measured now, what was entered comes back.

    Assessments and plan of what is taken out stay in the scenario, unseen. Candidates are always kept. All measured
    values are then of today, so that no scenario mixes days.

    Raises:
        PrioritisationError: no criterion or no service is chosen, or a vote on the criteria is running.
    """
    if any(one.is_open for one in all_rounds(question.workspace, scenario.id)):
        raise PrioritisationError(VOTING)
    every = widest(question)
    stored = {str(one["id"]): dict(one) for one in scenario.criteria}
    defined = {one.id: one.model_dump(mode="json") for one in every.criteria} | stored
    order = [*(one.id for one in every.criteria), *stored]
    chosen = [defined[name] for name in dict.fromkeys(order) if name in criteria]
    texts = {**every.services.to_dict("index"), **scenario.services.to_dict("index")}
    taken = [name for name, text in texts.items() if name in services or text["list"] == CANDIDATE]
    _must_be_some(chosen, taken)
    rows = pd.DataFrame([texts[name] for name in taken], index=pd.Index(taken, dtype="str"))
    changed = dataclasses.replace(
        scenario,
        criteria=tuple(chosen),
        weights={one["id"]: float(scenario.weights.get(one["id"], _usual(scenario))) for one in chosen},
        matrix=_with_assessed(scenario, taken, [str(one["id"]) for one in chosen]),
        services=rows.reindex(columns=scenario.services.columns).fillna("").astype("str"),
    )
    return refreshed(question, prefilled(question, changed))


def _with_assessed(scenario: Scenario, services: list[Hashable], criteria: list[str]) -> pd.DataFrame:
    """The matrix of these, with what was assessed before it was taken out."""
    matrix = scenario.matrix.reindex(index=pd.Index(services, dtype="str"), columns=criteria).astype(
        "float64"
    )
    for service, cells in scenario.assessments.items():
        for name, cell in cells.items():
            if service in matrix.index and name in matrix and cell.get("value") is not None:
                matrix.loc[service, name] = float(cell["value"])
    return matrix


def _usual(scenario: Scenario) -> float:
    """The weight of a criterion that joins: the middle of those there are."""
    own = sorted(scenario.weights.values())
    return float(own[len(own) // 2]) if own else 1.0


def _must_be_some(criteria: Collection[object], services: Collection[object]) -> None:
    if not criteria or not services:
        raise PrioritisationError("Ein Workshop braucht mindestens ein Kriterium und eine Leistung.")
