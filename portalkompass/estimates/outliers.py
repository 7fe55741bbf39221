"""Weeks in which a page or query group stands out against its season and trend.

Expected is the median of the eight weeks before (trend), moved by what the same week did a year ago against its
own eight weeks before (season, where the archive reaches back); both on the log ratio to the rest of the
portal, so that what moves everything is no outlier. The deviation is divided by a robust scatter (median
absolute deviation, at least the chance of small counts). Of all weeks and keys looked at, at most one in twenty
of those reported is expected to be chance (Benjamini–Hochberg).
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from portalkompass.estimates.panels import ADDED, YEAR, log_ratio

WEEKS_BACK = 8
LEAST_CLICKS = 10.0
"""Mean clicks a week below which a key is not looked at."""
FALSE_SHARE = 0.05
MAD_TO_DEVIATION = 1.4826
DAMPED = 0.5
"""How much of last year's movement is expected again: one year only is a noisy guide."""
COLUMNS = ("key", "week", "clicks", "expected", "ratio", "score", "p_value", "adjusted")


def outliers(clicks: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """Outlying cells of the newest ``weeks`` of the panel, most surprising first.

    Columns: key, week, clicks, expected, ratio (clicks / expected − 1), score (robust z), p_value, adjusted
    (p-value after allowing for all cells looked at).
    """
    lively = clicks.loc[:, clicks.mean() >= LEAST_CLICKS]
    if len(clicks) <= 2 * WEEKS_BACK or lively.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    deviation = _deviations(log_ratio(clicks)[lively.columns])
    scatter = MAD_TO_DEVIATION * (deviation - deviation.median()).abs().median()
    expected = (lively.to_numpy() + ADDED) / np.exp(deviation.to_numpy()) - ADDED
    chance = np.sqrt(scatter.to_numpy() ** 2 + 1 / (np.maximum(expected, 0) + ADDED))
    scores = (deviation / chance).tail(weeks)
    cells = scores.stack().dropna().rename("score").reset_index()
    cells.columns = pd.Index(["week", "key", "score"])
    cells["p_value"] = [math.erfc(abs(score) / math.sqrt(2)) for score in cells["score"]]
    cells["adjusted"] = adjusted(cells["p_value"].to_numpy())
    odd = cells[cells["adjusted"] <= FALSE_SHARE]
    rows, columns = clicks.index.get_indexer(odd["week"]), lively.columns.get_indexer(odd["key"])
    odd = odd.assign(clicks=lively.to_numpy()[rows, columns], expected=expected[rows, columns])
    odd = odd.assign(ratio=odd["clicks"] / odd["expected"].where(odd["expected"] > 0) - 1)
    ordered: pd.DataFrame = odd.assign(size=odd["score"].abs()).sort_values(
        ["size", "key"], ascending=[False, True]
    )
    return ordered[list(COLUMNS)].reset_index(drop=True)


def course(clicks: pd.DataFrame, key: str) -> pd.DataFrame:
    """week, actual, expected of one key over all weeks that something can be expected of, as `outliers` does."""
    deviation = _deviations(log_ratio(clicks)[[key]])[key]
    expected = (clicks[key] + ADDED) / np.exp(deviation) - ADDED
    rows = pd.DataFrame({"actual": clicks[key], "expected": expected.clip(lower=0)}).dropna()
    return rows.rename_axis("week").reset_index()


def adjusted(p_values: np.ndarray) -> np.ndarray:
    """Benjamini–Hochberg: the share of chance finds when everything up to this p-value is reported."""
    count = len(p_values)
    if not count:
        return np.array([])
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * count / np.arange(1, count + 1)
    lowest = np.minimum.accumulate(scaled[::-1])[::-1]
    result = np.empty(count)
    result[order] = np.minimum(lowest, 1.0)
    return result


def _deviations(levels: pd.DataFrame) -> pd.DataFrame:
    """Each week against the median of the weeks before, less (half of) what it did a year ago."""
    own = levels - levels.shift(1).rolling(WEEKS_BACK, min_periods=WEEKS_BACK).median()
    return own - DAMPED * own.shift(YEAR).fillna(0.0)
