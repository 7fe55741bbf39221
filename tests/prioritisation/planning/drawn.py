"""Drawn portfolios, and the best plan of each by trying everything; shares no code with the programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portalkompass.prioritisation.planning import Gate, Limits, Project


@dataclass(frozen=True)
class Drawn:
    """A portfolio with points by project."""

    projects: list[Project]
    limits: Limits
    values: dict[str, float]


def portfolio(seed: int, *, most: int = 20) -> Drawn:
    """Up to ``most`` projects over two to four quarters; some with money, dates and dependencies."""
    draw = np.random.default_rng(seed)
    count, quarters = int(draw.integers(1, most + 1)), int(draw.integers(2, 5))
    years = tuple(2026 + (quarter + int(seed) % 4) // 4 for quarter in range(quarters))
    projects = []
    for number in range(count):
        effort = {f"Amt {draw.integers(3)}": float(draw.integers(1, 9))}
        if draw.random() < 0.6:
            effort["IT"] = float(draw.integers(1, 9))
        needs = (f"p{draw.integers(number)}",) if number and draw.random() < 0.2 else ()
        projects.append(
            Project(
                f"p{number}",
                effort if draw.random() > 0.05 else None,
                int(draw.integers(1, 3)),
                float(draw.integers(0, 50)),
                float(draw.integers(0, 20)) * 4,
                (Gate("EfA", int(draw.integers(0, quarters))),) if draw.random() < 0.3 else (),
                int(draw.integers(0, quarters)) if draw.random() < 0.05 else None,
                needs,
            )
        )
    capacity = {f"Amt {own}": [float(draw.integers(2, 12)) for _ in range(quarters)] for own in range(2)}
    capacity["IT"] = [float(draw.integers(3, 14)) if draw.random() > 0.1 else None for _ in range(quarters)]
    budget = {years[0]: float(draw.integers(20, 150))} if draw.random() < 0.6 else {}
    values = {one.id: float(draw.integers(0, 1000)) / 10 for one in projects}
    return Drawn(projects, Limits(years, capacity, budget), values)


def best_by_trying(drawn: Drawn) -> float | None:
    """The largest sum of points times quarters live of all allowed plans; None where legal dates cannot be kept."""
    limits, quarters = drawn.limits, len(drawn.limits.years)
    left = {(name, q): own[q] for name, own in limits.capacity.items() for q in range(quarters)}
    left |= {("€", year): limits.budget.get(year) for year in set(limits.years)}
    money_matters = any(limits.budget.get(year) is not None for year in limits.years)
    assert not money_matters or all(p.once is not None for p in drawn.projects)
    # projects that others need are drawn before them, so that the order of the list will do
    options = []
    for p in drawn.projects:
        own = []
        for first in range(quarters):
            online = first + p.duration - 1
            if p.effort is None or online >= quarters or any(first < gate.quarter for gate in p.gates):
                continue
            if p.due is not None and online > p.due:
                continue
            costs: dict = {}
            for name, days in p.effort.items():
                for q in range(first, online + 1):
                    costs[name, q] = costs.get((name, q), 0) + days / p.duration
            costs["€", limits.years[first]] = p.once
            for q in range(online + 1, quarters):
                costs["€", limits.years[q]] = costs.get(("€", limits.years[q]), 0) + p.yearly / 4
            own.append((drawn.values[p.id] * (quarters - online), online, first, costs))
        options.append(sorted(own, key=lambda option: -option[0]))
    hope = [0.0]
    for own in reversed(options):
        hope.append(hope[-1] + (own[0][0] if own else 0.0))
    hope.reverse()
    best = [None]
    online_of: dict = {}

    def try_from(number: int, earned: float) -> None:
        if best[0] is not None and earned + hope[number] <= best[0] + 1e-9:
            return
        if number == len(options):
            best[0] = earned
            return
        p = drawn.projects[number]
        for points, online, first, costs in options[number]:
            if any(online_of.get(need) is None or online_of[need] >= first for need in p.needs):
                continue
            limited = [(place, amount) for place, amount in costs.items() if left.get(place) is not None]
            if all(left[place] >= amount - 1e-9 for place, amount in limited):
                for place, amount in limited:
                    left[place] -= amount
                online_of[p.id] = online
                try_from(number + 1, earned + points)
                online_of[p.id] = None
                for place, amount in limited:
                    left[place] += amount
        if p.due is None or p.effort is None:
            try_from(number + 1, earned)

    # a project of unknown effort cannot be planned, whatever its date: the plan says so instead of failing
    try_from(0, 0.0)
    return best[0]
