"""The period that a file's name or the lines above its table tell, for exports without one in their rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from etl.files.german_numbers import parse_day
from etl.files.periods import period_in, period_of_lines

_FROM = re.compile(r"(?:startdatum|start ?date|beginn|von|from)\s*[:;,]\s*(.+)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:enddatum|end ?date|ende|bis|to)\s*[:;,]\s*(.+)", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:berichts|auswertungs)?zeitraum|monat|date range|reporting period|period)\s*[:;,]?\s*(?=\S)",
    re.IGNORECASE,
)


def period_above(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    """First and last day by the comment and title lines: start and end, a named period, or one in a title.

    The day on which a report was made is no period; of several different ones none is taken.
    """
    ends = [line for line in lines if _FROM.fullmatch(line.strip()) or _UNTIL.fullmatch(line.strip())]
    if ends:
        return _both_ends(ends)
    return period_of_lines([_LABEL.sub("", line.strip(), count=1) for line in lines])


def _both_ends(lines: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    first = [match[1] for line in lines if (match := _FROM.fullmatch(line.strip()))]
    last = [match[1] for line in lines if (match := _UNTIL.fullmatch(line.strip()))]
    if len(first) != 1 or len(last) != 1:
        return None
    try:
        period = parse_day(first[0].strip()), parse_day(last[0].strip())
    except ValueError:
        return None
    return period if period[0] <= period[1] else None


def period_in_name(name: str) -> tuple[dt.date, dt.date] | None:
    """First and last day by a file's name; None if it tells none, or leaves any doubt.

    Of an archive's entry or a workbook's sheet only its own name counts; the ending does not.
    """
    own = name.replace("\\", "/").rsplit("/", 1)[-1]
    file, _, sheet = own.partition(", Blatt ")
    stem = PurePosixPath(file)
    ending = stem.suffix.lower() in {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".gz"}
    in_file = period_in(stem.stem if ending else file)
    in_sheet = period_in(sheet) if sheet else None
    return in_sheet or in_file
