"""Tables of a plan that a workshop fills together, as cells: effort, money, dates, capacity, budget, components."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from portalkompass.answers.workshop.planning.plan_inputs import COMPONENTS, Quarter, quarters_from
from portalkompass.prioritisation.planning import waits_for_itself
from portalkompass.workspace import Scenario, Sheet, WorkspaceError

DAYS = "tage-"
"""Begins the column of a department's person-days."""
NOTHING = "–"
"""Chosen where a service waits for nothing."""
MOST_QUARTERS = 8
NOT_AN_AMOUNT = "Personentage, Euro, Fälle, Minuten und Quartale sind Zahlen ab 0."
Row = Mapping[str, Any]


def effort_sheet(departments: Sequence[str]) -> Sheet:
    """Person-days of every service by department, and over how many quarters."""
    columns = {f"{DAYS}{name}": f"{name} (Personentage)" for name in departments}
    return Sheet(
        "plan-aufwand",
        "Aufwand geändert",
        {**columns, "duration": "Dauer (Quartale)"},
        _names,
        partial(_efforts, departments),
        partial(_with_effort, departments),
    )


CONDITION_COLUMNS = {
    "once": "Einmalig (Euro)",
    "yearly": "Je Jahr (Euro)",
    "earliest": "Frühester Beginn",
    "component": "Wartet auf Baustein",
    "after": "Nach Leistung",
    "due": "Gesetzlich live bis",
}


def _conditions(scenario: Scenario) -> dict[str, Row]:
    kept, names = scenario.plan.get("projects", {}), _names(scenario)
    return {
        service: {
            **{name: own.get(name) for name in ("once", "yearly")},
            **{name: own.get(name) or NOTHING for name in ("earliest", "component", "due")},
            "after": names.get(own.get("after"), NOTHING),
        }
        for service in names
        for own in [kept.get(service, {})]
    }


def _with_conditions(scenario: Scenario, service: str, row: Row) -> Scenario:
    ids = {name: one for one, name in _names(scenario).items()}
    entered: dict[str, Any] = {name: _amount(row[name]) for name in ("once", "yearly")}
    entered |= {name: _chosen(row[name]) for name in ("earliest", "component", "due")}
    entered["after"] = ids.get(str(row["after"]))
    changed = _with_project(scenario, service, entered)
    projects = changed.plan["projects"]
    needs = {one: (own["after"],) if own.get("after") else () for one, own in projects.items()}
    if service in waits_for_itself(needs):
        raise WorkspaceError("Die Leistung wartet so über andere auf sich selbst.")
    return changed


BENEFIT_COLUMNS = {"cases": "Fälle je Jahr", "minutes": "Ersparte Minuten je Fall"}
RATE_COLUMNS = {
    "day": "Personentag (Euro)",
    "hour": "Stunde Sachbearbeitung (Euro)",
    "discount": "Kalkulationszins (%)",
    "years": "Jahre des Betriebs",
}
MOST_YEARS, MOST_PERCENT = 20, 50.0


def benefit_sheet(rates: Mapping[str, float | None]) -> Sheet:
    """Cases and saved minutes of every service; the first entry makes ``rates`` the scenario's own."""
    return Sheet(
        "plan-nutzen",
        "Nutzen geändert",
        BENEFIT_COLUMNS,
        _names,
        _benefits,
        partial(_with_benefit, rates),
    )


def rate_sheet(rates: Mapping[str, float | None]) -> Sheet:
    """The scenario's rates in one row; ``rates`` where it has none of its own yet."""
    return Sheet(
        "plan-saetze",
        "Satz geändert",
        RATE_COLUMNS,
        lambda _: {"rates": "Sätze"},
        lambda scenario: {"rates": kept_rates(scenario.plan, rates)},
        _with_rates,
    )


def kept_rates(plan: Mapping[str, Any], rates: Mapping[str, float | None]) -> dict[str, float | None]:
    """The rates of a plan by the names of `RATE_COLUMNS`, those of the settings where it has none of its own."""
    own = plan.get("rates")
    return {name: rates.get(name) if own is None else own.get(name) for name in RATE_COLUMNS}


def _benefits(scenario: Scenario) -> dict[str, Row]:
    kept = scenario.plan.get("projects", {})
    return {
        service: {name: kept.get(service, {}).get(name) for name in BENEFIT_COLUMNS}
        for service in _names(scenario)
    }


def _with_benefit(rates: Mapping[str, float | None], scenario: Scenario, service: str, row: Row) -> Scenario:
    entered = {name: _amount(row[name]) for name in BENEFIT_COLUMNS}
    kept = {name: value for name, value in kept_rates(scenario.plan, rates).items() if value is not None}
    with_rates = dataclasses.replace(scenario, plan={**scenario.plan, "rates": kept})
    return _with_project(with_rates, service, entered)


def _with_rates(scenario: Scenario, _: str, row: Row) -> Scenario:
    entered = {name: _amount(row[name]) for name in ("day", "hour")}
    entered["discount"] = _number(row["discount"])
    years = _number(row["years"])
    if entered["discount"] is not None and abs(entered["discount"]) > MOST_PERCENT:
        raise WorkspaceError(f"Der Zins liegt zwischen -{MOST_PERCENT:.0f} und {MOST_PERCENT:.0f} %.")
    if years is None or not 1 <= years <= MOST_YEARS or years != int(years):
        raise WorkspaceError(f"Gerechnet wird über 1 bis {MOST_YEARS} ganze Jahre.")
    kept = {name: value for name, value in entered.items() if value is not None}
    return dataclasses.replace(scenario, plan={**scenario.plan, "rates": {**kept, "years": int(years)}})


def _names(scenario: Scenario) -> dict[str, str]:
    return {str(service): str(name) for service, name in scenario.services["name"].items()}


CONDITIONS = Sheet(
    "plan-bedingungen", "Bedingung geändert", CONDITION_COLUMNS, _names, _conditions, _with_conditions
)
"""Money, dates and dependencies of every service."""


def capacity_sheet(departments: Sequence[str], quarters: Sequence[Quarter]) -> Sheet:
    """Person-days of every department by quarter."""
    return Sheet(
        "plan-kapazitaet",
        "Kapazität geändert",
        {quarter.label: quarter.label for quarter in quarters},
        lambda _: {name: name for name in departments},
        partial(_capacities, departments, quarters),
        _with_capacity,
    )


def _budgets(scenario: Scenario) -> dict[str, Row]:
    budget = scenario.plan.get("budget", {})
    years = dict.fromkeys(str(quarter.year) for quarter in quarters_from(scenario.data_date))
    return {year: {"euros": budget.get(year)} for year in years}


def _with_budget(scenario: Scenario, year: str, row: Row) -> Scenario:
    return _with(scenario, "budget", {year: _amount(row["euros"])})


BUDGET = Sheet(
    "plan-budget",
    "Budget geändert",
    {"euros": "Budget (Euro)"},
    lambda scenario: {year: year for year in _budgets(scenario)},
    _budgets,
    _with_budget,
)
"""Euros of every year of the plan."""


def _components(scenario: Scenario) -> dict[str, Row]:
    known = scenario.plan.get("components", {})
    return {name: {"ready": known.get(name) or NOTHING} for name in COMPONENTS}


def _with_component(scenario: Scenario, name: str, row: Row) -> Scenario:
    return _with(scenario, "components", {name: _chosen(row["ready"])})


COMPONENT_SHEET = Sheet(
    "plan-bausteine",
    "Baustein geändert",
    {"ready": "Verfügbar ab"},
    lambda _: {name: name for name in COMPONENTS},
    _components,
    _with_component,
)
"""From when on what several services wait for is there."""


def _efforts(departments: Sequence[str], scenario: Scenario) -> dict[str, Row]:
    kept = scenario.plan.get("projects", {})
    return {
        service: {
            **{f"{DAYS}{name}": own.get("effort", {}).get(name) for name in departments},
            "duration": float(own.get("duration") or 1),
        }
        for service in _names(scenario)
        for own in [kept.get(service, {})]
    }


def _with_effort(departments: Sequence[str], scenario: Scenario, service: str, row: Row) -> Scenario:
    days = {name: _amount(row[f"{DAYS}{name}"]) for name in departments}
    known = {name: own for name, own in days.items() if own is not None}
    before = scenario.plan.get("projects", {}).get(service, {}).get("effort", {})
    others = {name: own for name, own in before.items() if name not in days}
    duration = _amount(row["duration"]) or 1.0
    if not 1 <= duration <= MOST_QUARTERS:
        raise WorkspaceError(f"Die Dauer liegt zwischen 1 und {MOST_QUARTERS} Quartalen.")
    return _with_project(
        scenario, service, {"effort": {**others, **known} or None, "duration": int(duration)}
    )


def _capacities(
    departments: Sequence[str], quarters: Sequence[Quarter], scenario: Scenario
) -> dict[str, Row]:
    kept = scenario.plan.get("capacity", {})
    return {
        name: {quarter.label: kept.get(name, {}).get(quarter.label) for quarter in quarters}
        for name in departments
    }


def _with_capacity(scenario: Scenario, department: str, row: Row) -> Scenario:
    days = {label: own for label, value in row.items() if (own := _amount(value)) is not None}
    return _with(scenario, "capacity", {department: days or None})


def _with_project(scenario: Scenario, service: str, entered: Mapping[str, Any]) -> Scenario:
    own = {**scenario.plan.get("projects", {}).get(service, {}), **entered}
    return _with(
        scenario, "projects", {service: {name: value for name, value in own.items() if value is not None}}
    )


def _with(scenario: Scenario, part: str, entered: Mapping[str, Any]) -> Scenario:
    """The scenario with these entries of a part of its plan; None takes one out."""
    merged = {**scenario.plan.get(part, {}), **entered}
    kept = {name: value for name, value in merged.items() if value is not None}
    return dataclasses.replace(scenario, plan={**scenario.plan, part: kept})


def _amount(value: object) -> float | None:
    amount = _number(value)
    if amount is not None and amount < 0:
        raise WorkspaceError(NOT_AN_AMOUNT)
    return amount


def _number(value: object) -> float | None:
    if value is None or value == "":
        return None
    number = float(str(value))
    if not math.isfinite(number):
        raise WorkspaceError(NOT_AN_AMOUNT)
    return number


def _chosen(value: object) -> str | None:
    return None if value in (None, "", NOTHING) else str(value)
