"""Hours as Search Console exports write them: with the offset of Pacific time, sometimes without."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
HOUR = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<hour>\d{2}):00(?::00(?:\.0+)?)?\s?(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
_WITH_ZONE = "bitte die Datei laden, wie Google sie ausgibt: dort steht die Zone dabei (-08:00)"


@dataclass(frozen=True, slots=True)
class Hour:
    """Begin of an hour in UTC; ``local`` is the same in Pacific time, without zone."""

    utc: dt.datetime
    local: dt.datetime


def hours_of_day(day: dt.date) -> list[Hour]:
    """The hours of a day of Pacific time, in order: 24, on the days that the clocks change 23 or 25."""
    hour, end = (
        dt.datetime.combine(one, dt.time(), PACIFIC).astimezone(dt.UTC).replace(tzinfo=None)
        for one in (day, day + dt.timedelta(days=1))
    )
    hours = []
    while hour < end:
        hours.append(hour_at(hour))
        hour += dt.timedelta(hours=1)
    return hours


def hour_at(utc: dt.datetime) -> Hour:
    """The hour that begins at this moment of UTC, given without zone."""
    return Hour(utc, utc.replace(tzinfo=dt.UTC).astimezone(PACIFIC).replace(tzinfo=None))


def is_double(local: dt.datetime) -> bool:
    """Whether the clocks of Pacific time show this hour twice: once in summer time and once after it."""
    moment = local.replace(tzinfo=PACIFIC)
    offset, later = moment.utcoffset(), moment.replace(fold=1).utcoffset()
    return offset is not None and later is not None and later < offset


def is_double_hour(text: str) -> bool:
    """Whether the text is an hour without a zone that the clocks show twice."""
    match = HOUR.fullmatch(text.strip())
    try:
        naive = dt.datetime.fromisoformat(f"{match['day']}T{match['hour']}:00:00") if match else None
    except ValueError:
        return False
    return match is not None and not match["offset"] and naive is not None and is_double(naive)


def parse_hour(text: str, *, place: int | None = None) -> Hour:
    """``2025-11-01T13:00:00-07:00``; without an offset Pacific time is meant.

    ``place``: of an hour that the clocks show twice and that the source lists twice, the first (0) or second (1).

    Raises:
        ValueError: it is no full hour, or without an offset one that the change of clocks makes double or skips.
    """
    match = HOUR.fullmatch(text.strip())
    if match is None:
        raise ValueError("keine Stunde der Form JJJJ-MM-TT hh:00")
    try:
        naive = dt.datetime.fromisoformat(f"{match['day']}T{match['hour']}:00:00")
    except ValueError:
        raise ValueError("diese Stunde gibt es nicht") from None
    if match["offset"]:
        offset = match["offset"].replace("Z", "+00:00")
        moment = dt.datetime.fromisoformat(f"{naive.isoformat()}{offset}")
        if moment.astimezone(dt.UTC).minute:
            raise ValueError("keine volle Stunde der Weltzeit")
    else:
        moment = naive.replace(tzinfo=PACIFIC, fold=place or 0)
        if is_double(naive):
            if place is None:
                raise ValueError(f"diese Stunde gab es zweimal (Ende der Sommerzeit); {_WITH_ZONE}")
        elif hour_at(moment.astimezone(dt.UTC).replace(tzinfo=None)).local != naive:
            raise ValueError(f"diese Stunde gab es nicht (Beginn der Sommerzeit); {_WITH_ZONE}")
    return hour_at(moment.astimezone(dt.UTC).replace(tzinfo=None))
