"""The best set and order of projects under the limits, exact: an integer programme, solved by HiGHS.

A column is one project beginning in one quarter. A project in the plan earns its value for every quarter in which it
is live, the quarter of the go-live included; the plan with the largest sum is the best. Projects with a legal date must
be in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray

from portalkompass.prioritisation.planning.portfolio import Limits, Project, check, lacking, used

SECONDS, SECONDS_LARGE = 10.0, 0.7
"""After which the best plan found so far is taken; the plan then says how much better one could be. The second is for
more than ``FEW_COLUMNS``: there a proof takes minutes (measured), and the last percent is not worth them."""
FEW_COLUMNS = 400
"""Up to this size branching alone is faster than HiGHS's own search for good plans and for cuts (measured)."""
_ABSOLUTE_GAP = 1e-6
_CHOSEN = 0.5
_SMALL: dict[str, bool | float | str] = {
    "presolve": "off",
    "mip_allow_restart": False,
    "mip_allow_cut_separation_at_nodes": False,
    "mip_pool_soft_limit": 1,
    "mip_pscost_minreliable": 0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_zi_round": False,
    "mip_heuristic_run_shifting": False,
}
Entries = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Resource:
    """What a row of the programme limits: days of a department in a quarter, or euros of a year (department "")."""

    department: str
    quarter: int
    limit: float


@dataclass(frozen=True)
class Plan:
    """``starts``: project → first quarter of what is in the plan; ``live``: project → quarter of its go-live.

    ``value``: points times quarters live, over all; ``bound``: what no plan can exceed. ``feasible``: whether every
    legal date can be kept, without that nothing is planned; None where time ran out before a plan was found or proved
    impossible.
    """

    starts: Mapping[str, int]
    live: Mapping[str, int]
    value: float
    bound: float
    feasible: bool | None = True

    @property
    def gap(self) -> float:
        """By which share a better plan could exceed this one at most; 0 where it is proved to be the best.

        Infinite where this plan is worth nothing and another could be worth something.
        """
        if self.value <= 0:
            return math.inf if self.bound > _ABSOLUTE_GAP else 0.0
        return max(0.0, (self.bound - self.value) / self.value)


class Programme:
    """The constraints of a portfolio, built once; values come with each question.

    ``projects``: those that can be planned, in the order given; ``apart``: project → why it cannot, in German.

    Raises:
        PrioritisationError: see ``portfolio.check``.
    """

    def __init__(self, projects: Iterable[Project], limits: Limits) -> None:
        every = tuple(projects)
        check(every, limits)
        self.limits = limits
        self.apart = {one.id: why for one in every if (why := lacking(one, limits))}
        self.projects = tuple(one for one in every if one.id not in self.apart)
        self.place = {one.id: number for number, one in enumerate(self.projects)}
        quarters = limits.quarters
        self.starts_of = [_starts(one, quarters) for one in self.projects]
        pairs = [(number, start) for number, own in enumerate(self.starts_of) for start in own]
        self.owner = np.array([number for number, _ in pairs], dtype=np.intp)
        self.start = np.array([start for _, start in pairs], dtype=np.intp)
        duration = np.array([one.duration for one in self.projects], dtype=np.intp)
        last = self.start + duration[self.owner] - 1 if pairs else self.start
        self.quarters_live = (quarters - last).astype("float64")
        self.column = {pair: number for number, pair in enumerate(pairs)}
        self.resources, self.uses = _resources(self)
        self.must = np.array([one.due is not None for one in self.projects], dtype=bool)

    def rows(self) -> tuple[list[Entries], list[float], list[float]]:
        """Entries, lower and upper ends of all rows: once at most, limits, dependencies."""
        entries: list[Entries] = []
        lower: list[float] = []
        upper: list[float] = []
        for number, own in enumerate(self.starts_of):
            entries.append([(self.column[number, start], 1.0) for start in own])
            lower.append(1.0 if self.must[number] else 0.0)
            upper.append(1.0)
        of_resource: list[Entries] = [[] for _ in self.resources]
        for column, uses in enumerate(self.uses):
            for row, amount in uses:
                of_resource[row].append((column, amount))
        for resource, own_entries in zip(self.resources, of_resource, strict=True):
            entries.append(own_entries)
            lower.append(-math.inf)
            upper.append(resource.limit)
        for number, one in enumerate(self.projects):
            for need in one.needs:
                for begun in self._after(number, need):
                    entries.append(begun)
                    lower.append(-math.inf)
                    upper.append(0.0)
        return entries, lower, upper

    def _after(self, number: int, need: str) -> Iterable[Entries]:
        """Rows that let a project begin only once the other is live; never, where that cannot be planned."""
        other = self.place.get(need)
        for start in self.starts_of[number]:
            begun = [(self.column[number, own], 1.0) for own in self.starts_of[number] if own <= start]
            if other is not None:
                duration = self.projects[other].duration
                begun += [
                    (self.column[other, own], -1.0)
                    for own in self.starts_of[other]
                    if own + duration <= start
                ]
            yield begun

    def plan(self, values: Mapping[str, float], *, seconds: float | None = None) -> Plan:
        """The best plan; ``values``: points of each project, at least 0 (missing ones count 0)."""
        return Solver(self).plan(self.vector(values), seconds=self.seconds if seconds is None else seconds)

    @property
    def seconds(self) -> float:
        """How long a plan may take."""
        return SECONDS if len(self.owner) <= FEW_COLUMNS else SECONDS_LARGE

    def vector(self, values: Mapping[str, float]) -> NDArray[np.float64]:
        """Values in the order of ``projects``."""
        return np.array([float(values.get(one.id, 0.0)) for one in self.projects], dtype="float64")

    def made_of(self, chosen: Sequence[int], value: float, bound: float) -> Plan:
        """The plan whose columns these are."""
        starts = {self.projects[self.owner[column]].id: int(self.start[column]) for column in chosen}
        live = {name: begin + self.projects[self.place[name]].duration - 1 for name, begin in starts.items()}
        return Plan(starts, live, value, bound)


class Solver:
    """One HiGHS model of a programme; only what projects are worth changes from question to question."""

    def __init__(self, programme: Programme, *, relaxed: bool = False) -> None:
        self.programme = programme
        entries, lower, upper = programme.rows()
        self.model = model(len(programme.owner), entries, lower, upper, relaxed=relaxed)

    def plan(
        self,
        values: NDArray[np.float64],
        *,
        seconds: float = SECONDS,
        gap: float = 0.0,
        begin: NDArray[np.float64] | None = None,
    ) -> Plan:
        """The best plan for these values (one per project); ``begin``: a plan to start from, by column.

        ``gap``: the share of its value by which the plan may fall short; 0 asks for the best.
        """
        programme = self.programme
        if not len(programme.owner):
            return Plan({}, {}, 0.0, 0.0, not programme.must.any())
        costs = np.maximum(values, 0.0)[programme.owner] * programme.quarters_live
        columns = np.arange(len(costs), dtype=np.int32)
        self.model.changeColsCost(len(costs), columns, costs)
        self.model.setOptionValue("time_limit", seconds + self.model.getRunTime())
        self.model.setOptionValue("mip_rel_gap", gap)
        if begin is not None:
            used = np.flatnonzero(begin).astype(np.int32)
            self.model.setSolution(len(used), used, begin[used])
        self.model.run()
        info = self.model.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            impossible = impossible_in(self.model)
            return Plan({}, {}, 0.0, 0.0 if impossible else math.inf, feasible=False if impossible else None)
        solution = np.array(self.model.getSolution().col_value)
        chosen = np.flatnonzero(solution > _CHOSEN)
        value = float(costs[chosen].sum())
        return programme.made_of(chosen.tolist(), value, max(value, float(info.mip_dual_bound)))


def model(
    columns: int,
    entries: Sequence[Entries],
    lower: Sequence[float],
    upper: Sequence[float],
    *,
    relaxed: bool = False,
) -> _Highs:
    """A silent HiGHS model that maximises over 0/1 columns (0 … 1 where ``relaxed``), still without costs."""
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = columns, len(entries)
    programme.col_cost_ = np.zeros(columns)
    programme.col_lower_, programme.col_upper_ = np.zeros(columns), np.ones(columns)
    programme.row_lower_ = np.array(lower, dtype="float64")
    programme.row_upper_ = np.array(upper, dtype="float64")
    programme.sense_ = highspy.ObjSense.kMaximize
    sizes = [len(row) for row in entries]
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    programme.a_matrix_.index_ = np.array([column for row in entries for column, _ in row], dtype=np.int32)
    programme.a_matrix_.value_ = np.array([amount for row in entries for _, amount in row], dtype="float64")
    if not relaxed:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * columns
    solver = _Highs()  # its public child prints a line to stdout, where answers as JSON stand
    settings = {"output_flag": False, "threads": 1, "mip_abs_gap": _ABSOLUTE_GAP}
    for option, setting in (settings | (_SMALL if columns <= FEW_COLUMNS else {})).items():
        solver.setOptionValue(option, setting)
    solver.passModel(programme)
    return solver


def impossible_in(solved: _Highs) -> bool:
    """Whether HiGHS proved that nothing meets the rows; a time limit proves nothing.

    What is maximised here is bounded, so its "infeasible or unbounded" means the first.
    """
    return solved.getModelStatus() in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )


def _starts(project: Project, quarters: int) -> range:
    """The quarters in which a project may begin, so that it is live in the plan and by its legal date."""
    last = quarters - 1 if project.due is None else min(project.due, quarters - 1)
    return range(project.earliest, max(project.earliest, last - project.duration + 2))


def _resources(programme: Programme) -> tuple[list[Resource], list[Entries]]:
    """What is limited, and what every column uses of it."""
    limits = programme.limits
    resources = [
        Resource(department, quarter, float(limit))
        for department, own in limits.capacity.items()
        for quarter, limit in enumerate(own)
        if limit is not None
    ]
    years = dict.fromkeys(limits.years)
    resources += [
        Resource("", year, float(limit)) for year in years if (limit := limits.budget.get(year)) is not None
    ]
    row = {(one.department, one.quarter): number for number, one in enumerate(resources)}
    uses = [
        [
            (row[place], amount)
            for place, amount in used(programme.projects[owner], int(start), limits).items()
            if place in row
        ]
        for owner, start in zip(programme.owner, programme.start, strict=True)
    ]
    return resources, uses
