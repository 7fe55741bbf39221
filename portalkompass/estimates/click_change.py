"""Why clicks changed: an exact split into demand (impressions), place and click rate, query by query.

Clicks are impressions × click rate. A change of the product is split symmetrically (both periods weigh the same, as in
Bennet's decomposition), and the change of the rate into what the place explains by the property's own curve and what is
left: title, description, other results beside it. The three parts add up to the change to the digit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from portalkompass.estimates.ctr_curve import Curve

PARTS = ("demand", "place", "rate")


def split(rows: pd.DataFrame, curve: Curve | None, factor: float = 1.0) -> pd.DataFrame:
    """demand, place, rate and their sum ``change`` in clicks, one row a row of ``rows``, with their index.

    ``rows`` has clicks, impressions, position and the same with ``_before`` (position missing without impressions).
    ``factor`` makes the earlier sums stand for as many days. What was not shown in one of the periods has no rate
    there: all of its change is demand. Without a ``curve``, or where a place is unknown, no change of the rate is
    credited to the place.
    """
    shown = rows["impressions"].to_numpy(dtype="float64")
    shown_before = rows["impressions_before"].to_numpy(dtype="float64") * factor
    clicks = rows["clicks"].to_numpy(dtype="float64")
    clicks_before = rows["clicks_before"].to_numpy(dtype="float64") * factor
    both = (shown > 0) & (shown_before > 0)
    rate, rate_before = (
        np.divide(part, whole, out=np.zeros_like(part), where=both)
        for part, whole in ((clicks, shown), (clicks_before, shown_before))
    )
    middle = (shown + shown_before) / 2
    change = clicks - clicks_before
    demand = np.where(both, (shown - shown_before) * (rate + rate_before) / 2, change)
    place = np.where(both, _by_place(rows, curve) * middle, 0.0)
    return pd.DataFrame(
        {"demand": demand, "place": place, "rate": change - demand - place, "change": change},
        index=rows.index,
    )


def _by_place(rows: pd.DataFrame, curve: Curve | None) -> np.ndarray:
    """What the curve says of the two places: the difference of their usual click rates, 0 where one is unknown."""
    if curve is None:
        return np.zeros(len(rows))
    now, before = (
        curve.rate(rows[name].to_numpy(dtype="float64", na_value=np.nan))
        for name in ("position", "position_before")
    )
    return np.asarray(np.nan_to_num(now - before))
