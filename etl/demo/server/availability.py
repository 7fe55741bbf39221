"""Which days Google serves as of a given day: retention, final days, provisional days."""

from __future__ import annotations

import datetime as dt

import pandas as pd

RETENTION_MONTHS = 16
_NEWEST_SHARE = 0.55
_PROVISIONAL_SHARE = 0.92


def usual_lag(today: dt.date) -> int:
    """Days between today and the newest final day: 2, on a few fixed days 3 or 4."""
    number = today.toordinal()
    if number % 53 == 17:
        return 4
    return 3 if number % 29 == 11 else 2


def oldest_day(today: dt.date) -> dt.date:
    """The first day that is still served: 16 months back."""
    return (pd.Timestamp(today) - pd.DateOffset(months=RETENTION_MONTHS)).date()


def provisional_share(day: dt.date, today: dt.date) -> float:
    """How much of a provisional day has been counted so far."""
    return _NEWEST_SHARE if day >= today - dt.timedelta(days=1) else _PROVISIONAL_SHARE
