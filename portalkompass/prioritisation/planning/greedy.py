"""Good plans for thousands of weightings at once: projects are taken in turn, each in the quarter that pays best.

A first pass takes what is worth more than the days and euros that it uses, at their prices; a second one fills up. No
plan made here is proved to be the best; it keeps all limits, dependencies and legal dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from portalkompass.prioritisation.planning.programme import Programme, Solver

_AT_A_TIME = 1_000
_ROOM = 1e-6
_FREE = 1e-6
"""Price of what nothing limits."""
_LIFT = 1.000_001
"""What others wait for comes before them."""


@dataclass(frozen=True)
class _Table:
    """Every project's possible beginnings as arrays: projects × beginnings (× rows that they use, padded)."""

    start: NDArray[np.int64]
    rows: NDArray[np.int64]
    need: NDArray[np.float64]
    quarters: NDArray[np.float64]
    cost: NDArray[np.float64]
    limit: NDArray[np.float64]
    before: NDArray[np.int64]
    duration: NDArray[np.int64]


def prices(programme: Programme, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a unit of each resource is worth at these values: the dual values of the relaxed programme."""
    if not len(programme.owner):
        return np.zeros(len(programme.resources))
    relaxed = Solver(programme, relaxed=True)
    relaxed.plan(values)
    if relaxed.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return np.zeros(len(programme.resources))
    duals = np.abs(np.array(relaxed.model.getSolution().row_dual))
    first = len(programme.projects)
    return np.asarray(duals[first : first + len(programme.resources)])


def plans(
    programme: Programme, values: NDArray[np.float64], price: NDArray[np.float64], discount: float = 0.9
) -> NDArray[np.int16]:
    """The beginnings chosen for each row of ``values`` (rows × projects): rows × projects, −1 not in the plan.

    ``discount`` of the prices counts in the first pass: at the full price too much is left lying. Rows that keep no
    legal date are all −1.
    """
    table = _table(programme, price)
    keys = _keys(programme, table, values)
    chosen = np.full(values.shape, -1, dtype=np.int16)
    for begin in range(0, len(values), _AT_A_TIME):
        part = slice(begin, begin + _AT_A_TIME)
        order = np.argsort(-keys[part], axis=1, kind="stable")
        chosen[part] = _taken(table, order, values[part], discount)
    if programme.must.any():
        chosen[(chosen[:, programme.must] < 0).any(axis=1)] = -1
    return chosen


def _keys(programme: Programme, table: _Table, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points for what a project costs, at its cheapest; what others wait for is lifted before them."""
    keys = values * (table.quarters / (table.cost + _FREE)).max(axis=1)
    keys[:, programme.must] += 1.0 + keys.max(initial=0.0)
    # as often as the longest chain could be: each pass lifts what stands one step further from its dependants
    for _ in programme.projects:
        changed = False
        for number, one in enumerate(programme.projects):
            for need in one.needs:
                if (other := programme.place.get(need)) is None:
                    continue
                lifted = np.maximum(keys[:, other], keys[:, number] * _LIFT + 1e-12)
                changed |= bool((lifted > keys[:, other]).any())
                keys[:, other] = lifted
        if not changed:
            break
    return np.asarray(keys)


def _table(programme: Programme, price: NDArray[np.float64]) -> _Table:
    count = len(programme.projects)
    beginnings = max((len(own) for own in programme.starts_of), default=0) or 1
    most = max((len(uses) for uses in programme.uses), default=0) or 1
    dummy = len(programme.resources)
    start = np.full((count, beginnings), -1, dtype=np.int64)
    rows = np.full((count, beginnings, most), dummy, dtype=np.int64)
    need = np.zeros((count, beginnings, most))
    quarters = np.zeros((count, beginnings))
    for (owner, begin), column in programme.column.items():
        place = programme.starts_of[owner].index(begin)
        start[owner, place], quarters[owner, place] = begin, programme.quarters_live[column]
        for number, (row, amount) in enumerate(programme.uses[column]):
            rows[owner, place, number], need[owner, place, number] = row, amount
    needs = [[programme.place.get(name, -2) for name in one.needs] for one in programme.projects]
    deepest = max((len(own) for own in needs), default=0) or 1
    before = np.full((count, deepest), count, dtype=np.int64)
    for number, own in enumerate(needs):
        before[number, : len(own)] = [count + 1 if other == -2 else other for other in own]  # noqa: PLR2004
    limit = np.array([one.limit for one in programme.resources] + [np.inf])
    duration = np.array([one.duration for one in programme.projects], dtype=np.int64)
    cost = (np.append(price, 0.0)[rows] * need).sum(axis=2)
    return _Table(start, rows, need, quarters, cost, limit, before, duration)


def _taken(
    table: _Table, order: NDArray[np.intp], values: NDArray[np.float64], discount: float
) -> NDArray[np.int16]:
    """Take the projects of each row in its order, where and when there is room."""
    draws, count = order.shape
    left = np.tile(table.limit, (draws, 1))
    free = np.full((draws, count + 2), np.iinfo(np.int64).max // 2)
    free[:, count] = 0  # nothing to wait for; the one behind it stands for what cannot be planned
    taken = np.full((draws, count), -1, dtype=np.int16)
    every = np.arange(draws)
    for turn in range(2 * count):
        one = order[:, turn % count]
        open_rows = np.flatnonzero(taken[every, one] < 0)
        one = one[open_rows]
        start = table.start[one]
        ready = np.take_along_axis(free[open_rows], table.before[one], axis=1).max(axis=1)
        rows, need = table.rows[one], table.need[one]
        room = left[open_rows[:, None, None], rows] - need >= -_ROOM
        profit = values[open_rows, one][:, None] * table.quarters[one] - discount * table.cost[one]
        possible = (start >= ready[:, None]) & (start >= 0) & room.all(axis=2)
        if turn < count:
            possible &= profit >= 0
        place = np.where(possible, profit, -np.inf).argmax(axis=1)
        found = np.flatnonzero(possible[np.arange(len(one)), place])
        row, chosen = open_rows[found], one[found]
        begins = start[found, place[found]]
        taken[row, chosen] = begins
        free[row, chosen] = begins + table.duration[chosen]
        left[row[:, None], rows[found, place[found]]] -= need[found, place[found]]
    return taken
