"""Weekly panels: clicks per week and key, and what a key would have had if it moved like the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

ADDED = 0.5
"""Added to counts before the logarithm, so that a week without a click is low and not minus infinity."""
YEAR = 52
"""Weeks after which the same week of the year before is met."""


def panel(rows: pd.DataFrame, key: str, weeks: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """``rows`` (key, week, clicks; one a key and week) as weeks × keys; a week without a row is one without clicks.

    ``weeks`` are the weeks that hold data on every day: others are left out and not taken for zero.
    """
    index = pd.DatetimeIndex(weeks, name="week").sort_values()
    codes, names = pd.factorize(rows[key], sort=True)
    places = index.get_indexer(pd.DatetimeIndex(rows["week"]))
    wide = np.zeros((len(index), len(names)))
    wide[places[places >= 0], codes[places >= 0]] = rows["clicks"].to_numpy()[places >= 0]
    return pd.DataFrame(wide, index=index, columns=pd.Index(names, name=key))


def log_ratio(clicks: pd.DataFrame) -> pd.DataFrame:
    """log of each column over the sum of all others: what is left when the whole portal moves."""
    others = clicks.to_numpy().sum(axis=1, keepdims=True) - clicks.to_numpy()
    values = np.log(clicks.to_numpy() + ADDED) - np.log(others + ADDED)
    return pd.DataFrame(values, index=clicks.index, columns=clicks.columns)


def every_week(clicks: pd.DataFrame) -> pd.DataFrame:
    """The panel with a row for each week from the first to the last; weeks that were left out are missing (NaN)."""
    if clicks.empty:
        return clicks
    weeks = pd.date_range(clicks.index[0], clicks.index[-1], freq="7D", name=clicks.index.name)
    return clicks.reindex(weeks)


def year_before(weeks: pd.DatetimeIndex) -> np.ndarray:
    """Of each week the place of the week 52 weeks earlier, −1 where that has no row."""
    return np.asarray(weeks.get_indexer(weeks - pd.Timedelta(weeks=YEAR)))


def variance_of_mean(values: np.ndarray) -> tuple[float, int]:
    """Variance of the mean of weeks that resemble their neighbours, and the independent weeks less one that remain.

    The variance grows by the correlation of neighbours (first order); infinite for a single week.
    """
    count = len(values)
    if count < 2:  # noqa: PLR2004
        return float("inf"), 1
    centred = values - values.mean()
    squares = float((centred**2).sum())
    if squares == 0:
        return 0.0, count - 1
    likeness = min(max(float((centred[1:] * centred[:-1]).sum()) / squares, 0.0), 0.9)
    free = max(int(count * (1 - likeness) / (1 + likeness)) - 1, 1)
    return squares / (count - 1) / count * (1 + likeness) / (1 - likeness), free
