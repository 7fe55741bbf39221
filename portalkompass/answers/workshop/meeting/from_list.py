"""What the city's lists already say and nobody has to type: steps of criteria, and which service waits for which.

It is filled into a new workshop, marked as from the list, and can be changed like any entry. Only what a list states
becomes a step; what could merely be concluded from it stays unknown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.elsewhere.offers import offers_of
from portalkompass.answers.workshop.planning.plan_inputs import each_department
from portalkompass.answers.workshop.scenario_book import Cells, with_assessments
from portalkompass.prioritisation.planning import waits_for_itself
from portalkompass.workspace import Scenario

EFA, MANDATE = "efa_step", "council_mandate"
REUSED = ("efa", "nachnutzung")
"""Words by which the list calls the route of a service that others have built."""
ELSEWHERE, OPENED = 1.0, 2.0
CERTAIN = {"noch nicht möglich": ELSEWHERE, "möglich": OPENED, "ausdrücklich": OPENED}
"""The list's word for how sure such a route is, and the step that it states; others (derived, examined) state none."""


def prefilled(question: Question, scenario: Scenario) -> Scenario:
    """The scenario with what the lists say, wherever nobody has entered anything yet."""
    rows = _rows(question, scenario)
    cells = {
        service: {
            name: cell
            for name, cell in own.items()
            if name not in scenario.assessments.get(service, {}) and _fits(scenario, name, cell["value"])
        }
        for service, own in _cells(question, rows).items()
    }
    filled = with_assessments(scenario, {service: own for service, own in cells.items() if own})
    return _with_order(filled, depends_on(question, scenario))


def depends_on(question: Question, scenario: Scenario) -> dict[str, str]:
    """Service → the service of the scenario that the list names before it; the first one where it names several."""
    known = {str(service) for service in scenario.matrix.index}
    found = {}
    for row in _rows(question, scenario).to_dict("records"):
        before = [name for name in each_department(str(row["depends_on"])) if name in known]
        if before and before[0] != row["service"]:
            found[str(row["service"])] = before[0]
    return found


def order_told(question: Question, scenario: Scenario) -> str:
    """Which entries of the plan are those of the list; empty without any."""
    names = scenario.services["name"].to_dict()
    projects = scenario.plan.get("projects", {})
    told = [
        f"„{names[service]}“ nach „{names[before]}“"
        for service, before in depends_on(question, scenario).items()
        if projects.get(service, {}).get("after") == before
    ]
    return f"Aus der Liste: {german.listing(told)}." if told else ""


def _rows(question: Question, scenario: Scenario) -> pd.DataFrame:
    """The rows of the list for the scenario's services, "" where a text is missing."""
    rows = service_list.services(question.warehouse, question.settings)
    rows = rows[rows["service"].isin([str(service) for service in scenario.matrix.index])]
    texts = ("route", "route_certainty", "route_evidence", "motion_number", "depends_on")
    return rows.assign(**{name: rows[name].fillna("").astype("str") for name in texts})


def _cells(question: Question, rows: pd.DataFrame) -> Cells:
    """Service → criterion → value with its source in words."""
    if rows.empty:
        return {}
    offers = _offers(question, rows)
    stand = f"OZG-Liste ({service_list.list_date(rows)})"
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows.to_dict("records"):
        service = str(row["service"])
        own = cells.setdefault(service, {})
        if row["motion_number"]:
            own[MANDATE] = {"value": 1.0, "listed": f"{stand}: Antrag {row['motion_number']}"}
        step = _step(row)
        if step is not None:
            own[EFA] = {
                "value": step,
                "listed": f"{stand}: {row['route_evidence'] or row['route_certainty']}",
            }
        elif service in offers:
            own[EFA] = {"value": ELSEWHERE, "listed": f"Angebot von {offers[service]}"}
    return cells


def _step(row: Mapping[Hashable, Any]) -> float | None:
    """The step of a solution that others have built, as the list states it; None where it states none."""
    reused = any(word in str(row["route"]).lower() for word in REUSED)
    return CERTAIN.get(str(row["route_certainty"])) if reused else None


def _offers(question: Question, rows: pd.DataFrame) -> dict[str, str]:
    """Service → who offers an online service for it that can be had by the day of the data."""
    found = offers_of(question, rows)
    day = question.data_date or question.settings.current_day()
    ready = found[found["available_from"].isna() | (found["available_from"] <= pd.Timestamp(day))]
    return {
        str(service): german.listing(sorted(set(own["provider"])))
        for service, own in ready.groupby("service")
    }


def _fits(scenario: Scenario, criterion: str, value: float) -> bool:
    """Whether the scenario assesses this criterion in steps of which the value is one."""
    own = next((one for one in scenario.criteria if one["id"] == criterion), None)
    levels = () if own is None or own["kind"] != "assessed" else own.get("levels") or ()
    return value in {float(level["value"]) for level in levels}


def _with_order(scenario: Scenario, order: Mapping[str, str]) -> Scenario:
    """The plan with these dependencies where none was entered; none that would make services wait for themselves."""
    projects = {service: dict(own) for service, own in scenario.plan.get("projects", {}).items()}
    needs = {service: (own["after"],) for service, own in projects.items() if own.get("after")}
    for service, before in order.items():
        if service in projects or waits_for_itself({**needs, service: (before,)}):
            continue
        needs[service] = (before,)
        projects[service] = {"after": before}
    return (
        dataclasses.replace(scenario, plan={**scenario.plan, "projects": projects}) if projects else scenario
    )
