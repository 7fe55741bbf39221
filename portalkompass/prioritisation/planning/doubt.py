"""The portfolio under doubt: in how many draws of weights and unknown values a project is in the best plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portalkompass.prioritisation.planning.greedy import plans, prices
from portalkompass.prioritisation.planning.programme import FEW_COLUMNS, Plan, Programme, Solver

SEED = 20251216
ROUNDS = ((0.9, 0.0), (0.5, 0.0), (0.9, 0.2))
"""Discount of the prices, and standard deviation of the logarithm by which turns are shuffled; a plan each a draw."""
LARGE = 4
"""Of large portfolios only every fourth draw makes a plan; all draws choose among them."""
MOST_PLANS = 4_000
ANCHORS, CHECKED = 4, 4
"""Draws that are solved exactly because they lie far apart, and others that say how good the plan found is."""
SECONDS = 0.5
_EQUAL = 1e-9
_ROWS = 500


@dataclass(frozen=True)
class Doubt:
    """``share``: project → share of the draws (0 … 1) whose plan holds it; ``draws`` and ``plans``: how many of each.

    Without a plan to draw from (``plans`` is 0) shares are NaN; what has a legal date is in every plan that there is.

    ``checked`` draws were solved exactly: ``same`` is the share of their memberships that the plan found has, too, and
    ``short`` by which share its value falls short on average; NaN without any.
    """

    draws: int
    plans: int
    share: Mapping[str, float]
    checked: int
    same: float
    short: float


def under_doubt(programme: Programme, values: NDArray[np.float64], known: Plan | None = None) -> Doubt:
    """Membership over draws; ``values``: draws × projects (in the programme's order), points of each.

    Every draw takes the best of all plans that were found for any draw: a plan is allowed whatever the weights
    are, so draws share them. Some draws are solved exactly besides, and say how good that is.
    """
    names = [one.id for one in programme.projects]
    draws = len(values)
    if not names or not draws or (known is not None and not known.feasible):
        return _not_drawn(programme, draws)
    pool = _pool(programme, values, known)
    if not len(pool):
        return _not_drawn(programme, draws)
    lengths = _lengths(programme, pool)
    chosen, worth = best_of(values, lengths)
    member = lengths > 0
    share = np.bincount(chosen, minlength=len(pool)) @ member / draws
    checked, same, short = _check(programme, values, member, (chosen, worth))
    return Doubt(draws, len(pool), dict(zip(names, share.tolist(), strict=True)), checked, same, short)


def _not_drawn(programme: Programme, draws: int) -> Doubt:
    nan = float("nan")
    share = {
        one.id: 1.0 if must else nan for one, must in zip(programme.projects, programme.must, strict=True)
    }
    return Doubt(draws, 0, share, 0, nan, nan)


def best_of(
    values: NDArray[np.float64], lengths: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For every row of values the plan (row of ``lengths``: quarters live by project) worth most, and its worth."""
    drawn = values.astype(np.float32)
    best = np.zeros(len(values), dtype=np.intp)
    worth = np.full(len(values), -np.inf, dtype=np.float32)
    for begin in range(0, len(lengths), _ROWS):
        scores = drawn @ lengths[begin : begin + _ROWS].T
        place = scores.argmax(axis=1)
        top = scores[np.arange(len(scores)), place]
        better = top > worth * (1 + _EQUAL)
        best[better], worth[better] = place[better] + begin, top[better]
    return best, worth.astype("float64")


def _pool(programme: Programme, values: NDArray[np.float64], known: Plan | None) -> NDArray[np.int16]:
    """Different plans, one a row: beginnings by project, −1 not in it; none that misses a legal date."""
    generator = np.random.default_rng(SEED)
    price = prices(programme, values.mean(axis=0))
    if len(programme.owner) > FEW_COLUMNS:
        # without the exact plan: it would be worth most in every draw, only because the others are not exact
        found = [plans(programme, values[::LARGE], price, ROUNDS[0][0])]
    else:
        solver = Solver(programme)
        exact = [solver.plan(values[draw], seconds=SECONDS) for draw in far_apart(values, ANCHORS)]
        found = [_as_row(programme, plan) for plan in (*exact, *(() if known is None else (known,)))]
        for discount, noise in ROUNDS:
            shuffled = values * np.exp(noise * generator.standard_normal(values.shape)) if noise else values
            found.append(plans(programme, shuffled, price, discount))
    rows = np.concatenate(found)
    rows = rows[(rows[:, programme.must] >= 0).all(axis=1)]
    if known is not None and known.starts and not (rows >= 0).any():
        return rows[:0]  # the turns found only the plan without anything, which is not the best
    different, counts = np.unique(rows, axis=0, return_counts=True)
    return np.asarray(different[np.argsort(-counts, kind="stable")[:MOST_PLANS]])


def far_apart(values: NDArray[np.float64], most: int) -> list[int]:
    """Rows of ``values``: the one next to their middle, then each as far as possible from those before it."""
    distance = ((values - values.mean(axis=0)) ** 2).sum(axis=1)
    chosen = [int(distance.argmin())]
    nearest = ((values - values[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < min(most, len(values)) and nearest.max() > 0:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, ((values - values[chosen[-1]]) ** 2).sum(axis=1))
    return chosen


def _as_row(programme: Programme, plan: Plan) -> NDArray[np.int16]:
    return np.array([[plan.starts.get(one.id, -1) for one in programme.projects]], dtype=np.int16)


def _lengths(programme: Programme, pool: NDArray[np.int16]) -> NDArray[np.float32]:
    """Quarters live by plan and project, 0 where it is not in the plan."""
    duration = np.array([one.duration for one in programme.projects])
    live = programme.limits.quarters - (pool + duration - 1)
    return np.where(pool >= 0, live, 0).astype(np.float32)


def _check(
    programme: Programme,
    values: NDArray[np.float64],
    member: NDArray[np.bool_],
    found: tuple[NDArray[np.intp], NDArray[np.float64]],
) -> tuple[int, float, float]:
    """How many draws were solved exactly, the share of equal memberships, and by how much their value falls short."""
    if len(programme.owner) > FEW_COLUMNS:
        return 0, float("nan"), float("nan")
    solver = Solver(programme)
    same, short = [], []
    for draw in range(len(values) // (2 * CHECKED), len(values), max(1, len(values) // CHECKED)):
        exact = solver.plan(values[draw], seconds=SECONDS)
        if exact.gap > _EQUAL:
            continue
        own = np.array([one.id in exact.starts for one in programme.projects])
        same.append(float((own == member[found[0][draw]]).mean()))
        short.append(max(0.0, 1.0 - found[1][draw] / exact.value) if exact.value > 0 else 0.0)
    if not same:
        return 0, float("nan"), float("nan")
    return len(same), float(np.mean(same)), float(np.mean(short))
