"""Hourly figures of the newest days, as `dataState: hourly_all` gives them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from etl.demo.world.row_types import Ints, Rows, no_rows

DAYS_WITH_HOURS = 10
_PACIFIC = ZoneInfo("America/Los_Angeles")
_GERMAN_DAY = np.array(
    # how busy each hour of the German day is; Google's day begins nine hours later
    [2, 1, 1, 1, 1, 2, 5, 9, 12, 13, 13, 12, 11, 11, 11, 10, 10, 9, 9, 9, 8, 7, 5, 3],
    dtype=np.float64,
)
_SHARES = np.roll(_GERMAN_DAY, -9) / _GERMAN_DAY.sum()


def by_hour(day: dt.date, total: Rows) -> Rows:
    """A day's total (one row without keys) divided among its hours; the sums stay exact."""
    if not len(total):
        return no_rows(["hour"])
    clicks = _divided(int(total.clicks[0]))
    impressions = clicks + _divided(int(total.impressions[0] - total.clicks[0]))
    shown = np.flatnonzero(impressions)
    depth = total.sum_position[0] * impressions[shown] / total.impressions[0]
    keys = [dt.datetime(day.year, day.month, day.day, int(hour), tzinfo=_PACIFIC) for hour in shown]
    return Rows(([key.isoformat() for key in keys],), clicks[shown], impressions[shown], depth)


def _divided(count: int) -> Ints:
    steps = np.floor(np.cumsum(_SHARES) * count + 0.5)
    steps[-1] = count
    return np.diff(steps, prepend=0.0).astype(np.int64)
