"""Hourly figures of the newest days, as `dataState: hourly_all` gives them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from etl.demo.world.row_types import Floats, Ints, Rows, no_rows
from etl.files.hours import PACIFIC, hours_of_day

DAYS_WITH_HOURS = 10
_GERMANY = ZoneInfo("Europe/Berlin")
_GERMAN_DAY = np.array(
    # how busy each hour of the German day is
    [2, 1, 1, 1, 1, 2, 5, 9, 12, 13, 13, 12, 11, 11, 11, 10, 10, 9, 9, 9, 8, 7, 5, 3],
    dtype=np.float64,
)


def by_hour(day: dt.date, total: Rows) -> Rows:
    """A day's total (one row without keys) divided among its 23 to 25 hours; the sums stay exact."""
    if not len(total):
        return no_rows(["hour"])
    moments = [hour.utc.replace(tzinfo=dt.UTC) for hour in hours_of_day(day)]
    busy = _GERMAN_DAY[[moment.astimezone(_GERMANY).hour for moment in moments]]
    clicks = _divided(int(total.clicks[0]), busy)
    impressions = clicks + _divided(int(total.impressions[0] - total.clicks[0]), busy)
    shown = np.flatnonzero(impressions)
    depth = total.sum_position[0] * impressions[shown] / total.impressions[0]
    keys = [moments[place].astimezone(PACIFIC).isoformat() for place in shown]
    return Rows((keys,), clicks[shown], impressions[shown], depth)


def _divided(count: int, busy: Floats) -> Ints:
    steps = np.floor(np.cumsum(busy) / busy.sum() * count + 0.5)
    steps[-1] = count
    parts: Floats = np.diff(steps, prepend=0.0)
    return parts.astype(np.int64)
