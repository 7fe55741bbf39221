"""Invented queries of a portal that climbs: what an estimate of clicks at a better place is worth once it is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from portalkompass.estimates import potential
from portalkompass.estimates.ctr_curve import fit

FIRST_MONTH = pd.Timestamp("2024-07-01")
MONTHS, KNOWN, LATER = 18, 12, 3
"""Months of the archive; the first of them the estimate knows, the last of them are what came."""
NEAR = 0.75
"""Places from the target within which it counts as reached."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Queries that move up at their own speed; all clicks follow one curve, moved by chance and by habit.

    ``between`` is the scatter of the queries' own click rates at one place (logarithm), ``drift`` that of the curve
    from month to month, ``shown`` the median of a query's impressions a month.
    """

    name: str
    between: float = 0.2
    drift: float = 0.0
    shown: float = 400.0
    queries: int = 500


PORTALS = (
    Portal("gleichmäßig geklickt", between=0.1),
    Portal("verschieden geklickt", between=0.5),
    Portal("Klickkurve wandert", drift=0.08),
    Portal("kleine Zahlen", shown=100.0),
)


def cells(portal: Portal, rng: np.random.Generator) -> pd.DataFrame:
    """query, month, position, clicks, impressions."""
    first = rng.uniform(4.0, 25.0, portal.queries)
    speed = rng.uniform(0.02, 0.10, portal.queries)
    month = np.arange(MONTHS)[:, np.newaxis]
    place = 1 + (first - 1) * np.exp(-speed * month + rng.normal(0, 0.03, (MONTHS, portal.queries)))
    own = rng.normal(0, portal.between, portal.queries)
    moved = np.cumsum(rng.normal(0, portal.drift, (MONTHS, 1)), axis=0)
    wanted = np.log(portal.shown) + rng.normal(0, 1.0, portal.queries)
    shown = rng.poisson(np.exp(wanted + rng.normal(0, 0.2, (MONTHS, portal.queries))))
    clicks = rng.binomial(shown, np.minimum(0.34 * place**-1.15 * np.exp(own + moved), 0.9))
    months = pd.date_range(FIRST_MONTH, periods=MONTHS, freq="MS")
    rows = pd.DataFrame(
        {
            "query": np.tile([f"q{n:04d}" for n in range(portal.queries)], MONTHS),
            "month": np.repeat(months, portal.queries),
            "position": place.ravel(),
            "clicks": clicks.ravel(),
            "impressions": shown.ravel(),
        }
    )
    return rows[rows["impressions"] > 0].reset_index(drop=True)


def outcome(rows: pd.DataFrame, fitting: pd.Series, known: pd.Series, later: pd.Series) -> pd.DataFrame:
    """Of queries that reached their target: clicks that came, and what was estimated for as many impressions.

    ``known`` and ``later`` say which rows the estimate knows and which came after it. Columns: came, estimated, low,
    high (clicks in the later months, the interval with the chance of whole numbers).
    """
    before, after = rows[known], rows[later]
    estimated = estimates(before, fitting[known])
    came = after.assign(placed=after["position"] * after["impressions"])
    came = came.groupby("query")[["clicks", "impressions", "placed"]].sum().reindex(estimated.index)
    near = (came["placed"] / came["impressions"] - estimated["target"]).abs() <= NEAR
    reached = near & (estimated["target"] < estimated["position"] - 0.5)
    kept, hits = estimated[reached], came[reached]
    return pd.DataFrame(
        {
            "came": hits["clicks"],
            "estimated": hits["impressions"] * kept["rate"],
            "low": np.floor(hits["impressions"] * kept["rate_low"]),
            "high": np.ceil(hits["impressions"] * kept["rate_high"]),
        }
    )


def estimates(rows: pd.DataFrame, fitting: pd.Series) -> pd.DataFrame:
    """By query: position, target, and the click rate expected at the target, with its interval."""
    if not hasattr(potential, "standing"):  # the method up to version 0.9, for the table of before and after
        return _former(rows, fitting)
    since = potential.recent_since(rows)
    curve = fit(rows[fitting & (rows["month"] >= since)])
    assert curve is not None
    days = (rows["month"].max() - rows["month"].min()).days + 30
    stands = potential.standing(rows, ["query"], curve, days, since)
    error, _ = potential.usual_error(rows, fitting)
    found = potential.potential(stands, curve, error).set_index("query")
    found = found[(found["impressions"] >= potential.LEAST_IMPRESSIONS) & (found["position"] < 20.5)]
    own = curve.rate(found["position"].to_numpy()) * found["factor"]
    return _rates(found, own, found["a_year"])


def _former(rows: pd.DataFrame, fitting: pd.Series) -> pd.DataFrame:
    curve = fit(rows[fitting])
    assert curve is not None
    days = (rows["month"].max() - rows["month"].min()).days + 30
    summed = potential.expected(rows, "query", curve)
    asked = summed[(summed["impressions"] >= 10) & (summed["position"] < 20.5)]
    found = potential.potential(asked, curve, days).set_index("query")
    return _rates(found, found["ctr"], found["impressions"] * 365 / days)


def _rates(found: pd.DataFrame, own: pd.Series, shown: pd.Series) -> pd.DataFrame:
    rate = {"rate": "extra", "rate_low": "extra_low", "rate_high": "extra_high"}
    return found[["position", "target"]].assign(
        **{name: own + found[extra] / shown for name, extra in rate.items()}
    )


def covered(portal: Portal, seed: int) -> tuple[int, int]:
    """Queries of one invented portal that reached their target, and how many of them lie inside the interval."""
    rows = cells(portal, np.random.default_rng(seed))
    month = (rows["month"].dt.year - FIRST_MONTH.year) * 12 + rows["month"].dt.month - FIRST_MONTH.month
    found = outcome(rows, rows["query"] != "", month < KNOWN, month >= MONTHS - LATER)
    inside = (found["came"] >= found["low"]) & (found["came"] <= found["high"])
    return len(found), int(inside.sum())
