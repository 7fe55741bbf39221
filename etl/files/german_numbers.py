"""Numbers and days as German and English exports write them; the one place that reads them.

Every parser takes the text of one cell, gives None for an empty cell (or ``-``), and raises
ValueError with a German reason for everything that is not plainly a value: guessing would turn a
fault of the file into a figure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from etl.files.periods import end_of_month, whole_period
from portalkompass.german import MONTHS

_ENGLISH = ("january", "february", "march", "may", "june", "july", "october", "december")
_ENGLISH_NUMBER = dict(zip(_ENGLISH, (1, 2, 3, 5, 6, 7, 10, 12), strict=True))
_MONTH_NUMBER = {name.lower(): i for i, name in enumerate(MONTHS, 1)} | _ENGLISH_NUMBER
_MONTH_NUMBER |= {name[:3]: number for name, number in list(_MONTH_NUMBER.items())} | {"maerz": 3, "mrz": 3}

_DASHES = frozenset("-–—")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_INTEGER = re.compile(r"[+-]?\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*")
_WHOLE = re.compile(r"([+-]?\d+)[.,]0+")
_WHOLE_GROUPED = re.compile(r"([+-]?\d{1,3}(?:(?:\.\d{3})+(?=,)|(?:,\d{3})+(?=\.)))[.,]0+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GERMAN = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_AMERICAN = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_EXCEL_ERROR = re.compile(r"#[A-ZÄÖÜ0-9/]+[!?]?")
_MAX_INTEGER = 2**62
_MAX_DIGITS = 20
"""Beyond any count."""
_MAX_LENGTH = 40
"""No measure is that long."""
_EXCEL_DAY = re.compile(
    r"\d{1,2}\.(?:jan|feb|mär|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez)\.?|\d{4}-\d{2}-\d{2}", re.IGNORECASE
)
"""What German Excel makes of 12.4: 12. Apr, or a whole date in a workbook."""


def _cell(text: str) -> str:
    """The cell without any blanks; "" where it is empty or only a dash."""
    cell = _BLANKS.sub("", text)
    return "" if cell in _DASHES else cell


def parse_integer(text: str) -> int | None:
    """A count: ``1234``, ``1.234``, ``1,234``, ``1 234``, ``12,0``, ``1.234,00``; None for an empty cell."""
    cell = _cell(text)
    if not cell:
        return None
    if _SCIENTIFIC.fullmatch(cell):
        raise ValueError("Excel hat die Zahl in Exponentialschreibweise gekürzt")
    if _INTEGER.fullmatch(cell):
        digits = cell
    elif _GROUPED.fullmatch(cell):
        digits = re.sub(r"[.,'’]", "", cell)
    elif whole := _WHOLE.fullmatch(cell):
        digits = whole[1]
    elif grouped := _WHOLE_GROUPED.fullmatch(cell):
        digits = re.sub(r"[.,]", "", grouped[1])
    else:
        raise ValueError(_no_number(cell, "keine ganze Zahl"))
    if len(digits) >= _MAX_DIGITS or abs(int(digits)) >= _MAX_INTEGER:
        raise ValueError("die Zahl ist unmöglich groß")
    return int(digits)


def refuse_excel_fault(text: str) -> None:
    """A cell such as ``#NV`` is no number and no gap.

    Raises:
        ValueError: it is one.
    """
    if _EXCEL_ERROR.fullmatch(text.strip()):
        raise ValueError("Fehlerwert von Excel statt einer Zahl")


def parse_count(text: str) -> int | None:
    """How many of something: an integer that is not negative; None for an empty cell."""
    refuse_excel_fault(text)
    number = parse_integer(text)
    if number is not None and number < 0:
        raise ValueError("eine Anzahl kann nicht negativ sein")
    return number


def parse_decimal(text: str) -> float | None:
    """A decimal number: ``6.55``, ``6,55``, ``1.234,5``; a single dot is a decimal point, as for Google."""
    cell = _cell(text)
    if not cell:
        return None
    if len(cell) > _MAX_LENGTH:
        raise ValueError("keine Zahl")
    if _GERMAN.fullmatch(cell):
        cell = cell.replace(".", "")
    elif _AMERICAN.fullmatch(cell):
        cell = cell.replace(",", "")
    elif not _DECIMAL.fullmatch(cell):
        raise ValueError(_no_number(cell, "keine Zahl"))
    return float(cell.replace(",", "."))


def _no_number(cell: str, otherwise: str) -> str:
    if _EXCEL_DAY.fullmatch(cell):
        return f"{otherwise}; Excel hat sie in ein Datum verwandelt, bitte die Datei laden, wie sie exportiert wurde"
    return otherwise


def parse_percent(text: str) -> float | None:
    """A share as a fraction: ``7.19%``, ``7,19 %`` (also with a no-break space) and Turkish ``%7,19`` are 0.0719."""
    cell = _cell(text)
    if not cell:
        return None
    number = parse_decimal(cell.strip("%")) if cell.startswith("%") != cell.endswith("%") else None
    if number is None:
        raise ValueError("kein Prozentwert")
    return number / 100


EARLIEST_YEAR = 1990
"""No figure of a portal is older; what a file says of an earlier year is a slip of the pen (1025 for 2025)."""
_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<month>[^\W\d]+)\.?\s+(?P<year>\d{4})"),
)
_WHOLE_MONTHS = (
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[./](?P<year>\d{4})"),
    re.compile(r"(?P<month>[^\W\d]+)\.?\s+(?P<year>\d{4})"),
)
_EXCEL_MONTH = re.compile(r"[^\W\d]{3,4}\.?[ -]\d{2}|\d{1,2}\.?[ -][^\W\d]{3,4}\.?")
"""What Excel shows for a month or day that it took for a date: Nov 25, 01. Nov."""
_DOUBTFUL_DAY = re.compile(r"\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d{2})")
_RANGE = re.compile(r"(.+?)\s*(?:\s-\s|–|—|\sbis\s|,|/)\s*(.+)")


def parse_day(text: str) -> dt.date:
    """A day: ``2025-07-31``, ``20250731``, ``31.07.2025``, ``31. Juli 2025``."""
    return _date(text, _DAYS, "kein Datum", "diesen Tag gibt es nicht")


def parse_month(text: str) -> dt.date:
    """First day of a month: ``2025-07``, ``07/2025``, ``07.2025``, ``Juli 2025``."""
    return _date(text, _WHOLE_MONTHS, "kein Monat", "diesen Monat gibt es nicht")


def _date(text: str, spellings: Sequence[re.Pattern[str]], otherwise: str, impossible: str) -> dt.date:
    cell = text.strip()
    match = next(filter(None, (spelling.fullmatch(cell) for spelling in spellings)), None)
    if match is None:
        raise ValueError(otherwise)
    parts = match.groupdict()
    month = parts["month"]
    number = int(month) if month.isdecimal() else _month_number(month)
    try:
        day = dt.date(int(parts["year"]), number, int(parts.get("day", 1)))
    except ValueError:
        raise ValueError(impossible) from None
    if day.year < EARLIEST_YEAR:
        raise ValueError(f"dieses Jahr ({day.year}) liegt zu weit zurück; vermutlich verschrieben")
    return day


def parse_period(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period: a day, a month, or two days joined by ``-``, ``–``, ``bis``, ``/``."""
    for parse, last in ((parse_day, lambda day: day), (parse_month, end_of_month)):
        try:
            first = parse(text)
        except ValueError as error:
            if str(error).startswith("diese"):
                raise
            continue
        return first, last(first)
    if match := _RANGE.fullmatch(text.strip()):
        try:
            first, until = parse_day(match[1]), parse_day(match[2])
        except ValueError:
            return _other_period(text)
        if until < first:
            raise ValueError("das Ende liegt vor dem Anfang")
        return first, until
    return _other_period(text)


def _other_period(text: str) -> tuple[dt.date, dt.date]:
    """Weeks, quarters, English days; what Excel has made of a period is called so."""
    cell = text.strip()
    try:
        return whole_period(cell)
    except ValueError as error:
        if "kein" not in str(error):
            raise
    if _EXCEL_MONTH.fullmatch(cell):
        raise ValueError(
            "von Excel umgeschrieben und deshalb zweideutig (Monat oder Tag); bitte als JJJJ-MM schreiben"
        )
    if _DOUBTFUL_DAY.fullmatch(cell):
        raise ValueError("zweideutig, ob zuerst der Tag oder der Monat steht; bitte als JJJJ-MM-TT schreiben")
    raise ValueError(
        "kein Tag und kein Monat; lesbar sind etwa 2025-11-30, 30.11.2025, 2025-11 und November 2025"
    )


def _month_number(name: str) -> int:
    number = _MONTH_NUMBER.get(name.lower()) or _MONTH_NUMBER.get(name.lower()[:3] if len(name) == 4 else "")  # noqa: PLR2004
    if number is None:
        raise ValueError("kein Monatsname")
    return number
