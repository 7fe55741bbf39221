"""Clicks a day that several services or pages will have in the months to come, with an interval of 90 %.

Each is expected to have what it had in the same months a year ago, changed as all of them together have changed since;
where the archive is too short to tell how far that goes wrong, what it had in the last months. How far either goes
wrong is not assumed but looked up: the same forecast is made from every earlier month of the same data and compared
with what came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

WINDOW = 3
"""Months that a forecast is made for, and that tell of the change of all since a year ago."""
YEAR = 12
LEVEL = 0.9
"""Share of the forecasts that are to lie within their interval."""
LEAST_CLICKS = 30.0
"""Clicks expected in the window below which chance decides: such forecasts have no interval and teach none."""
ENOUGH_FORECASTS = 40
"""Earlier forecasts below which nothing is known of their errors."""
NORMAL = 1.645
"""Standard deviations of a normal distribution on each side of which a twentieth lies."""
ENOUGH_TIMES = 4
"""Windows that begin in different months and lie wholly in the past, below which nothing common is known."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Clicks a day of each column; ``low`` and ``high`` are NaN where no interval is known.

    ``looked_at`` are the earlier forecasts that the interval is made of, of ``times`` different months. ``seasonal``
    says whether the value is made of the same months a year ago, else of the last ones.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    looked_at: int
    times: int
    seasonal: bool = True

    @property
    def known(self) -> bool:
        """Whether any of the values has an interval."""
        return bool(np.isfinite(self.low).any())


Expected = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def forecast(clicks: np.ndarray, days: np.ndarray) -> Forecast:
    """The next ``WINDOW`` months after the last row.

    ``clicks``: months × services, consecutive months, oldest first; ``days``: days with data of each month, 0 where
    there are none. All values are NaN with less than a year and a window of months.
    """
    yearly = _told_by(_of_last_year, clicks, days)
    if yearly.known:
        return yearly
    lately = _told_by(_of_last_months, clicks, days)
    enough = lately.known or np.isnan(yearly.value).all()
    return replace(lately, seasonal=False) if enough else yearly


def _told_by(expected: Expected, clicks: np.ndarray, days: np.ndarray) -> Forecast:
    """The forecast of one kind, with an interval where enough earlier ones of that kind can be looked at."""
    last = len(clicks)
    value = expected(clicks, days, last)
    wrong = _earlier_errors(expected, clicks, days)
    looked_at = int(sum(len(errors) for errors in wrong))
    unknown = np.full(clicks.shape[1], np.nan)
    if looked_at < ENOUGH_FORECASTS or len(wrong) < ENOUGH_TIMES:
        return Forecast(value, unknown, unknown, looked_at, len(wrong))
    below, above = _ends(wrong)
    length = days[-WINDOW:].sum()
    counted = value * length >= LEAST_CLICKS
    low, high = (np.where(counted, value * np.exp(end), np.nan) for end in (below, above))
    return Forecast(value, low, high, looked_at, len(wrong))


def _of_last_year(clicks: np.ndarray, days: np.ndarray, first: int) -> np.ndarray:
    """Clicks a day of the window that begins with month ``first``, from the months before; NaN where they lack."""
    if first < YEAR + WINDOW:
        return np.full(clicks.shape[1], np.nan)
    year_ago = _rate(clicks, days, first - YEAR)
    now, then = _rate(clicks, days, first - WINDOW), _rate(clicks, days, first - WINDOW - YEAR)
    total = then.sum()
    return np.asarray(year_ago * (now.sum() / total if total > 0 else np.nan))


def _of_last_months(clicks: np.ndarray, days: np.ndarray, first: int) -> np.ndarray:
    """The same as in the ``WINDOW`` months before month ``first``."""
    if first < WINDOW:
        return np.full(clicks.shape[1], np.nan)
    return _rate(clicks, days, first - WINDOW)


def _rate(clicks: np.ndarray, days: np.ndarray, first: int) -> np.ndarray:
    """Clicks a day with data in the window that begins with this month; NaN where a month has none."""
    months = slice(first, first + WINDOW)
    if (days[months] == 0).any():
        return np.full(clicks.shape[1], np.nan)
    return np.asarray(clicks[months].sum(axis=0) / days[months].sum())


def _earlier_errors(expected: Expected, clicks: np.ndarray, days: np.ndarray) -> list[np.ndarray]:
    """Logarithm of what came over what was expected, for each earlier window that has both."""
    wrong = []
    for first in range(WINDOW, len(clicks) - WINDOW + 1):
        length = days[first : first + WINDOW].sum()
        told_then, came = expected(clicks, days, first) * length, _rate(clicks, days, first) * length
        told = np.isfinite(came) & (told_then >= LEAST_CLICKS)
        if told.any():
            wrong.append(np.log((came[told] + 0.5) / (told_then[told] + 0.5)))
    return wrong


def _ends(wrong: list[np.ndarray]) -> tuple[float, float]:
    """Logarithms of low and high end over the value.

    Quantiles of the earlier errors, each window without what all had in common; that is added as a spread of its own,
    wider the fewer windows that do not overlap have shown it.
    """
    common = np.array([np.median(errors) for errors in wrong])
    own = np.concatenate([errors - middle for errors, middle in zip(wrong, common, strict=True)])
    apart = max(len(wrong) / WINDOW, 2.0)
    shared = float((common**2).mean()) * (1.0 + 2.0 / apart)
    outside = (1.0 - LEVEL) / 2.0
    middle = float(np.median(own))
    low, high = (float(np.quantile(own, end)) - middle for end in (outside, 1.0 - outside))
    return -float(np.hypot(low, NORMAL * np.sqrt(shared))), float(np.hypot(high, NORMAL * np.sqrt(shared)))
