"""Which days Google serves as of a given day: retention, final days, provisional days."""

from __future__ import annotations

import calendar
import datetime as dt

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
    months = today.year * 12 + today.month - 1 - RETENTION_MONTHS
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(today.day, last))


def provisional_share(day: dt.date, today: dt.date) -> float:
    """How much of a provisional day has been counted so far."""
    return _NEWEST_SHARE if day >= today - dt.timedelta(days=1) else _PROVISIONAL_SHARE
