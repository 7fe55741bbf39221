"""How demand moves through the year: seasons, weekdays, holidays of North Rhine-Westphalia."""

from __future__ import annotations

import datetime as dt

import numpy as np

from etl.demo.world.row_types import Floats

SEASONS: dict[str, tuple[float, ...]] = {
    # January … December, as a multiple of the year's mean
    "gleich": (1.12, 1.04, 1.02, 0.98, 0.97, 0.96, 1.00, 1.02, 1.04, 1.02, 0.98, 0.85),
    "fruehjahr": (0.92, 1.02, 1.24, 1.26, 1.16, 1.08, 1.00, 0.97, 0.95, 0.90, 0.82, 0.68),
    "sommer": (0.86, 0.88, 0.96, 1.05, 1.16, 1.25, 1.24, 1.16, 1.00, 0.88, 0.82, 0.74),
    "spaetsommer": (0.96, 0.92, 0.95, 0.95, 0.96, 0.98, 1.10, 1.24, 1.20, 1.05, 0.90, 0.79),
    "herbst": (0.92, 0.88, 0.92, 0.90, 0.90, 0.90, 0.94, 1.00, 1.10, 1.28, 1.30, 0.96),
    "winter": (1.36, 1.18, 1.04, 0.94, 0.86, 0.82, 0.84, 0.88, 0.96, 1.06, 1.12, 0.94),
    "jahresbeginn": (1.75, 1.50, 1.16, 0.96, 0.86, 0.80, 0.80, 0.82, 0.84, 0.84, 0.83, 0.84),
    "reise": (1.00, 0.98, 1.06, 1.14, 1.20, 1.28, 1.18, 0.96, 0.90, 0.86, 0.78, 0.66),
    "schule": (1.18, 1.14, 0.98, 0.92, 0.92, 0.96, 0.88, 1.22, 1.18, 1.06, 0.98, 0.58),
    "ferien": (0.50, 0.60, 0.98, 1.20, 1.55, 1.80, 1.70, 0.90, 0.82, 0.90, 0.60, 0.45),
    "gruen": (0.62, 0.86, 1.30, 1.32, 1.22, 1.06, 0.94, 0.94, 1.06, 1.22, 0.94, 0.52),
    "angeln": (0.94, 1.06, 1.34, 1.46, 1.32, 1.12, 0.98, 0.90, 0.82, 0.74, 0.66, 0.66),
    "wespen": (0.10, 0.10, 0.20, 0.60, 1.30, 1.90, 2.60, 2.70, 1.60, 0.60, 0.20, 0.10),
    "ostern": (0.30, 0.90, 3.20, 3.60, 0.60, 0.60, 0.40, 0.40, 0.50, 0.60, 0.50, 0.40),
    "wahl": (1.00, 1.00, 0.50, 0.40, 0.50, 0.70, 0.90, 1.40, 1.80, 0.50, 0.30, 0.30),
}
_WEEKDAYS = (1.22, 1.18, 1.08, 1.11, 0.93, 0.68, 0.80)
_HOLIDAYS = {
    *("2024-10-03", "2024-11-01", "2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21"),
    *("2025-05-01", "2025-05-29", "2025-06-09", "2025-06-19", "2025-10-03", "2025-11-01", "2025-12-25"),
    "2025-12-26",
}
_QUIET_DAYS = {"2024-12-24", "2024-12-31", "2025-02-27", "2025-03-03"}
_SCHOOL_HOLIDAYS = (
    ("2024-07-08", "2024-08-20"),
    ("2024-10-14", "2024-10-26"),
    ("2024-12-23", "2025-01-06"),
    ("2025-04-14", "2025-04-26"),
    ("2025-07-14", "2025-08-26"),
    ("2025-10-13", "2025-10-25"),
)
_ELECTIONS = (dt.date(2025, 2, 23), dt.date(2025, 9, 14), dt.date(2025, 9, 28))


def season(name: str, days: list[dt.date]) -> Floats:
    """A season's factor per day, smooth between the middles of months; elections draw a crowd before them."""
    middles = np.arange(-1, 13) * 30.4375 + 15.2
    values = np.array([SEASONS[name][month % 12] for month in range(-1, 13)])
    factor = np.interp([day.timetuple().tm_yday for day in days], middles, values)
    if name == "wahl":
        for election in _ELECTIONS:
            ahead = np.array([(election - day).days for day in days])
            factor = factor + np.where((ahead >= 0) & (ahead < 35), 9.0 * np.exp(-ahead / 12.0), 0.0)
    return np.asarray(factor, dtype=np.float64)


def calendar_factor(days: list[dt.date]) -> Floats:
    """Weekday, public and school holidays as one factor per day."""
    return np.array([_WEEKDAYS[day.weekday()] * _free_time_factor(day.isoformat()) for day in days])


def _free_time_factor(day: str) -> float:
    holiday = 0.55 if day in _HOLIDAYS else 0.72 if day in _QUIET_DAYS else 1.0
    return holiday * (0.95 if any(first <= day <= last for first, last in _SCHOOL_HOLIDAYS) else 1.0)
