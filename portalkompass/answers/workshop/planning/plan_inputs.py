"""What a scenario's plan is made of: the inputs kept with it, read as projects and limits of the next eight quarters.

Kept as {"projects": {service: {"effort": {department: days}, "duration", "once", "yearly", "earliest", "component",
"after", "due", "cases", "minutes"}}, "capacity": {department: {quarter: days}}, "budget": {year: euros},
"components": {name: quarter}, "rates": {"day", "hour": euros, "discount": percent, "years"}}; quarters as "Q1 2026".
What was never entered is absent. With the lock come "departments", {service: those the list names then}, and the rates
of the settings where none were entered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import Decision
from portalkompass.prioritisation.planning import Gate, Limits, Project

QUARTERS = 8
COMPONENTS = ("EfA-Leistung", "ePayment", "Nutzerkonto", "Schnittstelle zum Fachverfahren")
"""What several services may wait for; each has one date in a scenario."""
SHARED = "IT"
"""The department that takes part in every service, beside those that the list names."""
WAITING, UNCLEAR = service_list.LANES[1:]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    @property
    def label(self) -> str:
        """Q1 2026."""
        return f"Q{self.number} {self.year}"

    @property
    def first_day(self) -> dt.date:
        """The day on which it begins."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    def after(self, quarters: int) -> Quarter:
        """The quarter so many later."""
        year, number = divmod(4 * self.year + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)


@dataclass(frozen=True)
class Inputs:
    """Projects and limits of a plan, with the words for them.

    ``departments``: service → who is named for it in the list, in one text; ``quarters``: those of the plan.
    """

    projects: tuple[Project, ...]
    limits: Limits
    quarters: tuple[Quarter, ...]
    departments: Mapping[str, str]
    plan: Mapping[str, Any]


def quarters_from(day: dt.date | None) -> tuple[Quarter, ...]:
    """The eight quarters that begin after this day."""
    day = day or dt.date(2026, 1, 1)
    first = Quarter(day.year, (day.month + 2) // 3).after(1)
    return tuple(first.after(number) for number in range(QUARTERS))


def departments_of(question: Question, decision: Decision) -> dict[str, str]:
    """Service → departments that the list names for it, "" where it names none."""
    listed = service_list.services(question.warehouse, question.settings)
    named = dict(zip(listed["service"].astype(str), listed["departments"].fillna(""), strict=True))
    return {service: str(named.get(service, "")) for service in decision.names}


def planned_departments(departments: Mapping[str, str], plan: Mapping[str, Any]) -> tuple[str, ...]:
    """All that may spend days: those of the list, the shared one, and whoever has effort or capacity already."""
    of_list = {name for names in departments.values() for name in each_department(names)}
    kept = {name for own in plan.get("projects", {}).values() for name in own.get("effort", {})}
    return (*sorted((of_list | kept | set(plan.get("capacity", {}))) - {SHARED}), SHARED)


def each_department(names: str) -> list[str]:
    """The departments of one text of the list, which parts them with semicolons."""
    return [name.strip() for name in names.split(";") if name.strip()]


def inputs(question: Question, decision: Decision, plan: Mapping[str, Any]) -> Inputs:
    """Projects and limits of the scenario; candidates are planned like listed services once they have effort."""
    quarters = quarters_from(decision.data_date)
    place = {quarter.label: number for number, quarter in enumerate(quarters)}
    kept, frozen = plan.get("projects", {}), plan.get("departments")
    departments = (
        departments_of(question, decision)
        if frozen is None
        else {service: str(frozen.get(service, "")) for service in decision.names}
    )
    projects = tuple(
        _project(
            service,
            decision,
            kept.get(service, {}),
            plan.get("components", {}),
            quarters,
            (*each_department(departments[service]), SHARED),
        )
        for service in decision.ranking["service_id"].tolist()
    )
    capacity = {
        name: [own.get(quarter.label) for quarter in quarters]
        for name, own in plan.get("capacity", {}).items()
        if any(label in place for label in own)
    }
    budget = {int(year): euros for year, euros in plan.get("budget", {}).items()}
    limits = Limits(tuple(quarter.year for quarter in quarters), capacity, budget)
    return Inputs(projects, limits, quarters, departments, plan)


def number_of(label: str, quarters: Sequence[Quarter]) -> int:
    """The number of a quarter in the plan; 0 for one before it, one more than the last for one behind it."""
    return min(max(_away(label, quarters), 0), len(quarters))


def overdue(label: str, quarters: Sequence[Quarter]) -> bool:
    """Whether a quarter is over before the plan begins."""
    return _away(label, quarters) < 0


def _away(label: str, quarters: Sequence[Quarter]) -> int:
    """Quarters from the plan's first to this one."""
    number, year = label.removeprefix("Q").split(" ")
    return 4 * (int(year) - quarters[0].year) + int(number) - quarters[0].number


def _project(
    service: str,
    decision: Decision,
    own: Mapping[str, Any],
    components: Mapping[str, str],
    quarters: Sequence[Quarter],
    departments: Sequence[str],
) -> Project:
    gates, condition = [], ""
    if label := own.get("earliest"):
        gates.append(Gate("frühester Beginn", number_of(label, quarters)))
    component = own.get("component")
    if component and (ready := components.get(component)):
        gates.append(Gate(component, number_of(ready, quarters)))
    elif component:
        condition = f"{component} ohne Termin"
    lane, after = decision.lanes[service], own.get("after")
    settled = bool(own.get("earliest")) or (lane == WAITING and bool(gates or after))
    if not condition and lane in (WAITING, UNCLEAR) and not settled:
        condition = f"{lane}, ohne Termin"
    due = own.get("due")
    last = number_of(due, quarters) if due else len(quarters)
    effort = own.get("effort") or None
    unanswered = [name for name in dict.fromkeys(departments) if effort and name not in effort]
    return Project(
        service,
        effort,
        int(own.get("duration") or 1),
        own.get("once"),
        own.get("yearly"),
        tuple(gates),
        last if last < len(quarters) else None,
        (after,) if after in decision.names else (),
        condition,
        tuple(unanswered),
    )
