"""Adaptive pairwise comparison: "Was wiegt mehr?" between two services that differ in two criteria.

Each answer says which of two profiles is worth more: one has ``first`` of the way from worst to best in one criterion,
the other ``second`` in another; all else is alike. So it says whether w_i · first > w_j · second. What is believed of
the weights is a cloud of weight vectors, each with the likelihood of the answers so far; the next question is the one
whose answer is least foreseeable, given that people err.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from portalkompass.prioritisation.criteria import PrioritisationError

MOST_QUESTIONS = 12
CONTROLS = 2
"""The last questions ask what is nearly sure already: the others are open by choice, and contradict hardly anything."""
ERROR = 0.1
"""Share of answers that people give against their own weights, as the model assumes."""
STEPS = (0.25, 0.5, 0.75, 1.0)
"""How far on the way from worst to best a profile may be; one of the two is always at its best."""
CLOUD = 8_000
SEED = 20251218
LEVEL = 0.9
"""Of the interval of each weight."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two profiles: ``first`` of the way in criterion ``left``, ``second`` of the way in criterion ``right``."""

    left: str
    first: float
    right: str
    second: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A comparison and whether the left profile was said to weigh more."""

    comparison: Comparison
    left_weighs_more: bool


@dataclass(frozen=True)
class Weighing:
    """Weights by criterion (sum 1), with the interval in which each lies (of comparisons with probability ``LEVEL``).

    ``consistency``: the share of answers that agree with the weights; 1 without any answer.
    """

    weights: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    consistency: float


def of_points(points: Mapping[str, float], step: float) -> Weighing:
    """Weights from points by criterion (0 … 100, the largest is 100 by definition) that were given in steps.

    Each point but the largest is known to half a ``step``; the interval is what that leaves open of a share.

    Raises:
        PrioritisationError: no point is above 0.
    """
    most = max(points.values(), default=0.0)
    if most <= 0:
        raise PrioritisationError("Mindestens ein Kriterium braucht Punkte.")
    fixed = next(name for name, own in points.items() if own == most)
    low, high = (
        {name: own if name == fixed else min(max(own + half, 0.0), most) for name, own in points.items()}
        for half in (-step / 2, step / 2)
    )
    below, above, whole = sum(low.values()), sum(high.values()), sum(points.values())
    return Weighing(
        {name: own / whole for name, own in points.items()},
        {name: own / (own + above - high[name]) for name, own in low.items()},
        {name: own / (own + below - low[name]) for name, own in high.items()},
        1.0,
    )


def weighing(criteria: Sequence[str], answers: Sequence[Answered]) -> Weighing:
    """What the answers say about the weights of these criteria.

    Raises:
        PrioritisationError: fewer than two criteria, or an answer on a criterion that is none of them.
    """
    place = _places(criteria, answers)
    cloud = _cloud(len(place))
    belief = _belief(cloud, place, answers)
    mean = belief @ cloud
    intervals = [_interval(cloud[:, number], belief) for number in place.values()]
    agreeing = [
        (
            mean[place[one.comparison.left]] * one.comparison.first
            > mean[place[one.comparison.right]] * one.comparison.second
        )
        == one.left_weighs_more
        for one in answers
    ]
    return Weighing(
        dict(zip(place, mean.tolist(), strict=True)),
        {name: low for name, (low, _) in zip(place, intervals, strict=True)},
        {name: high for name, (_, high) in zip(place, intervals, strict=True)},
        float(np.mean(agreeing)) if agreeing else 1.0,
    )


def next_comparison(criteria: Sequence[str], answers: Sequence[Answered]) -> Comparison | None:
    """The comparison that tells most after these answers; None after ``MOST_QUESTIONS``.

    The last ``CONTROLS`` are those whose answer is the surest, and show whether somebody answers at random. The others
    are those whose answer, errors included, carries the most information on the weights. None is asked twice.

    Raises:
        PrioritisationError: as ``weighing``.
    """
    place = _places(criteria, answers)
    if len(answers) >= MOST_QUESTIONS:
        return None
    cloud = _cloud(len(place))
    belief = _belief(cloud, place, answers)
    asked = {one.comparison for one in answers}
    comparisons = _comparisons(tuple(place))
    said = ERROR + (1 - 2 * ERROR) * (_outcomes(tuple(place)) @ belief)
    sign = 1.0 if len(answers) < MOST_QUESTIONS - CONTROLS else -1.0
    told = [
        -np.inf if one in asked else sign * _entropy(chance)
        for one, chance in zip(comparisons, said.tolist(), strict=True)
    ]
    return comparisons[int(np.argmax(told))]  # the same error for every question takes nothing from the order


def _places(criteria: Sequence[str], answers: Sequence[Answered]) -> dict[str, int]:
    place = {name: number for number, name in enumerate(criteria)}
    if len(place) < 2:  # noqa: PLR2004
        raise PrioritisationError("Zum Vergleichen braucht es zwei Kriterien.")
    if any(name not in place for one in answers for name in (one.comparison.left, one.comparison.right)):
        raise PrioritisationError("Eine Antwort gehört zu einem Kriterium, das nicht dabei ist.")
    return place


@cache
def _cloud(criteria: int) -> NDArray[np.float64]:
    """Weight vectors as sliders give them: each anywhere from 0 to its end, as likely as elsewhere."""
    sliders = np.random.default_rng(SEED).random((CLOUD, criteria))
    return np.asarray(sliders / sliders.sum(axis=1, keepdims=True))


@cache
def _comparisons(criteria: tuple[str, ...]) -> tuple[Comparison, ...]:
    pairs = combinations(criteria, 2)
    steps = [(1.0, 1.0), *((step, 1.0) for step in STEPS[:-1]), *((1.0, step) for step in STEPS[:-1])]
    return tuple(Comparison(left, first, right, second) for left, right in pairs for first, second in steps)


@cache
def _outcomes(criteria: tuple[str, ...]) -> NDArray[np.float32]:
    """comparisons × cloud: 1 where the left profile weighs more."""
    cloud, place = _cloud(len(criteria)), {name: number for number, name in enumerate(criteria)}
    return np.array(
        [
            cloud[:, place[one.left]] * one.first > cloud[:, place[one.right]] * one.second
            for one in _comparisons(criteria)
        ],
        dtype=np.float32,
    )


def _belief(
    cloud: NDArray[np.float64], place: dict[str, int], answers: Sequence[Answered]
) -> NDArray[np.float64]:
    """How likely each weight vector is after the answers; sum 1."""
    belief = np.ones(len(cloud))
    for one in answers:
        asked = one.comparison
        left = cloud[:, place[asked.left]] * asked.first > cloud[:, place[asked.right]] * asked.second
        belief *= np.where(left == one.left_weighs_more, 1 - ERROR, ERROR)
    return np.asarray(belief / belief.sum())


def _interval(column: NDArray[np.float64], belief: NDArray[np.float64]) -> tuple[float, float]:
    order = np.argsort(column)
    cumulative = np.cumsum(belief[order])
    ends = np.searchsorted(cumulative, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).clip(0, len(column) - 1)
    return float(column[order[ends[0]]]), float(column[order[ends[1]]])


def _entropy(chance: float) -> float:
    if not 0 < chance < 1:
        return 0.0
    return float(-(chance * np.log2(chance) + (1 - chance) * np.log2(1 - chance)))
