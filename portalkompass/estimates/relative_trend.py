"""Whether a service grows faster or slower than the portal, with an interval from its counts.

A portal that doubles takes every page along, so growth alone says nothing of a service. Compared are the clicks of
two windows with those of the whole portal in the same windows: (like / before) / (portal like / portal before) − 1.
How many days the windows have cancels out.

The interval: given the clicks of both windows, those of the later one are binomial (conditional binomial), and its
Wilson interval with continuity correction, turned into odds, gives the ratio. Clicks scatter more than pure counts
do and a good week is followed by a good one. Both are measured from the weeks: Pearson's χ² of the weekly split
around the service's own ratio (φ, at least 1), and the correlation of neighbouring weeks over all services. They
divide the counts; the quantile is Student's t with what is left of the weeks' degrees of freedom.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEAST_BEFORE = 50
"""Clicks in the earlier window from which a trend is told: of 7 clicks, 28 are no trend."""
LEAST_WEEKS = 8
"""Whole weeks a window needs for its scatter to be measured."""
MOST_CORRELATION = 0.8
_NORMAL = 1.959963984540054
_BIAS, _SLOPE = 2.0, 6.0
"""What is added to the correlation of neighbours, over the number of weeks: (2 + 6·ρ) / weeks.

Over few weeks a correlation comes out too small, by about (1 + 4·ρ) / weeks; the rest is for its own scatter. The
simulation in tests/estimates/test_relative_trend.py holds the 95 % with it.
"""
_LEAST_DEGREES = 3.0

Array = NDArray[np.float64]


def relative_trends(like: pd.DataFrame, before: pd.DataFrame, portal: pd.DataFrame) -> pd.DataFrame:
    """change, low, high (0.1 for 10 % faster than the portal), clicks_like, clicks_before by service (index).

    ``like`` and ``before`` are clicks, services × weeks, with the same rows and columns; ``portal`` has a row a week
    with ``like`` and ``before``. Change and interval are missing below ``LEAST_BEFORE`` clicks in the earlier
    window, with fewer than ``LEAST_WEEKS`` weeks, and without clicks of the portal in both windows.
    """
    later, earlier = (frame.to_numpy(dtype=np.float64) for frame in (like, before))
    found = pd.DataFrame(
        {
            **dict.fromkeys(("change", "low", "high"), np.nan),
            "clicks_like": later.sum(axis=1),
            "clicks_before": earlier.sum(axis=1),
        },
        index=like.index,
    )
    totals: Array = portal[["like", "before"]].to_numpy(dtype=np.float64)
    enough = (found["clicks_before"] >= LEAST_BEFORE).to_numpy()
    if len(totals) < LEAST_WEEKS or (totals.sum(axis=0) <= 0).any() or not enough.any():
        return found
    measured = _measured(later[enough], earlier[enough], totals)
    found.loc[enough, ["change", "low", "high"]] = measured
    return found


def _measured(like: Array, before: Array, portal: Array) -> Array:
    """services × (change, low, high)."""
    both = like.sum(axis=1) + before.sum(axis=1)
    share = like.sum(axis=1) / both
    usual = portal[:, 0].sum() / portal[:, 1].sum()
    scatter, degrees = _scatter(like, before, portal)
    counted = both / scatter
    quantile = student(degrees)
    ends = (_odds(_wilson(share, counted, quantile, sign)) for sign in (-1.0, 1.0))
    ratio = like.sum(axis=1) / before.sum(axis=1)
    return np.column_stack([ratio / usual - 1, *(odds / usual - 1 for odds in ends)])


def _scatter(like: Array, before: Array, portal: Array) -> tuple[Array, float]:
    """By how much each service's counts scatter more than pure ones, and the degrees of freedom left."""
    weeks = like.shape[1]
    ratio = (like.sum(axis=1) / before.sum(axis=1)) / (portal[:, 0].sum() / portal[:, 1].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = ratio[:, None] * (portal[:, 0] / portal[:, 1])
        expected = np.where(np.isfinite(odds), odds / (1 + odds), 1.0)
        total = like + before
        variance = total * expected * (1 - expected)
        residual = np.where(variance > 0, (like - total * expected) / np.sqrt(variance), 0.0)
    squares = float((residual**2).sum())
    neighbours = float((residual[:, 1:] * residual[:, :-1]).sum())
    seen = neighbours / squares if squares > 0 else 0.0
    correlation = min(max(seen + (_BIAS + _SLOPE * seen) / weeks, 0.0), MOST_CORRELATION)
    lags = np.arange(1, weeks)
    inflation = float(1 + 2 * ((1 - lags / weeks) * correlation**lags).sum())
    left = max(weeks - inflation, 1.0)
    dispersion = np.maximum((residual**2).sum(axis=1) / left, 1.0)
    degrees = left * (1 - correlation**2) / (1 + correlation**2)
    return dispersion * inflation, max(degrees, _LEAST_DEGREES)


def _wilson(share: Array, counted: Array, quantile: float, sign: float) -> Array:
    """Lower (sign −1) or upper end of Wilson's interval of a share, with continuity correction."""
    moved = np.clip(share + sign * 0.5 / counted, 0.0, 1.0)
    half = quantile * np.sqrt(moved * (1 - moved) / counted + quantile**2 / (4 * counted**2))
    ends: Array = (moved + quantile**2 / (2 * counted) + sign * half) / (1 + quantile**2 / counted)
    return np.clip(ends, 0.0, 1.0)


def _odds(share: Array) -> Array:
    return share / np.maximum(1 - share, np.finfo(np.float64).tiny)


def student(degrees: float) -> float:
    """The 97.5 % quantile of Student's t (Cornish–Fisher series; within 0.01 from 3 degrees of freedom on).

    Source: Abramowitz and Stegun 26.7.5.
    """
    z = _NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, start=1))
