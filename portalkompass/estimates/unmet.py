"""Which impressions are a need that the portal does not meet: a poor place, or far fewer clicks than usual."""

from __future__ import annotations

import numpy as np
import pandas as pd

from portalkompass.estimates.ctr_curve import Curve

POOR_POSITION = 10.0
"""Behind the first page of results hardly anyone looks."""
FAR_BELOW = 0.5
"""Fewer than this share of the clicks that the place usually brings."""
LEAST_EXPECTED = 10.0
"""Clicks that must be expected before too few of them mean anything: rare ones scatter by chance."""


def unmet(pairs: pd.DataFrame, curve: Curve | None) -> pd.Series[bool]:
    """True for each pair (clicks, impressions, position) whose impressions are unmet demand.

    Without a curve (too few data to know what a place usually brings) only the place decides.
    """
    poor: pd.Series[bool] = pairs["position"] > POOR_POSITION
    if curve is None or pairs.empty:
        return poor
    expected = pairs["impressions"] * curve.rate(pairs["position"].to_numpy(dtype=np.float64))
    passed_over: pd.Series[bool] = (expected >= LEAST_EXPECTED) & (pairs["clicks"] < FAR_BELOW * expected)
    return poor | passed_over
