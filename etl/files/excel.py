"""Dates that Excel has taken for its own: numbers of days, and months with two digits of the year."""

from __future__ import annotations

import datetime as dt
import re

from etl.files.periods import MONTH_NUMBER

_BEGIN = dt.date(1899, 12, 30)
_NUMBER = re.compile(r"(4[0-9]\d{3}|5[0-4]\d{3})(?:[.,]\d+)?")
"""Days from July 2009 to 2050; neither a year nor a month has five digits."""
_MONTH = re.compile(r"([^\W\d]+)\.?[ -](\d{2})")


def excel_day(text: str) -> dt.date | None:
    """The day behind a number in which Excel keeps dates (45962 is 1 November 2025); None for any other text."""
    match = _NUMBER.fullmatch(text.strip())
    return _BEGIN + dt.timedelta(days=int(match[1])) if match else None


def excel_month(text: str) -> dt.date | None:
    """First day of the month in a column of nothing but months: ``Dez 25``, or the number of any of its days."""
    match = _MONTH.fullmatch(text.strip())
    if match and match[1].lower() in MONTH_NUMBER:
        return dt.date(2000 + int(match[2]), MONTH_NUMBER[match[1].lower()], 1)
    day = excel_day(text)
    return day.replace(day=1) if day else None
