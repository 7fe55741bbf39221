"""No hidden count follows from the total; traced by hand, and against a reader who tries every world."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.suppression import STATES, suppress, suppress_parts, told


@pytest.mark.parametrize(
    ("values", "states"),
    [
        ([12, 30, 7], ["shown", "shown", "shown"]),
        # one small cell: the first of the others goes with it; 33 is 3 + 30 as well as 0 + 33
        ([3, 30, 7, 12], ["below", "withheld", "shown", "shown"]),
        # 3 + 2 = 5 leaves no room for a 0, so a third one goes
        ([3, 2, 30], ["below", "below", "withheld"]),
        # 3 + 2 + 1 = 6 may be 4 + 2 + 0 as well as 0 + 3 + 3
        ([3, 2, 1, 30], ["below", "below", "below", "shown"]),
        # two zeros add up to 0, which is 0 + 0 only
        ([0, 0, 30, 9], ["below", "below", "withheld", "shown"]),
        # 5 + 0 is 5 + 0 only, and who sees that a second one was withheld would know it: 12 + 5 + 0
        ([5, 12, 12, 0], ["withheld", "withheld", "shown", "below"]),
        ([12, 5, 12, 0], ["withheld", "shown", "shown", "below"]),
        ([None, 3, None, 8, 20], ["shown", "below", "shown", "withheld", "shown"]),
        ([3], ["below"]),
        ([], []),
    ],
)
def test_cells_below_five_and_those_that_protect_them(values, states):
    assert list(suppress(values)) == states


def test_a_count_that_another_one_bounds_protects_only_as_far():
    # of 9 starts: 8 applications and a hidden 4 make 12, of which the 4 is at least 3
    assert suppress([8, 40, 4], most=[9, 90, 50]) == ("withheld", "withheld", "below")
    # of 300 applications in 302 cases: 302 + 2 leaves the 2 no more than 4, and no room to spare
    assert suppress([302, 40, 2], least=[300, 0, 0]) == ("withheld", "withheld", "below")


@pytest.mark.parametrize(
    ("size", "largest", "least", "most"),
    [
        (3, 40, None, None),
        (5, 9, None, None),
        (4, 16, None, [16, 9, 12, 14]),
        (4, 16, [8, 5, 6, 5], [16, 12, 16, 14]),
        (5, 10, [5, 5, 6, 5, 5], [10, 8, 10, 5, 10]),
        (5, 14, None, [14, 2, 12, 1, 10]),
        (6, 9, None, [4, 4, 2, 9, 3, 4]),
    ],
)
def test_a_reader_who_knows_total_and_method_finds_every_value_from_0_to_4(size, largest, least, most):
    """Every world of few cells is told; those that look alike, total included, hold all values of a hidden cell."""
    tried = 0
    for worlds, small in alike(size, largest, least, most):
        tried += len(small)
        for cell in small:
            every = set(range(min(4, most[cell] if most else 4) + 1))
            assert {world[cell] for world in worlds} == every, worlds
    assert tried > 100


@pytest.mark.parametrize(
    ("size", "largest", "least", "most"),
    [(3, 40, None, None), (4, 19, [8, 5, 6, 5], None), (4, 16, [8, 5, 9, 5], [16, 16, 9, 14])],
)
def test_all_values_together_are_left_to_counts_that_bound_others(size, largest, least, most):
    tried = 0
    for worlds, small in alike(size, largest, least, most, at_once=True):
        tried += len(small)
        every = set(product(range(5), repeat=len(small)))
        assert {tuple(world[cell] for cell in small) for world in worlds} == every, worlds
    assert tried > 100


def alike(size, largest, least, most, **further):
    """Worlds of few cells that look alike, with the cells below 5; not those in which every cell is hidden."""
    looks = defaultdict(list)
    ends = zip(least or [5] * size, most or [largest] * size, strict=True)
    for values in product(*([*range(min(4, high) + 1), *range(low, high + 1)] for low, high in ends)):
        states = suppress(values, least, most, **further)
        shown = tuple(value for value, state in zip(values, states, strict=True) if state == "shown")
        looks[sum(values), states, shown].append(values)
    for (total, states, shown), worlds in looks.items():
        # without upper bounds there are more such worlds than were told
        if "shown" in states and (most is not None or total - sum(shown) <= largest):
            yield worlds, [cell for cell, state in enumerate(states) if state == "below"]


@pytest.mark.parametrize(
    ("values", "states"),
    [
        # 2 is the total less that of the second part, unless nothing of it is shown
        ([2, 10, 20, 8], "below withheld withheld withheld"),
        # the second part protects its own 3 by a cell of its own, but not the 2
        ([2, 3, 20, 8], "below below withheld withheld"),
        ([12, 3, 20, 8], "shown below withheld shown"),
        ([2, None, None, None], "below shown shown shown"),
    ],
)
def test_of_known_totals_of_all_and_of_each_part_none_gives_a_small_one_away(values, states):
    assert [*states_of([values], "abbb")] == [tuple(states.split())]


def states_of(worlds, parts, **further):
    """What becomes of the cells of each world, all of which are told at once: each is a period of its own."""
    values = np.array(worlds, dtype="float64")
    codes = np.tile([ord(part) - ord("a") for part in parts], len(values))
    periods = np.repeat(np.arange(len(values)), values.shape[1])
    found = suppress_parts(values.ravel(), codes, periods, **further)
    for states in found.reshape(values.shape).tolist():
        yield tuple(STATES[state] for state in states)


@given(
    st.lists(st.tuples(*[st.integers(0, 14)] * 4), min_size=1, max_size=6),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.booleans(),
)
def test_cells_of_one_part_are_decided_like_cells_without_parts(worlds, bounds, at_once):
    """A group is judged by one rule, whether alone or beside many."""
    least = [[min(value, 5 + bound) for value, bound in zip(world, bounds, strict=True)] for world in worlds]
    most = [[value + bound for value, bound in zip(world, bounds, strict=True)] for world in worlds]
    limits = {name: np.array(of, dtype="float64").ravel() for name, of in (("least", least), ("most", most))}
    found = [*states_of(worlds, "aaaa", at_once=at_once, **limits)]
    assert found == [suppress(*world, at_once=at_once) for world in zip(worlds, least, most, strict=True)]


@pytest.mark.parametrize(
    ("parts", "largest", "at_once"),
    [
        ("abb", 30, False),
        ("aabb", 11, False),
        ("abbc", 11, False),
        ("aabc", 11, False),
        ("abbcc", 7, False),
        ("abc", 20, True),
        ("abbc", 14, True),
    ],
)
def test_a_reader_who_knows_the_totals_of_all_parts_finds_every_value(parts, largest, at_once):
    """As above, but he knows the total of each part of which a cell is shown, and that of all parts together."""
    looks, tried = defaultdict(list), 0
    worlds = [*product(range(largest + 1), repeat=len(parts))]
    for values, states in zip(worlds, states_of(worlds, parts, at_once=at_once), strict=True):
        shown = tuple(value for value, state in zip(values, states, strict=True) if state == "shown")
        open_ = {part for part, state in zip(parts, states, strict=True) if state == "shown"}
        sums = defaultdict(int)
        for value, part, state in zip(values, parts, states, strict=True):
            sums[part if part in open_ else ""] += value if state != "shown" else 0
        if open_ and max(sums.values()) <= largest:
            looks[states, shown, tuple(sorted(sums.items()))].append(values)
    for (states, *_), worlds in looks.items():
        small = [cell for cell, state in enumerate(states) if state == "below"]
        tried += len(small)
        if at_once:
            every = set(product(range(5), repeat=len(small)))
            assert {tuple(world[cell] for cell in small) for world in worlds} == every, worlds
        for cell in small:
            assert {world[cell] for world in worlds} == set(range(5)), worlds
    assert tried > 100


@given(st.lists(st.integers(0, 12) | st.none(), max_size=12))
def test_small_counts_are_hidden_and_nothing_else_without_them(values):
    states = suppress(values)
    small = [value is not None and value < 5 for value in values]
    assert [state == "below" for state in states] == small
    assert any(small) or set(states) <= {"shown"}


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((40, 0, 0), ""),
        ((0, 1, 0), "< 5"),
        ((0, 3, 0), "< 13"),
        ((0, 0.5, 0), "< 5"),
        ((3.5, 0, 0), "< 5"),
        ((40, 1, 0), "40 bis 44"),
        ((40.5, 0.5, 0), "40 bis 43"),
        ((40, 1, 1), "mind. 45"),
        ((0, 1, 1), "geheim"),
        ((4_000, 2, 0), "4.000 bis 4.008"),
    ],
)
def test_what_stands_in_the_place_of_a_sum(parts, text):
    assert told(*parts) == text
