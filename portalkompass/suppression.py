"""Which counts of people must not leave the app: those below 5, and those that would give them away. Pure.

A *cell* is what nobody divides any further: one page (or property) in one base period. Whether it is hidden is decided
once for all of the cells of a base period, never for a question; every longer sum is made of cells and is told
as what its shown cells allow (``told``). So no difference of two sums says more than the cells do. Why, and what
this does not cover: docs/adr/0015-small-counts.md.
"""

from __future__ import annotations

import math
from collections.abc import Container, Hashable, Sequence
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
    states: list[State] = ["shown"] * len(values)
    low = [0.0] * len(values) if least is None else least
    high = [math.inf] * len(values) if most is None else most
    _hide(
        [cell for cell, value in enumerate(values) if value is not None], values, states, low, high, at_once
    )
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
    touched = dict.fromkeys(parts[cell] for cell in small)
    cells_of = _cells_of(values, parts, touched)

    def of(cells: Sequence[int], every: Sequence[Any]) -> list[Any]:
        return [every[cell] for cell in cells]

    for part in touched:
        _hide(cells_of[part], values, states, low, high, at_once)
    hidden = {part: cells for part, cells in cells_of.items() if "shown" not in of(cells, states)}
    rest = [cell for cells in hidden.values() for cell in cells]

    def protected() -> bool:
        bounds = [max(float(SMALLEST), low[cell]) for cell in rest]
        return _protected(of(rest, values), of(rest, states), bounds, of(rest, high), at_once=at_once)

    if not rest or protected():
        return tuple(states)
    few = set(small)
    large = [
        (sum(cell not in few for cell in cells), cells)
        for part, cells in _cells_of(values, parts, set(parts) - hidden.keys()).items()
    ]
    for _, cells in sorted(large, key=lambda one: (one[0] == len(one[1]), one[0])):
        for cell in cells:
            states[cell] = "withheld" if states[cell] == "shown" else states[cell]
            rest.append(cell)
        if protected():
            break
    return tuple(states)


def _hide(
    cells: Sequence[int],
    values: Sequence[Any],
    states: list[State],
    low: Sequence[float],
    high: Sequence[float],
    at_once: bool,
) -> None:
    """Mark the cells below 5, and withhold further ones in their order until these are `_protected`.

    The sums are those of `_protected`, each cell added when it is hidden: there are thousands of small groups.
    """
    total, tops, top = 0.0, 0.0, 0.0
    further = []
    for cell in cells:
        value = values[cell]
        if value < SMALLEST:
            states[cell] = "below"
            own = min(SMALLEST - 1.0, high[cell])
            total, tops, top = total + value, tops + own, max(top, own)
        else:
            further.append(cell)
    if len(further) == len(cells):
        return
    gives_way, takes = total, 0.0
    needed, spare = (tops, 0.0) if at_once else (top, tops - top)
    for cell in further:
        if gives_way > needed and total < takes + spare:
            return
        value = values[cell]
        states[cell] = "withheld"
        total += value
        gives_way += value - max(SMALLEST, low[cell])
        takes += high[cell]


def _cells_of(
    values: Sequence[float | None], parts: Sequence[Hashable], wanted: Container[Hashable]
) -> dict[Hashable, list[int]]:
    """The cells of each of these parts of which something is known, parts in the order of their first such cell."""
    found: dict[Hashable, list[int]] = {}
    for cell, part in enumerate(parts):
        if part in wanted and values[cell] is not None:
            found.setdefault(part, []).append(cell)
    return found


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
