"""What is missing: for a project that waits the least extra room that brings it in, for legal dates why they clash."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import highspy
import numpy as np

from portalkompass.prioritisation.planning.portfolio import Limits, Project, before
from portalkompass.prioritisation.planning.programme import (
    Entries,
    Plan,
    Programme,
    Resource,
    impossible_in,
    model,
)

SECONDS = 2.0
_NOTHING = 1e-4
"""Days and euros that are rounding; what is missing is told in thousandths, rounded up."""


@dataclass(frozen=True)
class Extra:
    """Room that is missing: person-days by (department, quarter), euros by year.

    ``possible``: whether room alone helps; None where time ran out before it was known.
    ``proved``: whether it is the least; otherwise less may do.
    ``brings``: what has to be in the plan besides, because the project waits for it.
    """

    days: Mapping[tuple[str, int], float]
    euros: Mapping[int, float]
    possible: bool | None = True
    brings: tuple[str, ...] = ()
    proved: bool = True

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


def next_cost(programme: Programme, plan: Plan, project: str, *, seconds: float = SECONDS) -> Extra:
    """The least extra room with which a project joins everything that is planned already, wherever it moves to.

    Fewest person-days first, then fewest euros, ``seconds`` each at most. Not possible where its conditions leave it no
    quarter.

    Raises:
        KeyError: the project cannot be planned.
    """
    needs = {one.id: one.needs for one in programme.projects}
    brings = before(project, needs)
    if programme.place.keys() < brings | {project}:
        return Extra({}, {}, possible=False)
    wanted = {*plan.starts, *brings, project}
    extra = _least_room(programme, wanted, seconds)
    return replace(extra, brings=tuple(sorted(brings - set(plan.starts))))


def clash(projects: Iterable[Project], limits: Limits, *, seconds: float = SECONDS) -> Clash | None:
    """Why the legal dates cannot all be kept; None where they can, or where ``seconds`` prove neither.

    None of the dates named can be left out, as far as that is proved in time.
    """
    every = {one.id: one for one in projects}
    needs = {one.id: one.needs for one in every.values()}
    dated = sorted((one for one in every.values() if one.due is not None), key=lambda one: (one.due, one.id))
    for one in dated:
        if reason := _late(one, every, limits, seconds):
            return Clash((one.id,), Extra({}, {}, possible=False), late=True, blocked=reason)
    names = [one.id for one in dated]

    def impossible(some: Collection[str]) -> bool:
        return _alone(some, every, needs, limits).plan({}, seconds=seconds).feasible is False

    if not names or not impossible(names):
        return None
    for name in list(names):  # what can be left out without making them possible has no part in it
        rest = [other for other in names if other != name]
        if rest and impossible(rest):
            names = rest
    return Clash(tuple(names), _least_room(_alone(names, every, needs, limits), set(names), seconds))


def _late(one: Project, every: Mapping[str, Project], limits: Limits, seconds: float) -> str:
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
    if free.plan({}, seconds=seconds).feasible is not False:
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


@dataclass(frozen=True)
class _Room:
    """Extra room by resource, None where none was found; ``proved``: that it is the least, or that none helps."""

    amounts: np.ndarray | None
    proved: bool


def _least_room(programme: Programme, wanted: Collection[str], seconds: float) -> Extra:
    """The least extra room with which all of these are in the plan: fewest days, then fewest euros."""
    resources = programme.resources
    of_days = np.array([bool(one.department) for one in resources], dtype="float64")
    first = _solved(programme, wanted, of_days, math.inf, seconds)
    if first.amounts is None:
        return Extra({}, {}, possible=False if first.proved else None)
    if of_days.all():
        return _told(first.amounts, resources, first.proved)
    days = float(first.amounts @ of_days)
    second = _solved(programme, wanted, 1.0 - of_days, days + _NOTHING, seconds)
    best = first.amounts if second.amounts is None else second.amounts
    return _told(best, resources, first.proved and second.proved and second.amounts is not None)


def _solved(
    programme: Programme, wanted: Collection[str], price: np.ndarray, most_days: float, seconds: float
) -> _Room:
    """Extra room by resource that costs least at these prices."""
    entries, lower, upper = programme.rows()
    columns, count = len(programme.owner), len(programme.resources)
    first = len(programme.projects)
    for number, one in enumerate(programme.projects):
        lower[number] = 1.0 if one.id in wanted else lower[number]
        if one.id in wanted and not entries[number]:
            return _Room(None, proved=True)
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
    solver.setOptionValue("time_limit", seconds)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return _Room(None, proved=impossible_in(solver))
    amounts = np.asarray(np.array(solver.getSolution().col_value)[columns:], dtype="float64")
    return _Room(amounts, proved=solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _told(extra: np.ndarray, resources: Iterable[Resource], proved: bool) -> Extra:
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
    return Extra(days, euros, proved=proved or not (days or euros))
