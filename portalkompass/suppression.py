"""Which cells of a table of applications or cases must not leave the app: those below 5, and more.

A cell that is hidden alone can be had from the total, so further cells are withheld until no hidden
cell follows from what is shown, from the totals, and from how this module chooses. Pure; no table is
changed here. Differences between two files of different periods are out of its reach.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Literal

SMALLEST = 5
"""Counts below this are hidden, zero included: that nobody applied says something of somebody, too."""
BELOW = f"< {SMALLEST}"
"""What stands in the place of such a count."""

State = Literal["shown", "below", "withheld"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """What becomes of each cell, and which totals (numbers of the groups) must be hidden as well.

    ``below`` is printed as "< 5"; ``withheld`` cells are 5 or more and are printed without a figure.
    """

    states: tuple[State, ...]
    hidden_totals: frozenset[int]


def is_small(count: object) -> bool:
    """Whether so few people stand behind the count that it is hidden; an unknown one is not small."""
    return isinstance(count, Real) and count < SMALLEST  # NaN is not below anything


def suppress(values: Sequence[float | None], groups: Sequence[Collection[int]] | None = None) -> Suppression:
    """Hide small counts and as few further cells as the totals require.

    ``values`` are the cells in any order, None where nothing is known (never hidden, no part of a total).
    Each of ``groups`` names the cells whose sum a reader may know: a row, a column, a subtotal. Without
    groups all cells together form one, because the total of a column is often known from elsewhere.
    The smallest shown cell of a group is withheld first. A total is hidden where all its cells are
    and one of them would still follow.
    """
    states: list[State] = ["below" if is_small(value) else "shown" for value in values]
    counted = groups if groups is not None else [range(len(values))]
    members = [sorted({cell for cell in group if values[cell] is not None}) for group in counted]
    hidden_totals: set[int] = set()
    changed = True
    while changed:
        changed = False
        for number, group in enumerate(members):
            if number in hidden_totals or not _recoverable(values, states, group):
                continue
            changed = True
            shown = [cell for cell in group if states[cell] == "shown"]
            if shown:
                states[min(shown, key=lambda cell: (_number(values, cell), cell))] = "withheld"
            else:
                hidden_totals.add(number)
    return Suppression(tuple(states), frozenset(hidden_totals))


def _recoverable(values: Sequence[float | None], states: Sequence[State], group: Sequence[int]) -> bool:
    """Whether a hidden cell of the group can have one value only, given the total and the shown cells."""
    hidden = [cell for cell in group if states[cell] != "shown"]
    rest = sum(_number(values, cell) for cell in hidden)
    # Whoever knows the rule knows that a withheld cell is no larger than the smallest one shown.
    most = min((_number(values, cell) for cell in group if states[cell] == "shown"), default=math.inf)
    low = {cell: 0.0 if states[cell] == "below" else float(SMALLEST) for cell in hidden}
    high = {cell: float(SMALLEST - 1) if states[cell] == "below" else most for cell in hidden}
    for cell in hidden:
        others = [other for other in hidden if other != cell]
        least = max(low[cell], rest - sum(high[other] for other in others))
        greatest = min(high[cell], rest - sum(low[other] for other in others))
        if greatest <= least:
            return True
    return False


def _number(values: Sequence[float | None], cell: int) -> float:
    value = values[cell]
    return 0.0 if value is None else float(value)
