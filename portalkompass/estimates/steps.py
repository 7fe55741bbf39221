"""Lasting steps: since when a page holds a lower (or higher) level than the rest of the portal.

The level is the weekly log share of the portal's clicks. A step is the week that parts the series best
into two levels (least squares); it counts when it also shows against the same weeks of the year before, as
far as there are any, so that a season is not taken for a loss.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from portalkompass.estimates.panels import YEAR, log_ratio, variance_of_mean

SIDE = 8
"""Whole weeks needed on either side of a step."""
ENOUGH_YEARLY = 4
"""Weeks with a year before that are needed before the comparison counts."""
LEAST_CLICKS = 5.0
"""Mean clicks a week that a column needs before or after its step."""
Z_95 = 1.96
COLUMNS = (
    *("key", "since", "weeks_after", "step", "low", "high", "yearly", "lasting"),
    *("clicks_before", "clicks_after", "lost_a_year", "lost_low", "lost_high"),
)


def steps(clicks: pd.DataFrame) -> pd.DataFrame:
    """One row a column of the panel with enough clicks a week before or after its step, in column order.

    ``step`` is the relative change of level (−0.5: half of it is gone) with a 95 % interval, ``yearly``
    the change against the same weeks of the year before (NaN without), ``lasting`` the smaller of the two
    changes when both point the same way, else 0; ``lost_a_year`` the clicks a year that the lasting change
    costs (negative: gains), from the mean of the weeks after. Too short panels have no rows.
    """
    if len(clicks) < 2 * SIDE:
        return pd.DataFrame(columns=list(COLUMNS))
    # With fewer clicks neither side of a step, SIDE weeks at least, can have enough.
    enough = np.flatnonzero(clicks.to_numpy().sum(axis=0) >= LEAST_CLICKS * SIDE)
    levels, amounts = log_ratio(clicks).to_numpy()[:, enough], clicks.to_numpy()[:, enough]
    rows = []
    for place, at in enumerate(best_splits(levels)):
        key, level, amount = clicks.columns[enough[place]], levels[:, place], amounts[:, place]
        if amount[:at].mean() >= LEAST_CLICKS or amount[at:].mean() >= LEAST_CLICKS:
            rows.append((key, *_described(level, amount, at, clicks.index)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def best_splits(levels: np.ndarray) -> list[int]:
    """Of each column the first index of the second part that leaves the least squares around two means."""
    count = len(levels)
    upto = np.cumsum(levels, axis=0)
    at = np.arange(SIDE, count - SIDE + 1)[:, np.newaxis]
    left, right = upto[at[:, 0] - 1] / at, (upto[-1] - upto[at[:, 0] - 1]) / (count - at)
    between = at * (count - at) / count * (left - right) ** 2
    return [int(place) for place in at[np.argmax(between, axis=0), 0]]


def _described(level: np.ndarray, amount: np.ndarray, at: int, weeks: pd.Index) -> tuple[object, ...]:
    before, after = level[:at], level[at:]
    change = after.mean() - before.mean()
    noise = np.sqrt(variance_of_mean(before)[0] + variance_of_mean(after)[0])
    yearly = _yearly(level, at)
    both = [change] if np.isnan(yearly) else [change, yearly]
    same = all(part < 0 for part in both) or all(part > 0 for part in both)
    lasting = min(both, key=abs) if same else 0.0
    mean = float(amount[at:].mean())
    lost = [
        mean * YEAR * np.expm1(-value) for value in (lasting, lasting + Z_95 * noise, lasting - Z_95 * noise)
    ]
    shown = [float(np.expm1(value)) for value in (change, change - Z_95 * noise, change + Z_95 * noise)]
    yearly_change = float(np.expm1(yearly)) if not np.isnan(yearly) else np.nan
    return (
        weeks[at],
        len(after),
        *shown,
        yearly_change,
        float(np.expm1(lasting)),
        float(amount[:at].mean()),
        mean,
        *lost,
    )


def _yearly(level: np.ndarray, at: int) -> float:
    """Mean change of the weeks after the step against 52 weeks earlier, where that lies before the step."""
    after = np.arange(at, len(level))
    paired = after[(after >= YEAR) & (after - YEAR < at)]
    return float((level[paired] - level[paired - YEAR]).mean()) if len(paired) >= ENOUGH_YEARLY else np.nan
