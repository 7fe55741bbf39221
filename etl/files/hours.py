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


@dataclass(frozen=True, slots=True)
class Hour:
    """Begin of an hour in UTC; ``local`` is the same in Pacific time, without zone."""

    utc: dt.datetime
    local: dt.datetime


def parse_hour(text: str) -> Hour:
    """``2025-11-01T13:00:00-07:00``; without an offset Pacific time is meant.

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
    else:
        moment = naive.replace(tzinfo=PACIFIC)
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise ValueError("Stunde der Zeitumstellung ohne Angabe der Zone")
    utc = moment.astimezone(dt.UTC)
    return Hour(utc.replace(tzinfo=None), utc.astimezone(PACIFIC).replace(tzinfo=None))
