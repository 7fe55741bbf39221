"""Part `plan`: the year's plan of a large list and of a usual one, exact or nearly, and drawn under doubt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.part import Goal, Part, Result
from portalkompass.prioritisation import DRAWS
from portalkompass.prioritisation.planning import Gate, Limits, Programme, Project, best_plan, under_doubt

LARGE, USUAL, QUARTERS, DEPARTMENTS, CRITERIA = 189, 20, 8, 10, 12
SECONDS_FOR_ALL, SECONDS_FOR_SLIDER = 2.0, 0.15
WEIGHTINGS = 10


@dataclass(frozen=True)
class _Measured:
    building: float
    solving: float
    drawing: float
    sliders: list[float]
    gap: float


def run(runs: int) -> Result:
    """Portfolios drawn once; weights are moved on the usual one."""
    large = [_measured(LARGE, 60.0, DEPARTMENTS, seed) for seed in range(runs)]
    usual = [_measured(USUAL, 20.0, 4, seed) for seed in range(runs)]
    whole = [one.building + one.solving + one.drawing for one in large]
    sliders = [1000 * spent for one in usual for spent in one.sliders]
    return Result(
        method=(
            f"{LARGE} services, {QUARTERS} quarters, {DEPARTMENTS} departments and IT, budgets of two years, "
            f"dependencies; the plan, then {DRAWS:,} draws of {CRITERIA} weights. Then {USUAL} services, {QUARTERS} "
            "quarters and four departments, whose IT has days for a third: the plan after each of "
            f"{WEIGHTINGS} changed weightings.",
        ),
        columns=("", "median", "lowest", "highest"),
        rows=(
            (f"plan of {LARGE} services (s)", *_spread([one.solving for one in large])),
            (f"under doubt, {LARGE} services (s)", *_spread([one.drawing for one in large])),
            ("not proved to be the best by (%)", *_spread([100 * one.gap for one in large])),
            (f"under doubt, {USUAL} services (s)", *_spread([one.drawing for one in usual])),
            (f"plan of {USUAL} services after a moved slider (ms)", *_spread(sliders)),
        ),
        goals=(
            Goal(
                f"{LARGE} services × {QUARTERS} quarters solved and drawn under doubt in {SECONDS_FOR_ALL:.0f} s",
                f"{median(whole):.2f} s",
                median(whole) <= SECONDS_FOR_ALL,
            ),
            Goal(
                f"a moved slider gives the plan of {USUAL} services in {1000 * SECONDS_FOR_SLIDER:.0f} ms",
                f"{median(sliders):.0f} ms",
                median(sliders) <= 1000 * SECONDS_FOR_SLIDER,
            ),
        ),
        notes=(
            "Processor time; the solver uses one thread. Large portfolios get 0.7 s of wall time: the plan is "
            "then the best found, and says how much better one could be. "
            f"Plans of {USUAL} services are proved to be the best.",
        ),
    )


def _measured(services: int, days: float, departments: int, seed: int) -> _Measured:
    projects, limits = _portfolio(services, days, departments, seed)
    random = np.random.default_rng(seed)
    started = time.process_time()
    programme = Programme(projects, limits)
    building = time.process_time() - started
    values = random.uniform(0, 1, size=(len(programme.projects), CRITERIA))
    draws: NDArray[np.float64] = 100 * random.dirichlet(np.ones(CRITERIA), DRAWS) @ values.T
    names = [one.id for one in programme.projects]
    scores = dict(zip(names, draws.mean(axis=0).tolist(), strict=True))
    started = time.process_time()
    plan = best_plan(programme, scores)
    solving = time.process_time() - started
    drawing = _seconds(lambda: under_doubt(programme, draws, plan))
    sliders = [
        _seconds(lambda own=own: best_plan(programme, dict(zip(names, own.tolist(), strict=True))))
        for own in (draws[:WEIGHTINGS] if services == USUAL else draws[:0])
    ]
    return _Measured(building, solving, drawing, sliders, plan.gap)


def _portfolio(services: int, days: float, departments: int, seed: int) -> tuple[list[Project], Limits]:
    random = np.random.default_rng(seed)
    projects = []
    for number in range(services):
        effort = {f"d{random.integers(departments)}": float(random.integers(1, 7) * 5)}
        if random.random() < 0.8:  # noqa: PLR2004 four of five need IT
            effort["IT"] = float(random.integers(1, 5) * 5)
        begins = Gate("EfA", int(random.choice([0, 0, 0, 1, 2, 4])))
        needs = (f"s{random.integers(number)}",) if number and random.random() < 0.1 else ()  # noqa: PLR2004
        once, yearly = float(1000 * random.integers(1, 30)), float(100 * random.integers(0, 30))
        duration = int(random.choice([1, 2, 3], p=[0.5, 0.3, 0.2]))
        projects.append(Project(f"s{number}", effort, duration, once, yearly, (begins,), needs=needs))
    capacity = {name: [days] * QUARTERS for name in (*(f"d{n}" for n in range(departments)), "IT")}
    years = tuple(2026 + quarter // 4 for quarter in range(QUARTERS))
    return projects, Limits(years, capacity, dict.fromkeys(years, 5000 * days))


def _seconds(do: Callable[[], object]) -> float:
    started = time.process_time()
    do()
    return time.process_time() - started


def _spread(values: list[float]) -> tuple[str, str, str]:
    return (f"{median(values):.2f}", f"{min(values):.2f}", f"{max(values):.2f}")


PART = Part("plan", "The year's plan", run, ("highspy", "numpy"))
