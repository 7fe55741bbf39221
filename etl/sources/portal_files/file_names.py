"""The period that a file's name or the lines above its table tell, for exports without one in their rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from etl.files.german_numbers import end_of_month, parse_day, parse_period
from portalkompass.german import MONTHS

_DAY = r"(\d{4}-\d{2}-\d{2})"
_SPAN = re.compile(rf"(?<!\d){_DAY}(?!\d).*?(?<!\d){_DAY}(?!\d)")
_SINGLE = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_MONTH = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?!-?\d)")
_NAMED = re.compile(rf"({'|'.join(MONTHS)})[ _-]?(\d{{4}})(?!\d)", re.IGNORECASE)
_FROM = re.compile(r"(?:startdatum|start ?date|beginn|von|from)\s*[:;,]?\s*(.+)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:enddatum|end ?date|ende|bis|to)\s*[:;,]?\s*(.+)", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:(?:berichts|auswertungs)?zeitraum|monat|date range|reporting period|period)\s*[:;,]?\s*(.+)",
    re.IGNORECASE,
)
_OTHER_DATES = re.compile(r"\b(stand|erstellt|exportiert|abruf|created|exported)", re.IGNORECASE)


def period_above(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    """First and last day by the comment and title lines: start and end, a named period, or a month in a title.

    The day on which a report was made is no period.
    """
    for read in (_both_ends, _labelled, _titled):
        try:
            if period := read(lines):
                return period
        except ValueError:
            continue
    return None


def _both_ends(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    first = next((match[1] for line in lines if (match := _FROM.fullmatch(line.strip()))), None)
    last = next((match[1] for line in lines if (match := _UNTIL.fullmatch(line.strip()))), None)
    if first is None or last is None:
        return None
    period = parse_day(first.strip()), parse_day(last.strip())
    return period if period[0] <= period[1] else None


def _labelled(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    named = next((match[1] for line in lines if (match := _LABELLED.fullmatch(line.strip()))), None)
    return parse_period(named.strip()) if named else None


def _titled(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    for line in lines:
        match = _NAMED.search(line)
        if match and not _OTHER_DATES.search(line):
            return parse_period(f"{match[1]} {match[2]}")
    return None


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
