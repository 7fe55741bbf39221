"""Which counts of people must not leave the app: those below 5, and those that would give them away. Pure.

A *cell* is what nobody divides any further: one page (or property) in one base period. Whether it is hidden is decided
once for all of the cells of a base period, never for a question; every longer sum is made of cells and is told
as what its shown cells allow (``told``). So no difference of two sums says more than the cells do. Why, and what
this does not cover: docs/adr/0015-small-counts.md.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from portalkompass import german

SMALLEST = 5
"""Counts below this are hidden, zero included: that nobody applied says something of somebody, too."""
BELOW = f"< {SMALLEST}"
"""What stands in the place of such a count."""
WITHHELD = "geheim"
"""What stands in the place of a larger count that protects others."""

State = Literal["shown", "below", "withheld"]
STATES: tuple[State, ...] = ("shown", "below", "withheld")
Numbers: TypeAlias = "npt.NDArray[np.float64]"
Codes: TypeAlias = "npt.NDArray[np.int64]"
Decided: TypeAlias = "npt.NDArray[np.int8]"


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
    values: Numbers,
    parts: Codes,
    periods: Codes,
    least: Numbers | None = None,
    most: Numbers | None = None,
    *,
    at_once: bool = False,
) -> Decided:
    """`suppress` where somebody may know the total of all cells *and* that of each of the ``parts`` they belong to.

    Of many base ``periods`` at once, none of which depends on another one. ``values`` are NaN where nothing is known,
    parts and periods are numbered from 0; what becomes of each cell is told as its place in `STATES`.

    A part of which no cell is shown keeps its total in the house. What is left of the total without all others is
    the sum of these parts, one equation more: where it gives a small cell too little room, further parts are withheld
    whole, those of fewest cells first and else in their order.
    """
    states: Decided = np.zeros(len(values), dtype=np.int8)
    small = values < SMALLEST  # NaN is not below anything
    if not small.any():
        return states
    low = np.zeros(len(values)) if least is None else least
    high = np.full(len(values), math.inf) if most is None else most
    every = _Cells(values, low, high, states, at_once)
    groups = periods.astype(np.int64) * (int(parts.max()) + 1) + parts
    touched = np.zeros(int(groups.max()) + 1, dtype=np.bool_)
    touched[groups[small]] = True
    cells = np.flatnonzero(touched[groups] & ~np.isnan(values))
    _, first, group = np.unique(groups[cells], return_index=True, return_inverse=True)
    _hide_in_groups(every, cells, group, len(first))
    whole = np.bincount(group, states[cells] == 0, len(first))[group] == 0
    rest = cells[whole][np.argsort(first[group[whole]], kind="stable")]
    if len(rest):
        known = np.flatnonzero(~np.isnan(values))
        of_period = _by_period(known, periods[known])
        for period, own in _by_period(rest, periods[rest]).items():
            if not every.protected(own.tolist()):
                others, hidden = of_period[period], set(parts[own].tolist())
                _withhold_parts(every, own.tolist(), _cells_of(others, parts[others], hidden))
    return states


@dataclass(frozen=True, slots=True)
class _Cells:
    """All cells with the bounds between which the reader knows them to lie, and what has become of them so far."""

    values: Numbers
    low: Numbers
    high: Numbers
    states: Decided
    at_once: bool

    def protected(self, cells: list[int]) -> bool:
        """`_protected` of these cells alone."""
        return _protected(
            self.values[cells].tolist(),
            [STATES[state] for state in self.states[cells].tolist()],
            np.maximum(SMALLEST, self.low[cells]).tolist(),
            self.high[cells].tolist(),
            at_once=self.at_once,
        )


def _hide_in_groups(every: _Cells, cells: Codes, group: Codes, count: int) -> None:
    """`_hide` of many groups side by side: each step looks at one further cell of every group that needs it.

    ``group`` says which of the ``count`` groups, each with a cell below 5, the ``cells`` belong to.
    """
    values, low, high = every.values[cells], every.low[cells], every.high[cells]
    small = values < SMALLEST
    every.states[cells[small]] = STATES.index("below")
    own = np.minimum(SMALLEST - 1.0, high[small])
    total, tops = (np.bincount(group[small], of, count) for of in (values[small], own))
    top = np.zeros(count)
    np.maximum.at(top, group[small], own)
    needed, spare = (tops, np.zeros(count)) if every.at_once else (top, tops - top)
    further = np.flatnonzero(~small)
    further = further[np.argsort(group[further], kind="stable")]
    ends = np.cumsum(np.bincount(group[further], minlength=count))
    place = np.concatenate([[0], ends[:-1]])
    gives_way, takes, going = total.copy(), np.zeros(count), np.arange(count)
    while True:
        enough = (gives_way[going] > needed[going]) & (total[going] < takes[going] + spare[going])
        going = going[~enough & (place[going] < ends[going])]
        if not len(going):
            return
        cell = further[place[going]]
        every.states[cells[cell]] = STATES.index("withheld")
        total[going] += values[cell]
        gives_way[going] += values[cell] - np.maximum(SMALLEST, low[cell])
        takes[going] += high[cell]
        place[going] += 1


def _withhold_parts(every: _Cells, rest: list[int], parts: list[list[int]]) -> None:
    """Withhold further parts of a period until the sum of those that are hidden whole protects these."""
    large = [(sum(value >= SMALLEST for value in every.values[cells].tolist()), cells) for cells in parts]
    for _, cells in sorted(large, key=lambda one: (one[0] == len(one[1]), one[0])):
        shown = [cell for cell in cells if every.states[cell] == STATES.index("shown")]
        every.states[shown] = STATES.index("withheld")
        rest = [*rest, *cells]
        if every.protected(rest):
            return


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


def _by_period(cells: Codes, periods: Codes) -> dict[int, Codes]:
    """The cells of each period in their order."""
    order = np.argsort(periods, kind="stable")
    found, begins = np.unique(periods[order], return_index=True)
    return dict(zip(found.tolist(), np.split(cells[order], begins[1:]), strict=True))


def _cells_of(cells: Codes, parts: Codes, without: Container[int]) -> list[list[int]]:
    """The cells of each part but some, parts in the order of their first one."""
    found: dict[int, list[int]] = {}
    for cell, part in zip(cells.tolist(), parts.tolist(), strict=True):
        if part not in without:
            found.setdefault(part, []).append(cell)
    return list(found.values())


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
