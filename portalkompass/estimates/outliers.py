"""Weeks in which a page or query group stands out against its season and trend.

Expected is the median of the eight weeks before (trend), moved by half of what the same week did a year ago against
its own eight weeks before (season, where the archive reaches back; what was odd itself counts as far as it was usual);
both on the log ratio to the rest of the portal, so that what moves everything is no outlier. Weeks without data stay
in the series as missing, so that a year ago is a year ago.

Actual and expected clicks are compared on a scale on which chance is equally large everywhere (for counts whose
variance is c + σ²c²) and divided by the usual scatter of the page there (winsorised deviation). How often such a
page strays far by itself is taken from all pages together: a t distribution whose tail is as heavy as theirs, not
assumed to be normal. Of all weeks and keys looked at, at most one in twenty of those reported is expected to be chance
(Benjamini–Hochberg). What that comes to in worlds without events: docs/methods.md.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from portalkompass.estimates.panels import ADDED, YEAR, every_week, log_ratio

WEEKS_BACK = 8
LEAST_BACK = 6
"""Of the weeks before, so many must hold data."""
ENOUGH_WEEKS = 16
"""Weeks that can be expected which a scatter needs."""
LEAST_ROWS = WEEKS_BACK + ENOUGH_WEEKS
"""Whole weeks below which nothing is judged."""
LEAST_CLICKS = 10.0
"""Mean clicks a week below which a key is not looked at."""
FALSE_SHARE = 0.05
MAD_TO_DEVIATION = 1.4826
DAMPED = 0.5
"""How much of last year's movement is expected again: one year only is a noisy guide."""
USUAL = 3.0
"""Last year's movement counts up to so many deviations: an outlier casts no shadow on the year after."""
WITH_YEAR = 1.0 + DAMPED**2
"""Variance of a deviation that the year before takes part in, against one without."""
WINSOR = 2.0
_INSIDE = math.erf(WINSOR / math.sqrt(2))
_DENSITY = math.exp(-(WINSOR**2) / 2) / math.sqrt(2 * math.pi)
WINSORISED_VARIANCE = _INSIDE - 2 * WINSOR * _DENSITY + WINSOR**2 * (1 - _INSIDE)
"""Variance of a standard normal value that is cut at ``WINSOR``."""
LEAST_SCATTER = 0.02
"""Deviation of the logarithm that every key has beside the chance of counts."""
FAR, APART = 2.5, 5
"""Weeks this far off within so many weeks of a farther one belong to it: an event counts once for the tail."""
TAIL_LEVELS = (0.99, 0.999)
TAIL_CELLS = 6
"""The tail is read where so many cells lie beyond, between the two levels."""
CAUTION = 0.7
"""So many of the degrees of freedom that are read are counted on: few cells tell of a tail, and further out it
is drawn on from them."""
FREEDOM = (5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 50.0)
"""Degrees of freedom that are told apart; beyond the last a tail is as good as normal."""
COLUMNS = ("key", "week", "clicks", "expected", "ratio", "score", "p_value", "adjusted")


def outliers(clicks: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """Outlying cells of the newest ``weeks`` of the panel, most surprising first.

    Columns: key, week, clicks, expected, ratio (clicks / expected − 1), score (robust z), p_value, adjusted
    (p-value after allowing for all cells looked at). ``weeks`` are weeks of the calendar: one without data counts
    and is not judged.
    """
    lively = clicks.loc[:, clicks.mean() >= LEAST_CLICKS]
    if len(clicks) < LEAST_ROWS or lively.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    levels = every_week(log_ratio(clicks)[lively.columns])
    actual = every_week(lively)
    deviation, year = _deviations(levels)
    expected = _expected(actual, deviation)
    counted, awaited = actual.to_numpy(), expected.to_numpy()
    scores = _scores(counted, awaited, deviation.to_numpy(), year.to_numpy())
    first = max(len(scores) - weeks, 0)
    row, column = np.nonzero(np.isfinite(scores[first:]))
    row += first
    score = scores[row, column]
    chance = p_values(score, tail_freedom(scores))
    cells = pd.DataFrame(
        {
            "key": levels.columns[column],
            "week": levels.index[row],
            "clicks": counted[row, column],
            "expected": np.maximum(awaited[row, column], 0.0),
            "score": score,
            "p_value": chance,
            "adjusted": adjusted(chance),
        }
    )
    odd = cells[cells["adjusted"] <= FALSE_SHARE]
    odd = odd.assign(ratio=odd["clicks"] / odd["expected"].where(odd["expected"] > 0) - 1)
    ordered: pd.DataFrame = odd.assign(size=odd["score"].abs()).sort_values(
        ["size", "key"], ascending=[False, True]
    )
    return ordered[list(COLUMNS)].reset_index(drop=True)


def course(clicks: pd.DataFrame, key: str) -> pd.DataFrame:
    """week, actual, expected of one key over all weeks that something can be expected of, as `outliers` does."""
    deviation, _ = _deviations(every_week(log_ratio(clicks)[[key]]))
    actual = every_week(clicks[[key]])
    expected = _expected(actual, deviation)[key]
    rows = pd.DataFrame({"actual": actual[key], "expected": expected.clip(lower=0)}).dropna()
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


def p_values(scores: np.ndarray, freedom: float) -> np.ndarray:
    """Two-sided chance of such scores under a t distribution (Wallace's approximation by the normal one)."""
    shrunk = (8 * freedom + 1) / (8 * freedom + 3)
    normal = shrunk * np.sqrt(freedom * np.log1p(scores**2 / freedom))
    return np.array([math.erfc(value / math.sqrt(2)) for value in normal])


def tail_freedom(scores: np.ndarray) -> float:
    """Degrees of freedom of the t distribution whose far quantile lies as far out as that of all scores together.

    Measured against the median, so that the unit does not matter. Of neighbouring far weeks only the farthest counts.
    """
    size = np.abs(scores)
    farthest = pd.DataFrame(size).rolling(2 * APART + 1, center=True, min_periods=1).max().to_numpy()
    alone = size[np.isfinite(size) & ((size < FAR) | (size >= farthest))]
    level = float(np.clip(1 - TAIL_CELLS / max(len(alone), 1), *TAIL_LEVELS))
    middle = float(np.quantile(alone, 0.5)) if len(alone) else 0.0
    if middle == 0:
        return CAUTION * FREEDOM[-1]
    ratio = float(np.quantile(alone, level)) / middle
    ratios = [_t_quantile(1 - level, freedom) / _t_quantile(0.5, freedom) for freedom in FREEDOM]
    return CAUTION * float(np.interp(-ratio, -np.array(ratios), FREEDOM))


def _t_quantile(chance: float, freedom: float) -> float:
    """The score that is exceeded (on either side) with that chance."""
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if p_values(np.array([middle]), freedom)[0] > chance else (low, middle)
    return low


def scatter(values: np.ndarray) -> np.ndarray:
    """Of each column the standard deviation around 0, with what lies beyond two deviations pulled in (winsorised).

    NaN where fewer than ``ENOUGH_WEEKS`` values are known, or all are 0.
    """
    enough = np.isfinite(values).sum(axis=0) >= ENOUGH_WEEKS
    known = np.where(enough, values, np.nan)[:, enough]
    deviation = MAD_TO_DEVIATION * np.nanmedian(np.abs(known), axis=0)
    for _ in range(3):
        cut = np.clip(known, -WINSOR * deviation, WINSOR * deviation)
        deviation = np.sqrt(np.nanmean(cut**2, axis=0) / WINSORISED_VARIANCE)
    result = np.full(values.shape[1], np.nan)
    result[enough] = np.where(deviation > 0, deviation, np.nan)
    return result


def _deviations(levels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each week against the median of the weeks before, less (half of) what it did a year ago; and whether it did."""
    own = levels - levels.shift(1).rolling(WEEKS_BACK, min_periods=LEAST_BACK).median()
    usual = pd.Series(USUAL * np.nan_to_num(scatter(own.to_numpy())), index=own.columns)
    last = own.shift(YEAR).clip(-usual, usual, axis=1)
    year: pd.DataFrame = last.notna()
    return own - DAMPED * last.fillna(0.0), year


def _expected(actual: pd.DataFrame, deviation: pd.DataFrame) -> pd.DataFrame:
    factor = pd.DataFrame(np.exp(-deviation.to_numpy()), index=actual.index, columns=actual.columns)
    return (actual + ADDED) * factor - ADDED


def _scores(actual: np.ndarray, expected: np.ndarray, deviation: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Distance from the expected in usual scatters of the column, on the scale of equal chance."""
    wider = np.where(year, math.sqrt(WITH_YEAR), 1.0)
    awaited = np.maximum(expected, 0.0)
    logs = scatter(deviation / wider)
    chance = _column_means(1 / (awaited + ADDED))
    own = np.sqrt(np.maximum(logs**2 / (1 + 1 / WEEKS_BACK) - chance, LEAST_SCATTER**2))
    apart = (_even(actual, own) - _even(awaited, own)) / wider
    return np.asarray(apart / scatter(apart))


def _even(counts: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Counts of variance c + own²·c² on a scale on which their variance is the same everywhere."""
    return np.asarray(2 / own * np.arcsinh(own * np.sqrt(counts + 3 / 8)))


def _column_means(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    return np.asarray(np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))
