"""Mean of ratings on a bounded scale, with an interval that is never of no width.

Few people who all give the best mark do not prove that everybody would. As Agresti and Coull do for shares, two answers
at each end of the scale are added before the interval is worked out with the normal quantile; the mean is that of the
answers alone.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = 0.95
ADDED = 2
"""Answers added at each end of the scale."""


def mean_interval(
    answers: Numbers, total: Numbers, squares: Numbers, *, lowest: float, highest: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Mean, lower and upper end of each group, on the scale; NaN without an answer.

    ``answers`` counts them, ``total`` and ``squares`` are the sums of the ratings and of their squares.
    """
    nothing = answers <= 0
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(nothing, np.nan, total / answers)
    n = answers + 2 * ADDED
    centre = (total + ADDED * (lowest + highest)) / n
    variance = np.maximum((squares + ADDED * (lowest**2 + highest**2)) / n - centre**2, 0.0)
    half = NormalDist().inv_cdf((1 + LEVEL) / 2) * np.sqrt(variance / n)
    low, high = np.maximum(centre - half, lowest), np.minimum(centre + half, highest)
    return (
        mean,
        np.where(nothing, np.nan, np.minimum(low, mean)),
        np.where(nothing, np.nan, np.maximum(high, mean)),
    )
