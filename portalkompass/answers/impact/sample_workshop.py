"""A workshop of the sample data, held on a day of their past: what it promised is due by now.

Its inputs (effort, costs, cases) are invented; what it promises is worked out of the data as they stood that day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from portalkompass import german
from portalkompass.answers.base.periods import last_full_months, months_before
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import Decision, basis, basis_of, weighed
from portalkompass.answers.workshop.meeting.promised import promised
from portalkompass.answers.workshop.plan import frozen
from portalkompass.answers.workshop.planning.plan_inputs import (
    SHARED,
    departments_of,
    each_department,
    quarters_from,
)
from portalkompass.answers.workshop.scenario_book import new_scenario
from portalkompass.estimates.forecast import WINDOW
from portalkompass.workspace import DECIDED, Scenario, decide, save_scenario
from portalkompass.workspace import Decision as Resolution

NAME = "Beispiel-Workshop"
NOTE = "Erfundener Workshop der Beispieldaten; Aufwand, Kosten und Fälle sind erfunden."
LATER = "Zahlen fehlen noch"
EFFORT, CAPACITY, ONCE, YEARLY, CASES, MINUTES = 10.0, 30.0, 12_000.0, 2_000.0, 600.0, 12.0


def held_on(question: Question) -> dt.date | None:
    """The day of the workshop: so long ago that the window of its forecasts is over; None without data."""
    if question.data_date is None:
        return None
    end = last_full_months(question.data_date, 1)[1]
    return months_before(end.replace(day=1), WINDOW - 1) - dt.timedelta(days=1)


def hold(question: Question, who: str) -> Scenario | None:
    """Save the workshop and decide, as the screens do, on the data up to that day; None where there is no such day.

    Raises:
        WorkspaceError: there is a scenario of this name already.
        PrioritisationError: the criteria file is faulty.
    """
    day = held_on(question)
    if day is None:
        return None
    then = replace(question, filters=replace(question.filters, as_of=day))
    base = basis(then)
    decision = weighed(base)
    draft = new_scenario(then, base, None, f"{NAME} {german.date(day)}", NOTE)
    scenario = save_scenario(question.workspace, replace(draft, plan=_plan(then, decision)), who)
    own = basis_of(scenario)
    for service in decision.ranking["service_id"].tolist():
        told = promised(then, own, service)
        word, reason = (DECIDED, "") if "clicks" in told else ("zurückgestellt", LATER)
        resolution = Resolution(scenario.id, service, word, day, reason)
        decide(question.workspace, resolution, who, frozen(then, decision, own), told)
    return scenario


def _plan(question: Question, decision: Decision) -> dict[str, Any]:
    """Effort of every department, costs and cases alike for all services, and room in each quarter for some."""
    project = {"once": ONCE, "yearly": YEARLY, "cases": CASES, "minutes": MINUTES}
    named = departments_of(question, decision)
    return {
        "projects": {
            service: {"effort": dict.fromkeys((*each_department(names), SHARED), EFFORT), **project}
            for service, names in named.items()
        },
        "capacity": {SHARED: {quarter.label: CAPACITY for quarter in quarters_from(question.data_date)}},
    }
