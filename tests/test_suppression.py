"""No hidden count follows from the total; traced by hand, and against an attacker who tries everything."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.suppression import suppress


@pytest.mark.parametrize(
    ("values", "states"),
    [
        ([12, 30, 7], ["shown", "shown", "shown"]),
        # one small cell: the smallest of the others goes with it
        ([3, 30, 7, 12], ["below", "shown", "withheld", "shown"]),
        # two small cells hide each other: 3 + 2 = 5 could be 1 + 4 as well
        ([3, 2, 30], ["below", "below", "shown"]),
        # two zeros add up to 0, which is 0 + 0 only
        ([0, 0, 30, 9], ["below", "below", "shown", "withheld"]),
        # 4 + 4 = 8 is 4 + 4 only
        ([4, 4, 30, 9], ["below", "below", "shown", "withheld"]),
        # 4 and 5 with 5 the most that is withheld: 9 is 4 + 5 only, so a third one goes
        ([4, 5, 5, 40], ["below", "withheld", "withheld", "shown"]),
        ([None, 3, None, 8, 20], ["shown", "below", "shown", "withheld", "shown"]),
        ([], []),
    ],
)
def test_cells_below_five_and_those_that_protect_them(values, states):
    found = suppress(values)
    assert list(found.states) == states
    assert found.hidden_totals == frozenset()


def test_a_lone_small_cell_takes_its_total_with_it():
    assert suppress([3]).hidden_totals == {0}
    assert suppress([None, 3]).hidden_totals == {0}


def test_rows_and_columns_protect_each_other():
    # 2 × 3 cells, row by row; sums of rows and columns are known
    values = [3, 10, 20, 30, 40, 50]
    groups = [[0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [2, 5]]
    found = suppress(values, groups)
    # 3 with 10 in the row, then 30 and 40 below them: a rectangle, the least that protects
    assert list(found.states) == ["below", "withheld", "shown", "withheld", "withheld", "shown"]
    assert found.hidden_totals == frozenset()


@given(st.lists(st.integers(0, 12) | st.none(), min_size=1, max_size=6))
def test_an_attacker_who_knows_total_and_markers_finds_two_values_for_every_hidden_cell(values):
    found = suppress(values)
    for cell, value in enumerate(values):
        assert (value is not None and value < 5) == (found.states[cell] == "below")
    if found.hidden_totals:
        return
    hidden = [cell for cell, state in enumerate(found.states) if state != "shown"]
    rest = sum(values[cell] for cell in hidden)
    shown = [v for v, state in zip(values, found.states, strict=True) if v is not None and state == "shown"]
    largest = min(shown, default=60)
    ranges = {cell: range(5) if found.states[cell] == "below" else range(5, largest + 1) for cell in hidden}
    for cell in hidden:
        others = {0}
        for other in hidden:
            if other != cell:
                others = {total + value for total, value in product(others, ranges[other])}
        assert len([value for value in ranges[cell] if rest - value in others]) > 1
