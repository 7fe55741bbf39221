"""The table of critical values in `portalkompass.estimates.steps`, simulated: what the search for a split costs."""

from __future__ import annotations

import itertools

import numpy as np

from portalkompass.estimates.steps import (
    CRITICAL_LIKENESS,
    CRITICAL_WEEKS,
    LIKEST,
    best_splits,
    split_fit,
)

LEVEL = 0.95
BATCH = 5_000


def neighbours(weeks: int, likeness: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Normal series of variance 1, one a column, whose neighbouring weeks correlate by ``likeness``."""
    series = rng.standard_normal((weeks, len(likeness)))
    for week in range(1, weeks):
        series[week] = likeness * series[week - 1] + np.sqrt(1 - likeness**2) * series[week]
    return series


def scores(weeks: int, amount: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Of series without a step: standard errors of the best split, and the likeness estimated with it."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(max(amount // BATCH, 1)):
        series = neighbours(weeks, rng.uniform(0, LIKEST, min(amount, BATCH)), rng)
        change, error, likeness, _ = split_fit(series, best_splits(series))
        found.append((np.abs(change) / error, likeness))
    return np.concatenate([score for score, _ in found]), np.concatenate([like for _, like in found])


def critical_row(weeks: int, amount: int, seed: int) -> list[float]:
    """The quantile near each likeness of the table (the classes reach half way to the next)."""
    score, likeness = scores(weeks, amount, seed)
    grid = np.array(CRITICAL_LIKENESS)
    edges = [-1.0, *((grid[1:] + grid[:-1]) / 2), 2.0]
    row = []
    for low, high in itertools.pairwise(edges):
        near = score[(likeness > low) & (likeness <= high)]
        row.append(float(np.quantile(near, LEVEL)))
    return row


def table(amount: int = 40_000, seed: int = 1) -> list[list[float]]:
    """All rows, by the weeks of ``CRITICAL_WEEKS``."""
    return [critical_row(weeks, amount, seed + weeks) for weeks in CRITICAL_WEEKS]
