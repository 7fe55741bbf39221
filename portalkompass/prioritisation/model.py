"""The value model: an additive Nutzwertanalyse with fixed anchors; missing and uncertain values make intervals.

value = clip((x − lower) / (upper − lower), 0, 1), on a log scale of the logarithms, turned round where
less is better; score = 100 · Σ weight·value with weights normalised to 1. Anchors are fixed, never the
list's own minimum and maximum: adding a service cannot reorder the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from portalkompass.prioritisation.criteria import Criterion, PrioritisationError

LOW, HIGH = ":low", ":high"
"""Endings of the columns that hold a criterion's interval; no criterion's id can have them."""


def ends(criterion: str) -> tuple[str, str]:
    """Columns of the lower and upper end of a criterion's values, where they are known as an interval only."""
    return f"{criterion}{LOW}", f"{criterion}{HIGH}"


@dataclass(frozen=True)
class Evaluation:
    """What the model says of every service.

    ``matrix``: services × criteria as given (NaN unknown), with the columns of `ends` where values are intervals;
    ``values``: services × criteria, 0 … 1; ``values_low`` and ``values_high``: the ends of each, 0 and 1 where
    nothing is known; ``weights``: by criterion, sum 1; ``score_low`` and ``score_high``: 0 … 100, from these ends;
    ``score``: from the values, the unknown ones in the middle, for the order of display only;
    ``known_criteria``: how many criteria of weight > 0 are known, of ``counted_criteria``.
    """

    criteria: tuple[Criterion, ...]
    matrix: pd.DataFrame
    values: pd.DataFrame
    values_low: pd.DataFrame
    values_high: pd.DataFrame
    weights: pd.Series[float]
    score: pd.Series[float]
    score_low: pd.Series[float]
    score_high: pd.Series[float]
    known_criteria: pd.Series[int]
    counted_criteria: int

    @property
    def shares(self) -> dict[str, float]:
        """The weights by criterion."""
        return {str(name): float(share) for name, share in self.weights.items()}


def evaluate(matrix: pd.DataFrame, criteria: Sequence[Criterion], weights: Mapping[str, float]) -> Evaluation:
    """Evaluate services (index) by criteria (columns, in the criteria's unit; NaN is unknown).

    A criterion without a column is unknown for every service; other columns are passed over. A
    criterion without a weight counts 0. A missing value is never filled: it widens the interval, and so do the
    columns of `ends` (in the criterion's unit; a missing end is the value itself).

    Raises:
        PrioritisationError: a service stands twice, a value is infinite or no number, or the weights
            are negative, not finite or all 0.
    """
    names = [criterion.id for criterion in criteria]
    given = _given(matrix, names)
    shares = normalised(weights, names)
    values = pd.DataFrame(
        {criterion.id: scaled(given[criterion.id], criterion) for criterion in criteria},
        index=given.index,
        columns=names,
    )
    low, high = values.fillna(0.0), values.fillna(1.0)
    for criterion in criteria:
        if set(ends(criterion.id)) <= set(given.columns):
            low[criterion.id], high[criterion.id] = _reach(given, criterion, values[criterion.id])
    return _evaluation(tuple(criteria), given, (values, low, high), shares)


def _reach(
    given: pd.DataFrame, criterion: Criterion, values: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """The ends of a criterion's values, 0 … 1; they hold the value itself, and 0 … 1 where it is unknown."""
    both = pd.DataFrame(
        {name: scaled(given[name], criterion).fillna(values) for name in ends(criterion.id)},
    ).assign(value=values)
    known = values.notna()
    return both.min(axis=1).where(known, 0.0), both.max(axis=1).where(known, 1.0)


def reweighed(evaluation: Evaluation, weights: Mapping[str, float]) -> Evaluation:
    """The same services and values under other weights; what ``evaluate`` gives, without scaling anew.

    Raises:
        PrioritisationError: the weights are negative, not finite, or all 0.
    """
    shares = normalised(weights, [criterion.id for criterion in evaluation.criteria])
    scales = (evaluation.values, evaluation.values_low, evaluation.values_high)
    return _evaluation(evaluation.criteria, evaluation.matrix, scales, shares)


def _evaluation(
    criteria: tuple[Criterion, ...],
    matrix: pd.DataFrame,
    scales: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    shares: pd.Series[float],
) -> Evaluation:
    values, low, high = scales
    counted = shares > 0
    return Evaluation(
        criteria=criteria,
        matrix=matrix,
        values=values,
        values_low=low,
        values_high=high,
        weights=shares,
        score=_weighted(values.fillna(0.5), shares),
        score_low=_weighted(low, shares),
        score_high=_weighted(high, shares),
        known_criteria=values.loc[:, counted].notna().sum(axis=1).astype("int64"),
        counted_criteria=int(counted.sum()),
    )


def scaled(column: pd.Series[float], criterion: Criterion) -> pd.Series[float]:
    """A criterion's raw values as 0 … 1 between its anchors; unknown stays unknown.

    On a log scale everything up to the lower anchor, 0 included, gives 0.
    """
    lower, upper = criterion.lower, criterion.upper
    raw = column.clip(lower, upper).to_numpy(dtype="float64")
    if criterion.scale == "log":
        raw, lower, upper = np.log(raw), math.log(lower), math.log(upper)
    value = pd.Series(((raw - lower) / (upper - lower)).clip(0.0, 1.0), index=column.index)
    return 1.0 - value if criterion.direction == "lower" else value


def normalised(weights: Mapping[str, float], names: Sequence[str]) -> pd.Series[float]:
    """Weights of the named criteria, sum 1; weights of others are passed over.

    Raises:
        PrioritisationError: a weight is negative or not finite, or all are 0.
    """
    raw = pd.Series([float(weights.get(name, 0.0)) for name in names], index=list(names), dtype="float64")
    if not np.isfinite(raw).all() or (raw < 0).any():
        raise PrioritisationError("Gewichte müssen Zahlen ab 0 sein.")
    total = raw.sum()
    if total <= 0:
        raise PrioritisationError("Mindestens ein Gewicht muss größer als 0 sein.")
    return raw / total


def _given(matrix: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    if matrix.index.has_duplicates:
        raise PrioritisationError("Eine Leistung steht doppelt in der Tabelle.")
    intervals = [end for name in names for end in ends(name) if end in matrix.columns]
    try:
        given = matrix.reindex(columns=[*names, *intervals]).astype("float64")
    except (TypeError, ValueError):
        raise PrioritisationError("In der Tabelle steht ein Wert, der keine Zahl ist.") from None
    if np.isinf(given.to_numpy()).any():
        raise PrioritisationError("In der Tabelle steht ein unendlicher Wert.")
    return given


def _weighted(values: pd.DataFrame, shares: pd.Series[float]) -> pd.Series[float]:
    """100 · Σ weight·value, summed per row in the criteria's order, so that rows never touch each other."""
    products = np.ascontiguousarray(values.to_numpy() * shares.to_numpy())
    return pd.Series(100.0 * products.sum(axis=1), index=values.index, dtype="float64")
