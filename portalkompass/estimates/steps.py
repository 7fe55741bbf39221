"""Lasting steps: since when a page holds a lower (or higher) share of the portal's clicks.

The level is the weekly log share of the portal's clicks. A step is the week that parts the series best into two
levels (least squares). Because that week was searched for, the 95 % interval is wider than that of a week known
beforehand (``critical_value``). Where the archive holds the same weeks of the year before, the step must also show
against them, so that a season is not taken for a loss. The share of the portal is one thing, the page's own clicks are
another: a page can lose half of its share while the portal doubles, and have as many clicks as before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from portalkompass.estimates.panels import YEAR, log_ratio, year_before

SIDE = 8
"""Whole weeks needed on either side of a step."""
ENOUGH_YEARLY = 4
"""Weeks with a year before that are needed before the comparison counts."""
LEAST_CLICKS = 5.0
"""Mean clicks a week that a column needs before or after its step."""
LEAST_LOSS = 0.1
"""Smaller losses of share are not reported."""
LIKEST = 0.9
"""Neighbouring weeks are taken to be at most so alike."""
Z_95 = 1.96
CRITICAL_WEEKS = (16, 20, 26, 39, 52, 78, 104, 156, 260)
CRITICAL_LIKENESS = (0.0, 0.2, 0.4, 0.6, 0.8)
CRITICAL_VALUES = np.array(
    [
        [3.41, 3.11, 2.73, 2.09, 1.24],
        [4.11, 3.92, 3.49, 2.80, 1.68],
        [4.03, 4.13, 3.87, 3.34, 2.09],
        [3.63, 3.67, 3.94, 3.67, 2.65],
        [3.43, 3.46, 3.63, 3.80, 2.96],
        [3.30, 3.26, 3.44, 3.57, 3.17],
        [3.24, 3.22, 3.27, 3.46, 3.28],
        [3.22, 3.16, 3.18, 3.32, 3.24],
        [3.18, 3.16, 3.19, 3.18, 3.24],
    ]
)
"""Standard errors that the best of all splits exceeds in one of twenty series without a step.

Rows: weeks of the series. Columns: estimated correlation of neighbouring weeks. Simulated, not assumed:
``python -m tests.estimates.simulation --critical`` draws 40,000 series a row (correlation 0 to 0.9) and prints this
table anew.
"""
COLUMNS = (
    *(
        "key",
        "since",
        "weeks_after",
        "step",
        "low",
        "high",
        "yearly",
        "lasting",
        "lasting_low",
        "lasting_high",
    ),
    *("clicks_before", "clicks_after", "own_lost", "missing", "missing_low", "missing_high"),
)


def steps(clicks: pd.DataFrame) -> pd.DataFrame:
    """One row a column of the panel with enough clicks a week before or after its step, in column order.

    All changes are relative (−0.5: half of it is gone), all but those of clicks are changes of the share of the portal.
    ``step`` with its 95 % interval ``low`` … ``high`` is the change of level, ``yearly`` the change against the same
    weeks of the year before (NaN without). ``lasting`` is the smaller of the two when both point the same way, else 0;
    its interval holds the intervals of both. ``missing`` are the clicks a year that the page would need more to
    have its former share (negative: fewer), with an interval. ``clicks_before`` and ``clicks_after`` are its own
    clicks a week, and ``own_lost`` their difference in a year: plain sums. Too short panels have no rows.
    """
    if len(clicks) < 2 * SIDE:
        return pd.DataFrame(columns=list(COLUMNS))
    # With fewer clicks neither side of a step, SIDE weeks at least, can have enough.
    enough = np.flatnonzero(clicks.to_numpy().sum(axis=0) >= LEAST_CLICKS * SIDE)
    levels, amounts = log_ratio(clicks).to_numpy()[:, enough], clicks.to_numpy()[:, enough]
    at = best_splits(levels)
    change, error, likeness, deviation = split_fit(levels, at)
    reach = critical_value(len(levels), likeness) * error
    earlier = year_before(pd.DatetimeIndex(clicks.index))
    rows = []
    for place, split in enumerate(at):
        before, after = amounts[:split, place].mean(), amounts[split:, place].mean()
        if max(before, after) < LEAST_CLICKS:
            continue
        found = _interval(change[place], reach[place])
        yearly = _yearly(levels[:, place], split, earlier, deviation[place], likeness[place])
        lasting = _lasting(found, yearly)
        rows.append(
            (
                *(clicks.columns[enough[place]], clicks.index[split], len(levels) - split),
                *np.expm1(found),
                float(np.expm1(yearly[0])),
                *np.expm1(lasting),
                *(before, after, (before - after) * YEAR),
                *(after * YEAR * np.expm1(-lasting[[0, 2, 1]])),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def lost(changed: pd.DataFrame) -> pd.DataFrame:
    """Those of `steps` that lost share for good, by ``LEAST_LOSS`` or more, and have fewer clicks of their own, too."""
    sure = (changed["lasting"] <= -LEAST_LOSS) & (changed["lasting_high"] < 0)
    return changed[sure & (changed["clicks_after"] < changed["clicks_before"])]


def best_splits(levels: np.ndarray) -> np.ndarray:
    """Of each column the first index of the second part that leaves the least squares around two means."""
    count = len(levels)
    upto = np.cumsum(levels, axis=0)
    at = np.arange(SIDE, count - SIDE + 1)
    places = at[:, np.newaxis]
    left, right = upto[at - 1] / places, (upto[-1] - upto[at - 1]) / (count - places)
    between = places * (count - places) / count * (left - right) ** 2
    return np.asarray(at[np.argmax(between, axis=0)])


def split_fit(levels: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each column split ``at``: change of the mean, its standard error, likeness of neighbouring weeks, deviation.

    The likeness is their correlation around the two means, corrected for the means being estimated; the standard error
    is that of a first-order process.
    """
    count = len(levels)
    second = np.arange(count)[:, np.newaxis] >= at
    many = np.array([at, count - at])
    means = np.array([(levels * ~second).sum(axis=0), (levels * second).sum(axis=0)]) / many
    rest = levels - np.where(second, means[1], means[0])
    squares = (rest**2).sum(axis=0)
    within = second[1:] == second[:-1]
    raw = (rest[1:] * rest[:-1] * within).sum(axis=0) / np.maximum(squares, 1e-12)
    likeness = np.clip((count * raw + 2) / (count - 6), 0.0, LIKEST)
    spread = mean_variance(many, likeness)
    variance = squares / np.maximum(count - (many * spread).sum(axis=0), 1.0)
    error = np.sqrt(variance * spread.sum(axis=0))
    return means[1] - means[0], error, likeness, np.sqrt(variance)


def mean_variance(count: np.ndarray, likeness: np.ndarray) -> np.ndarray:
    """Variance of the mean of ``count`` weeks of variance 1 whose neighbours correlate by ``likeness``."""
    less = 1 - likeness
    return np.asarray(
        ((1 + likeness) / less - 2 * likeness * (1 - likeness**count) / (count * less**2)) / count
    )


def critical_value(weeks: int, likeness: np.ndarray) -> np.ndarray:
    """How many standard errors half of the 95 % interval of a searched step is wide (``CRITICAL_VALUES``)."""
    row = np.array([np.interp(np.log(weeks), np.log(CRITICAL_WEEKS), column) for column in CRITICAL_VALUES.T])
    return np.asarray(np.interp(likeness, CRITICAL_LIKENESS, row))


def _interval(mean: float, reach: float) -> np.ndarray:
    return np.array([mean, mean - reach, mean + reach])


def _yearly(level: np.ndarray, at: int, earlier: np.ndarray, deviation: float, likeness: float) -> np.ndarray:
    """Mean change of the weeks after the step against the year before, as far as that lies before the step."""
    after = np.arange(at, len(level))
    paired = after[(earlier[after] >= 0) & (earlier[after] < at)]
    if len(paired) < ENOUGH_YEARLY:
        return np.full(3, np.nan)
    error = deviation * np.sqrt(2 * mean_variance(np.array(len(paired)), np.array(likeness)))
    return _interval(float((level[paired] - level[earlier[paired]]).mean()), Z_95 * float(error))


def _lasting(change: np.ndarray, yearly: np.ndarray) -> np.ndarray:
    """The smaller change if both point the same way, else none; from the lowest to the highest end of both."""
    if np.isnan(yearly[0]):
        return change
    smaller = min(change[0], yearly[0], key=abs) if change[0] * yearly[0] > 0 else 0.0
    return np.array([smaller, min(change[1], yearly[1]), max(change[2], yearly[2])])
