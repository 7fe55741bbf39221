"""Adaptive pairwise comparison: weights from a dozen answers, errors included."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest

from portalkompass.prioritisation import PrioritisationError
from portalkompass.prioritisation.pairwise import (
    MOST_QUESTIONS,
    Answered,
    Comparison,
    next_comparison,
    of_points,
    weighing,
)

PEOPLE = int(os.environ.get("PAIRWISE_PEOPLE", "20"))
"""Drawn people; `make faults` draws 400."""
NAMES = [f"c{number}" for number in range(6)]


def person(seed, errors=0.1):
    """True weights, the answers of one person, and what is worked out from them."""
    draw = np.random.default_rng(seed)
    sliders = draw.random(len(NAMES))
    weights = dict(zip(NAMES, (sliders / sliders.sum()).tolist(), strict=True))
    answers: list[Answered] = []
    while (asked := next_comparison(NAMES, answers)) is not None:
        truly = weights[asked.left] * asked.first > weights[asked.right] * asked.second
        answers.append(Answered(asked, truly if draw.random() >= errors else not truly))
    return weights, answers, weighing(NAMES, answers)


@pytest.fixture(scope="module")
def people():
    return [person(seed) for seed in range(PEOPLE)]


def test_weights_are_recovered_within_five_points(people) -> None:
    off = [
        np.mean([abs(found.weights[name] - weights[name]) for name in NAMES]) for weights, _, found in people
    ]
    assert np.mean(off) <= 0.05, np.mean(off)


def test_intervals_hold_the_true_weights(people) -> None:
    inside = [
        found.low[name] <= weights[name] <= found.high[name] for weights, _, found in people for name in NAMES
    ]
    assert 0.85 <= np.mean(inside) <= 0.96, np.mean(inside)


def test_a_dozen_questions_none_twice(people) -> None:
    for _, answers, found in people:
        assert len(answers) == MOST_QUESTIONS == 12
        assert len({one.comparison for one in answers}) == len(answers)
        assert sum(found.weights.values()) == pytest.approx(1.0)


def test_errors_show_in_the_consistency() -> None:
    sure = np.mean([person(seed, errors=0.0)[2].consistency for seed in range(20)])
    confused = np.mean([person(seed, errors=0.5)[2].consistency for seed in range(20)])
    assert sure > 0.95
    assert confused < sure - 0.05


def test_one_answer_by_hand() -> None:
    """Of two sliders with x > y the mean share x / (x + y) is ln 2; one answer in ten is an error."""
    said = [Answered(Comparison("a", 1.0, "b", 1.0), left_weighs_more=True)]
    found = weighing(["a", "b"], said)
    assert found.weights["a"] == pytest.approx(0.9 * math.log(2) + 0.1 * (1 - math.log(2)), abs=0.01)
    assert found.consistency == 1.0
    assert weighing(["a", "b"], []).weights["a"] == pytest.approx(0.5, abs=0.01)


def test_points_in_steps_leave_half_a_step_open() -> None:
    """100 and 50 in steps of 5: 50 may be 47.5 … 52.5, so its share 47.5 / 147.5 … 52.5 / 152.5."""
    found = of_points({"a": 100.0, "b": 50.0, "c": 0.0}, 5.0)
    assert found.weights == pytest.approx({"a": 100 / 150, "b": 50 / 150, "c": 0.0})
    assert (found.low["b"], found.high["b"]) == pytest.approx((47.5 / 150, 52.5 / 152.5))
    assert (found.low["a"], found.high["a"]) == pytest.approx((100 / 155, 100 / 147.5))
    assert (found.low["c"], found.high["c"]) == pytest.approx((0.0, 2.5 / 150))
    with pytest.raises(PrioritisationError, match="Punkte"):
        of_points({"a": 0.0}, 5.0)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(PrioritisationError, match="zwei Kriterien"):
        next_comparison(["a"], [])
    with pytest.raises(PrioritisationError, match="nicht dabei"):
        weighing(["a", "b"], [Answered(Comparison("a", 1.0, "x", 1.0), left_weighs_more=True)])
