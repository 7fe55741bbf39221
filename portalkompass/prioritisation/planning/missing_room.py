"""What is missing: for a project that waits the least extra room that brings it in, for legal dates why they clash."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import highspy
import numpy as np

from portalkompass.prioritisation.planning.portfolio import Limits, Project, before
from portalkompass.prioritisation.planning.programme import Entries, Plan, Programme, Resource, model

SECONDS = 2.0
_NOTHING = 1e-4
"""Days and euros that are rounding; what is missing is told in thousandths, rounded up."""


@dataclass(frozen=True)
class Extra:
    """Room that is missing: person-days by (department, quarter), euros by year.

    ``possible``: whether room alone helps.
    ``brings``: what has to be in the plan besides, because the project waits for it.
    """

    days: Mapping[tuple[str, int], float]
    euros: Mapping[int, float]
    possible: bool = True
    brings: tuple[str, ...] = ()

    @property
    def total_days(self) -> float:
        """Person-days over all departments and quarters."""
        return math.fsum(self.days.values())

    @property
    def total_euros(self) -> float:
        """Euros over all years."""
        return math.fsum(self.euros.values())


@dataclass(frozen=True)
class Clash:
    """Legal dates that cannot be kept together: ``projects``, and the room that they lack.

    ``late``: they cannot be live in time however much room there is; ``blocked`` says for what the first of them waits.
    """

    projects: tuple[str, ...]
    extra: Extra
    late: bool = False
    blocked: str = ""


def next_cost(programme: Programme, plan: Plan, project: str) -> Extra:
    """The least extra room with which a project joins everything that is planned already, wherever it moves to.

    Fewest person-days first, then fewest euros. Not possible where its conditions leave it no quarter.

    Raises:
        KeyError: the project cannot be planned.
    """
    needs = {one.id: one.needs for one in programme.projects}
    brings = before(project, needs)
    if programme.place.keys() < brings | {project}:
        return Extra({}, {}, possible=False)
    wanted = {*plan.starts, *brings, project}
    extra = _least_room(programme, wanted)
    return replace(extra, brings=tuple(sorted(brings - set(plan.starts))))


def clash(projects: Iterable[Project], limits: Limits) -> Clash | None:
    """Why the legal dates cannot all be kept; None where they can. The fewest dates that clash are named."""
    every = {one.id: one for one in projects}
    needs = {one.id: one.needs for one in every.values()}
    dated = sorted((one for one in every.values() if one.due is not None), key=lambda one: (one.due, one.id))
    for one in dated:
        if reason := _late(one, every, limits):
            return Clash((one.id,), Extra({}, {}, possible=False), late=True, blocked=reason)
    if not dated or _feasible([one.id for one in dated], every, needs, limits):
        return None
    names = [one.id for one in dated]
    for name in list(names):  # what can be left out without making them possible has no part in it
        rest = [other for other in names if other != name]
        if rest and not _feasible(rest, every, needs, limits):
            names = rest
    return Clash(tuple(names), _least_room(_alone(names, every, needs, limits), set(names)))


def _late(one: Project, every: Mapping[str, Project], limits: Limits) -> str:
    """Why a project with a legal date has no quarter at all; "" where it has one."""
    needs = {other.id: other.needs for other in every.values()}
    chain = before(one.id, needs)
    alone = Programme(
        [replace(every[name], due=every[name].due) for name in sorted({*chain, one.id})], limits
    )
    for name in sorted({*chain, one.id}):
        if name in alone.apart:
            return f"{name}: {alone.apart[name]}"
    free = Programme(alone.projects, replace(limits, capacity={}, budget={}))
    if free.plan({}).feasible:
        return ""
    gates = [gate for name in sorted({one.id, *chain}) for gate in every[name].gates]
    latest = max(gates, key=lambda gate: gate.quarter, default=None)
    return latest.label if latest and latest.quarter else "Dauer"


def _alone(
    names: Collection[str], every: Mapping[str, Project], needs: Mapping[str, tuple[str, ...]], limits: Limits
) -> Programme:
    """The programme of these projects and what they wait for, and nothing else; only their own dates are due."""
    kept = {*names}.union(*(before(name, needs) for name in names))
    return Programme(
        [one if one.id in names else replace(one, due=None) for one in every.values() if one.id in kept],
        limits,
    )


def _feasible(
    names: Collection[str], every: Mapping[str, Project], needs: Mapping[str, tuple[str, ...]], limits: Limits
) -> bool:
    return _alone(names, every, needs, limits).plan({}).feasible


def _least_room(programme: Programme, wanted: Collection[str]) -> Extra:
    """The least extra room with which all of these are in the plan: fewest days, then fewest euros."""
    resources = programme.resources
    if not resources:
        solved = _solved(programme, wanted, np.zeros(0), math.inf)
        return Extra({}, {}, possible=solved is not None)
    of_days = np.array([bool(one.department) for one in resources], dtype="float64")
    first = _solved(programme, wanted, of_days, math.inf)
    if first is None:
        return Extra({}, {}, possible=False)
    days = float(first @ of_days)
    second = _solved(programme, wanted, 1.0 - of_days, days + _NOTHING) if (of_days == 0).any() else first
    return _told(first if second is None else second, resources)


def _solved(
    programme: Programme, wanted: Collection[str], price: np.ndarray, most_days: float
) -> np.ndarray | None:
    """Extra room by resource that costs least at these prices; None where no room helps."""
    entries, lower, upper = programme.rows()
    columns, count = len(programme.owner), len(programme.resources)
    first = len(programme.projects)
    for number, one in enumerate(programme.projects):
        lower[number] = 1.0 if one.id in wanted else lower[number]
        if one.id in wanted and not entries[number]:
            return None
    widened: list[Entries] = [
        [*row, (columns + number - first, -1.0)] if first <= number < first + count else row
        for number, row in enumerate(entries)
    ]
    days = [(columns + number, 1.0) for number, one in enumerate(programme.resources) if one.department]
    if math.isfinite(most_days) and days:
        widened.append(days)
        lower, upper = [*lower, -math.inf], [*upper, most_days]
    solver = model(columns + count, widened, lower, upper)
    extra = np.arange(columns, columns + count, dtype=np.int32)
    if count:
        solver.changeColsBounds(count, extra, np.zeros(count), np.full(count, highspy.kHighsInf))
        for column in extra.tolist():
            solver.changeColIntegrality(column, highspy.HighsVarType.kContinuous)
        solver.changeColsCost(count, extra, -np.asarray(price, dtype="float64"))
    solver.setOptionValue("time_limit", SECONDS)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.asarray(np.array(solver.getSolution().col_value)[columns:], dtype="float64")


def _told(extra: np.ndarray, resources: Iterable[Resource]) -> Extra:
    days: dict[tuple[str, int], float] = {}
    euros: dict[int, float] = {}
    for one, solved in zip(resources, extra.tolist(), strict=True):
        if solved <= _NOTHING:
            continue
        amount = math.ceil(1000 * (solved - _NOTHING / 2)) / 1000
        if one.department:
            days[one.department, one.quarter] = amount
        else:
            euros[one.quarter] = amount
    return Extra(days, euros)
