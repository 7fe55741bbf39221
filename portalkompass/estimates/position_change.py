"""Why a mean position moved: an exact split into five parts, and what one device alone can explain.

The mean of a property is Σ share of impressions × position over its queries. Its change is split symmetrically (both
periods weigh the same, as in Bennet's decomposition): how the same queries moved, how their shares moved, which
queries came and went, and the queries that Google does not name. The parts add up to the change to the digit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Mean:
    """A property's impressions and mean position in one period (from its own rows, not from queries)."""

    impressions: float
    position: float


@dataclass(frozen=True, slots=True)
class Parts:
    """Places by which the mean moved (negative is better); the five parts sum to ``total``."""

    moved: float
    weights: float
    new: float
    gone: float
    unlisted: float
    total: float


def split(rows: pd.DataFrame, now: Mean, before: Mean) -> Parts:
    """The change of the mean from ``before`` to ``now``.

    ``rows`` has one row a listed query with impressions, position, impressions_before, position_before (positions
    missing without impressions). What the listed queries leave of the property's impressions is one group of its own.
    """
    middle = (now.position + before.position) / 2
    share, share_before = (
        rows["impressions"] / now.impressions,
        rows["impressions_before"] / before.impressions,
    )
    both = (share > 0) & (share_before > 0)
    place, place_before = rows["position"], rows["position_before"]
    moved = _sum((share + share_before) / 2 * (place - place_before), both)
    weights = _sum((share - share_before) * ((place + place_before) / 2 - middle), both)
    new = _sum(share * (place - middle), (share > 0) & ~both)
    gone = -_sum(share_before * (place_before - middle), (share_before > 0) & ~both)
    total = now.position - before.position
    # What is left is the unlisted group by construction: its own share × place, now less before.
    return Parts(moved, weights, new, gone, total - moved - weights - new - gone, total)


def _sum(values: pd.Series[float], among: pd.Series[bool]) -> float:
    """Rounded once, so that it is the same in whatever order the engine gives the rows."""
    return math.fsum(values[among].dropna())


@dataclass(frozen=True, slots=True)
class DeviceStep:
    """What changed for one device only: its position and that of the others, just before and just after.

    ``weight`` is the device's share of impressions before. ``effect`` is the difference of the differences: places by
    which the device moved beyond the others (negative is better).
    """

    own_before: float
    own_after: float
    others_before: float
    others_after: float
    weight: float

    @property
    def effect(self) -> float:
        """Places by which the device moved beyond the others."""
        return (self.own_after - self.own_before) - (self.others_after - self.others_before)

    def on_mean(self, affected: float) -> float:
        """Places of the property's mean, where this share of the days lies after the step."""
        return self.effect * self.weight * affected


def device_step(rows: pd.DataFrame, device: str) -> DeviceStep | None:
    """The step from ``rows``: device, impressions, position, impressions_before, position_before; None without both."""
    mine, others = rows[rows["device"] == device], rows[rows["device"] != device]
    amounts = [part[name].sum() for part in (mine, others) for name in ("impressions", "impressions_before")]
    if not all(amounts):
        return None
    weight = mine["impressions_before"].sum() / rows["impressions_before"].sum()
    return DeviceStep(
        _mean(mine, "_before"), _mean(mine, ""), _mean(others, "_before"), _mean(others, ""), float(weight)
    )


def _mean(rows: pd.DataFrame, suffix: str) -> float:
    seen = rows[rows[f"impressions{suffix}"] > 0]
    return float(np.average(seen[f"position{suffix}"], weights=seen[f"impressions{suffix}"]))
