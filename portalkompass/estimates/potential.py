"""Clicks that a page or query could have: at a realistic place, or at its own place with the usual click rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from portalkompass.estimates.ctr_curve import Curve

BEST_TARGET, GAIN = 3.0, 5.0
"""The realistic target: five places further up, at best place 3; who stands there already keeps the place."""
DAYS_A_YEAR = 365


def target(position: np.ndarray) -> np.ndarray:
    """The realistic place for each position."""
    return np.asarray(np.minimum(position, np.maximum(BEST_TARGET, position - GAIN)))


def potential(rows: pd.DataFrame, curve: Curve, days: int) -> pd.DataFrame:
    """``rows`` (position, clicks, impressions) with target, expected click rate and extra clicks a year.

    Adds target, usual_rate (at the own place), target_rate, extra, extra_low, extra_high: clicks a year
    more than now, scaled from ``days``: impressions × (usual rate at the target − own rate), never below 0. What
    is clicked more often than usual at its place keeps that lead. The interval takes the 10 % and 90 % rates
    at the target.
    """
    place = rows["position"].to_numpy(dtype="float64")
    shown = rows["impressions"].to_numpy(dtype="float64") * DAYS_A_YEAR / days
    own = (rows["clicks"] / rows["impressions"]).to_numpy(dtype="float64")
    aim = target(place)
    usual, reached = curve.rate(place), curve.rate(aim)
    low, high = curve.bounds(aim)
    lead = np.maximum(own - usual, 0.0)
    return rows.assign(
        target=aim,
        usual_rate=usual,
        target_rate=reached,
        extra=shown * np.maximum(reached + lead - own, 0.0),
        extra_low=shown * np.maximum(low + lead - own, 0.0),
        extra_high=shown * np.maximum(high + lead - own, 0.0),
    )


def expected(cells: pd.DataFrame, key: str, curve: Curve) -> pd.DataFrame:
    """One row a ``key``: clicks, impressions, position, and the clicks usual at the places it really had.

    ``cells`` are finer (a query in a month): the rate of a mean place is not the mean of the rates. Adds
    expected, expected_low and expected_high (the 10 % and 90 % rates at such places), ctr, expected_ctr, lacking
    (expected − clicks) and ratio (clicks / expected).
    """
    place = cells["position"].to_numpy(dtype="float64")
    shown = cells["impressions"].to_numpy(dtype="float64")
    low, high = curve.bounds(place)
    work = cells.assign(
        expected=curve.rate(place) * shown,
        expected_low=low * shown,
        expected_high=high * shown,
        weighted=place * shown,
    )
    names = ["clicks", "impressions", "expected", "expected_low", "expected_high", "weighted"]
    summed = work.groupby(key, sort=True)[names].sum()
    described = summed.assign(
        position=summed["weighted"] / summed["impressions"],
        ctr=summed["clicks"] / summed["impressions"],
        expected_ctr=summed["expected"] / summed["impressions"],
        lacking=summed["expected"] - summed["clicks"],
        ratio=summed["clicks"] / summed["expected"],
    )
    return described.drop(columns="weighted").reset_index()
