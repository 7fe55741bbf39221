"""Which counts of people must not leave the app: those below 5, and those that would give them away. Pure.

A *cell* is what nobody divides any further: one page (or property) in one base period. Whether it is hidden is decided
once for all of the cells of a base period, never for a question; every longer sum is made of cells and is told
as what its shown cells allow (``told``). So no difference of two sums says more than the cells do. Why, and what
this does not cover: docs/adr/0015-small-counts.md.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from numbers import Real
from typing import Any, Literal

from portalkompass import german

SMALLEST = 5
"""Counts below this are hidden, zero included: that nobody applied says something of somebody, too."""
BELOW = f"< {SMALLEST}"
"""What stands in the place of such a count."""
WITHHELD = "geheim"
"""What stands in the place of a larger count that protects others."""

State = Literal["shown", "below", "withheld"]


def is_small(count: object) -> bool:
    """Whether so few people stand behind the count that it is hidden; an unknown one is not small."""
    return isinstance(count, Real) and count < SMALLEST  # NaN is not below anything


def hidden_name(column: str) -> str:
    """The column that says what stands in the place of another one's hidden counts ("" where nothing is hidden)."""
    return f"{column}_hidden"


def suppress(
    values: Sequence[float | None],
    least: Sequence[float] | None = None,
    most: Sequence[float] | None = None,
    *,
    at_once: bool = False,
) -> tuple[State, ...]:
    """What becomes of each cell of one base period whose total somebody may know from elsewhere.

    ``values`` are whole numbers, None where nothing is known (never hidden, no part of the total). Their order is
    that in which they are withheld; like ``least`` and ``most``, between which the reader knows each count to
    lie, it must not tell anything of a hidden count.

    Each cell below 5 could be anything from 0 to 4 even for a reader who knows the total, every shown cell and this
    function, unless every cell is hidden: then its total must stay in the house. ``at_once`` leaves them all values
    together, for counts that bound others: whatever those are, these agree with it.
    """
    states: list[State] = ["below" if value is not None and value < SMALLEST else "shown" for value in values]
    if "below" not in states:
        return tuple(states)
    low = [float(SMALLEST)] * len(values) if least is None else [max(SMALLEST, bound) for bound in least]
    high = [math.inf] * len(values) if most is None else list(most)
    further = [cell for cell, value in enumerate(values) if states[cell] == "shown" and value is not None]
    while not _protected(values, states, low, high, at_once=at_once) and further:
        states[further.pop(0)] = "withheld"
    return tuple(states)


def suppress_parts(
    values: Sequence[float | None],
    parts: Sequence[Hashable],
    least: Sequence[float] | None = None,
    most: Sequence[float] | None = None,
    *,
    at_once: bool = False,
) -> tuple[State, ...]:
    """`suppress` where somebody may know the total of all cells *and* that of each of the ``parts`` they belong to.

    A part of which no cell is shown keeps its total in the house. What is left of the total without all others is
    the sum of these parts, one equation more: where it gives a small cell too little room, further parts are withheld
    whole, those of fewest cells first and else in their order.
    """
    states: list[State] = ["shown"] * len(values)
    small = [cell for cell, value in enumerate(values) if value is not None and value < SMALLEST]
    if not small:
        return tuple(states)
    low = [0.0] * len(values) if least is None else list(least)
    high = [math.inf] * len(values) if most is None else list(most)
    cells_of: dict[Hashable, list[int]] = {}
    for cell, (value, part) in enumerate(zip(values, parts, strict=True)):
        if value is not None:
            cells_of.setdefault(part, []).append(cell)

    def of(cells: Sequence[int], every: Sequence[Any]) -> list[Any]:
        return [every[cell] for cell in cells]

    touched = dict.fromkeys(parts[cell] for cell in small)
    for part in touched:
        cells = cells_of[part]
        told_of = suppress(of(cells, values), of(cells, low), of(cells, high), at_once=at_once)
        for cell, state in zip(cells, told_of, strict=True):
            states[cell] = state
    hidden = {
        part: cells
        for part, cells in cells_of.items()
        if part in touched and "shown" not in of(cells, states)
    }
    rest = [cell for cells in hidden.values() for cell in cells]
    bounds = [max(float(SMALLEST), bound) for bound in low] if rest else []

    def protected() -> bool:
        together = (of(rest, one) for one in (values, states, bounds, high))
        return _protected(*together, at_once=at_once)

    if not rest or protected():
        return tuple(states)
    few = set(small)
    large = [
        (sum(cell not in few for cell in cells), cells)
        for part, cells in cells_of.items()
        if part not in hidden
    ]
    for _, cells in sorted(large, key=lambda one: (one[0] == len(one[1]), one[0])):
        for cell in cells:
            states[cell] = "withheld" if states[cell] == "shown" else states[cell]
            rest.append(cell)
        if protected():
            break
    return tuple(states)


def _protected(
    values: Sequence[float | None],
    states: Sequence[State],
    low: Sequence[float],
    high: Sequence[float],
    *,
    at_once: bool,
) -> bool:
    """Whether every cell below 5 has room from 0 to 4, given the sum of all hidden cells, and one to spare.

    The linear problem has one equation (the sum) and a box for each cell, so its bounds can be written down: a cell
    may be 4 if the others can give way by 4, and 0 if they can take it. Without the one to spare a reader who
    sees that *one more* cell was withheld would know that the cell is not 4 (or not 0): each state of the hidden
    cells that is told apart here would be told apart by him.
    """
    total, gives_way, takes, tops, top = 0.0, 0.0, 0.0, 0.0, 0.0
    for value, state, least, most in zip(values, states, low, high, strict=True):
        if state == "shown":
            continue
        total += value or 0
        if state == "withheld":
            gives_way -= least
            takes += most
        else:
            own = min(SMALLEST - 1.0, most)
            tops += own
            top = max(top, own)
    gives_way += total
    if at_once:
        return gives_way > tops and total < takes
    return gives_way > top and total < takes + tops - top


def told(known: float, below: float, withheld: float) -> str:
    """What stands in the place of a sum; "" where the sum itself may stand.

    ``known`` is the sum of its shown cells, ``below`` and ``withheld`` the number (or weight, for cells of which a
    part counts) of its hidden ones: „< 5“, „40 bis 44“, „mind. 45“, „geheim“.
    """
    if withheld:
        return f"mind. {german.number(math.floor(known + SMALLEST * withheld))}" if known else WITHHELD
    if not below:
        return BELOW if known < SMALLEST else ""
    most = math.ceil(known + (SMALLEST - 1) * below)
    if not known:
        return f"< {german.number(max(SMALLEST, most + 1))}"
    return f"{german.number(math.floor(known))} bis {german.number(most)}"
