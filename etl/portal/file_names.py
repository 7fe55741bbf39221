"""The period that a file's name tells, for exports that carry none in their rows (Matomo, GA4)."""

from __future__ import annotations

import datetime as dt
import re

from etl.german_numbers import MONTHS, end_of_month, parse_period

_DAY = r"(\d{4}-\d{2}-\d{2})"
_SPAN = re.compile(rf"(?<!\d){_DAY}(?!\d).*?(?<!\d){_DAY}(?!\d)")
_SINGLE = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_MONTH = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?!-?\d)")
_NAMED = re.compile(rf"({'|'.join(MONTHS)})[ _-]?(\d{{4}})(?!\d)", re.IGNORECASE)


def period_in_name(name: str) -> tuple[dt.date, dt.date] | None:
    """First and last day: two days, a month (2025-11, November 2025) or one day; None if it tells none.

    Of an archive's entry only the entry's own name counts.
    """
    text = name.rsplit("/", 1)[-1]
    try:
        if match := _SPAN.search(text):
            first, last = (dt.date.fromisoformat(day) for day in match.groups())
            return (first, last) if first <= last else None
        if match := _MONTH.search(text):
            first = dt.date(int(match[1]), int(match[2]), 1)
            return first, end_of_month(first)
        if match := _NAMED.search(text):
            return parse_period(f"{match[1]} {match[2]}")
        if match := _SINGLE.search(text):
            day = dt.date.fromisoformat(match[1])
            return day, day
    except ValueError:
        return None
    return None
