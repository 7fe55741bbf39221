"""Der Plan: which services fit into the next quarters and in which order, what waits and what would bring it in."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from portalkompass import german, prioritisation
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import LOAD_SERVICES
from portalkompass.answers.base.question import Question, count_card
from portalkompass.answers.workshop.decision import Basis, Decision, basis, weighed
from portalkompass.answers.workshop.planning import economic_rows, plan_rows
from portalkompass.answers.workshop.planning.plan_inputs import departments_of, inputs
from portalkompass.answers.workshop.planning.plan_sheets import kept_rates
from portalkompass.answers.workshop.planning.planned import Planned
from portalkompass.exhibit import Exhibit
from portalkompass.prioritisation.planning import (
    Doubt,
    Plan,
    Programme,
    best_plan,
    clash,
    next_cost,
    under_doubt,
)

MOST_COSTED = 12
"""Services that wait of which it is worked out what they cost: those with the most points."""
PARTS = ("gantt", "services", "waiting", "load", "economy", "break_even", "inputs")


def planned(
    question: Question,
    decision: Decision,
    kept: Mapping[str, Any],
    *,
    drawn: bool = True,
    costed: bool = True,
) -> Planned:
    """The best plan under the scenario's limits; ``kept``: what was entered.

    ``drawn``: with membership under doubt; ``costed``: with what each service that waits lacks. Both take longer than
    the plan itself.

    Raises:
        PrioritisationError: the inputs make no plan (services that wait for each other).
    """
    given = inputs(question, decision, kept)
    programme = Programme(given.projects, given.limits)
    scores = {str(service): float(score) for service, score in decision.evaluation.score.items()}
    plan = best_plan(programme, scores)
    found = clash(programme.projects, given.limits) if plan.feasible is False else None
    made = Planned(decision, given, programme, plan, found, {})
    extra = {}
    if plan.feasible and costed:
        extra = {service: next_cost(programme, plan, service) for service in made.waiting[:MOST_COSTED]}
    doubt = _drawn(decision, programme, plan) if drawn and programme.projects and plan.feasible else None
    return replace(made, extra=extra, doubt=doubt)


def _drawn(decision: Decision, programme: Programme, plan: Plan) -> Doubt:
    """Membership over draws around the chosen weights."""
    own = decision.evaluation
    scores = prioritisation.score_draws(
        own.values, low=own.values_low, high=own.values_high, around=own.shares
    )
    names = [one.id for one in programme.projects]
    return under_doubt(programme, np.asarray(scores[names], dtype="float64"), plan)


def kept_plan(base: Basis) -> Mapping[str, Any]:
    """What was entered for the plan of a scenario, with what was frozen where it is locked; nothing for a preset.

    An order of services alone is no plan yet: a new workshop has that of the list (`meeting.from_list`).
    """
    if base.kept is None:
        return {}
    plan = base.kept.plan
    if set(plan) <= {"projects"} and all(set(own) <= {"after"} for own in plan.get("projects", {}).values()):
        return {}
    return plan if base.kept.locked else {name: own for name, own in plan.items() if name != "departments"}


def frozen(question: Question, decision: Decision, base: Basis) -> dict[str, Any]:
    """What a plan stands on beside its entries, to be kept with the lock: rates and each service's departments."""
    if not (plan := kept_plan(base)):
        return {}
    rates = kept_rates(plan, economic_rows.shipped_rates(question.settings))
    return {
        "rates": {name: value for name, value in rates.items() if value is not None},
        "departments": departments_of(question, decision),
    }


def answer(question: Question, *, scenario: str | None = None) -> Answer:
    """The plan of a scenario, with all tables."""
    try:
        base = basis(question, scenario)
        decision = weighed(base)
        return answer_on(question, planned(question, decision, kept_plan(base)))
    except prioritisation.PrioritisationError as fault:
        return question.answer(str(fault))


def answer_on(question: Question, made: Planned, parts: Collection[str] = PARTS) -> Answer:
    """The answer on a plan, with these parts only."""
    decision = made.decision
    if decision.ranking.empty:
        return question.answer(
            "Noch ist keine Liste mit anstehenden Leistungen geladen.", next_steps=(LOAD_SERVICES,)
        )
    exhibits: dict[str, Callable[[], Exhibit | None]] = {
        "gantt": lambda: plan_rows.gantt(question, made),
        "services": lambda: plan_rows.service_table(question, made),
        "waiting": lambda: plan_rows.waiting_table(question, made),
        "load": lambda: plan_rows.load_table(question, made),
        "economy": lambda: economic_rows.economic_table(question, made),
        "break_even": lambda: economic_rows.even_table(question, made),
        "inputs": lambda: plan_rows.input_table(question, made),
    }
    drawn = [make() for part, make in exhibits.items() if part in parts]
    return Answer(
        message=plan_rows.message(made),
        exhibits=tuple(exhibit for exhibit in drawn if exhibit is not None),
        figures=_cards(made),
        caveats=caveats(made),
        next_steps=_next_steps(made),
        data_date=decision.data_date,
        sample=question.warehouse.sample,
    )


def _cards(made: Planned) -> tuple[Figure, ...]:
    apart = count_card(
        "Nicht planbar",
        len(made.programme.apart),
        "Aufwand, Kosten oder ein Termin fehlt; sie zählen nie als Aufwand 0.",
    )
    if made.plan.feasible is None:
        return (apart,)
    days = plan_rows.days_of(made, made.plan.starts)
    return (
        count_card("Im Plan", len(made.plan.starts), "Leistungen, die im Zeitraum des Plans live gehen."),
        Figure(
            "Personentage",
            german.number(days),
            "Aufwand aller geplanten Leistungen über alle Stellen.",
        ),
        count_card(
            "Warten", len(made.waiting), "Planbare Leistungen, die in diesen Grenzen keinen Platz haben."
        ),
        apart,
    )


def caveats(made: Planned) -> tuple[str, ...]:
    """What a reader has to know beside the plan: what is not proved, not planned though due, or not limited."""
    sentences = [*plan_rows.unproved(made)]
    dated = [one.id for one in made.inputs.projects if one.due is not None and one.id in made.programme.apart]
    if dated:
        names = german.listing([f"„{made.decision.names[one]}“" for one in dated])
        sentences.append(f"Gesetzlicher Termin, aber nicht planbar: {names}.")
    return (*sentences, *plan_rows.unlimited(made))


def _next_steps(made: Planned) -> tuple[str, ...]:
    if made.inputs.plan.get("projects"):
        return ()
    return ("In einem Workshop unter „Grenzen eingeben“ Personentage, Kapazität und Termine eintragen.",)


def plan_list(made: Planned) -> list[dict[str, Any]]:
    """The plan in the shape that is relied on from outside: one entry a service, None where it is not planned."""
    scores = made.decision.evaluation.score
    share = {} if made.doubt is None else made.doubt.share
    effort = {one.id: one.days for one in made.inputs.projects}
    live = made.plan.live
    return [
        {
            "service_id": service,
            "name": made.decision.names[service],
            "quarter": made.inputs.quarters[live[service]].label if service in live else None,
            "value": float(scores[service]),
            "effort": None if math.isnan(effort[service]) else effort[service],
            "in_plan_share": None if math.isnan(own := share.get(service, math.nan)) else own,
        }
        for service in plan_rows.in_order(made)
    ]
