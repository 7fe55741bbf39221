"""How a period can be written, German and English: every spelling is a whole expression, and how it is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from portalkompass.german import MONTHS

Period = tuple[dt.date, dt.date]

_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTH_NUMBER: Mapping[str, int] = {
    name: number
    for names in (tuple(name.lower() for name in MONTHS), _ENGLISH)
    for number, full in enumerate(names, 1)
    for name in (full, full[:3])
} | {"maerz": 3, "mrz": 3, "sept": 9, "jänner": 1, "juno": 6, "julei": 7}
WEEKDAYS = (
    *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_SHORT_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

_MONTH = "(?:" + "|".join(sorted(map(re.escape, MONTH_NUMBER), key=len, reverse=True)) + r")\.?"
YEAR = r"(?:19|20)\d{2}"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_OF_MONTH = r"(?:1[0-2]|0?[1-9])"
_WEEKDAY = rf"(?:(?:{'|'.join(WEEKDAYS)}|(?:{'|'.join(_SHORT_WEEKDAYS)})\.?),?\s+)?"
_JOIN = r"\s*(?:-|\bbis(?:\szum)?\b|\bto\b|\buntil\b|\bthrough\b)\s*"
_NTH = r"(?:st|nd|rd|th|\.)?"
_WEEK = r"(?:kalenderwoche|calendar\sweek|woche|week|kw|cw|w)"
_QUARTER = r"(?:quartal|quarter|qrtl|q)"
_HALF = r"(?:halbjahr|half\s?year|half|hj|h)"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write one period; ``read`` makes it of the pattern's groups and may raise ValueError."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Period]
    span: bool = False


def _spelled(pattern: str, read: Callable[[re.Match[str]], Period], *, span: bool = False) -> Spelling:
    """Only at the edges of words, and never beside more digits of the same date."""
    edged = rf"(?<![^\W_])(?<!\d[-./])(?:{pattern})(?![^\W_])(?![-./]\d)"
    return Spelling(re.compile(edged), read, span)


def _month(text: str) -> int:
    return MONTH_NUMBER[text.rstrip(".")] if not text.isdecimal() else int(text)


def _day(year: str, month: str, day: str) -> dt.date:
    return dt.date(int(year), _month(month), int(day))


def end_of_month(day: dt.date) -> dt.date:
    """Last day of the month of ``day``."""
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - dt.timedelta(days=1)


def _months(first_year: str, first: int, last_year: str, last: int) -> Period:
    start, until = dt.date(int(first_year), first, 1), dt.date(int(last_year), last, 1)
    return _ordered(start, end_of_month(until))


def _ordered(first: dt.date, last: dt.date) -> Period:
    if last < first:
        raise ValueError("das Ende liegt vor dem Anfang")
    return first, last


def _weeks(first_year: str, first: str, last_year: str, last: str) -> Period:
    start = dt.date.fromisocalendar(int(first_year), int(first), 1)
    return _ordered(start, dt.date.fromisocalendar(int(last_year), int(last), 7))


def _part(text: str) -> int:
    return _ROMAN.get(text) or int(text)


def _quarters(first_year: str, first: str, last_year: str, last: str) -> Period:
    return _months(first_year, 3 * _part(first) - 2, last_year, 3 * _part(last))


def _halves(year: str, half: str) -> Period:
    return _months(year, 6 * _part(half) - 5, year, 6 * _part(half))


def _names(number: str = "") -> dict[str, str]:
    n = number
    return {"y": rf"(?P<y{n}>{YEAR})", "d": rf"(?P<d{n}>{_DAY})", "m": rf"(?P<m{n}>{_MONTH})",
            "o": rf"(?P<o{n}>{_OF_MONTH})"}  # fmt: skip


def _day_patterns(n: str = "") -> tuple[str, ...]:
    p = _names(n)
    return (
        rf"(?P<y{n}>{YEAR})(?P<s{n}>[-. ])(?P<o{n}>0[1-9]|1[0-2])(?P=s{n})(?P<d{n}>0[1-9]|[12]\d|3[01])",
        rf"(?P<y{n}>{YEAR})(?P<o{n}>0[1-9]|1[0-2])(?P<d{n}>0[1-9]|[12]\d|3[01])",
        rf"{_WEEKDAY}{p['d']}\.\s?{p['o']}\.\s?{p['y']}",
        rf"{_WEEKDAY}{p['d']}{_NTH}\s?(?:of\s)?{p['m']},?\s?{p['y']}",
        rf"{_WEEKDAY}{p['m']}\s?{p['d']}(?:st|nd|rd|th)?(?:,\s?|\s){p['y']}",
    )


def _read_day(match: re.Match[str], n: str = "") -> dt.date:
    parts = match.groupdict()
    return _day(parts[f"y{n}"], parts.get(f"m{n}") or parts[f"o{n}"], parts[f"d{n}"])


def _month_patterns(n: str = "") -> tuple[str, ...]:
    p = _names(n)
    return (
        rf"(?P<y{n}>{YEAR})-(?P<o{n}>0[1-9]|1[0-2])",
        rf"(?P<y{n}>20\d{{2}})(?P<o{n}>0[1-9]|1[0-2])",
        rf"{p['o']}[./]\s?{p['y']}",
        rf"(?P<o{n}>0[1-9]|1[0-2])-{p['y']}",
        rf"{p['m']}(?:\s?[-/]?\s?){p['y']}",
        rf"{p['y']}[-/ ]\s?{p['m']}",
    )


def _read_month(match: re.Match[str], n: str = "") -> tuple[str, int]:
    parts = match.groupdict()
    return parts[f"y{n}"], _month(parts.get(f"m{n}") or parts[f"o{n}"])


def _part_patterns(word: str, number: str, group: str, n: str = "") -> tuple[str, ...]:
    """``KW 45 2025``, ``45. KW 2025``, ``2025-W45``: the same for weeks, quarters and half years."""
    year, part = rf"(?P<y{n}>{YEAR})", rf"(?P<{group}{n}>{number})"
    return (
        rf"{word}\.?\s?{part}(?:\s?[-/]\s?|,?\s){year}",
        rf"{part}\.?\s?{word}(?:\s?[-/]\s?|,?\s){year}",
        rf"{year}\s?[-/]?\s?{word}\.?\s?{part}",
        rf"{year}[-/ ]\s?{part}\.\s?{word}",
    )


_WEEK_NUMBER = r"(?:0?[1-9]|[1-4]\d|5[0-3])"
_QUARTER_NUMBER = r"(?:[1-4]|iv|i{1,3})"


def _spellings() -> Iterator[Spelling]:
    for one in _day_patterns():
        yield _spelled(one, lambda m: (_read_day(m), _read_day(m)))
    for one in _day_patterns("1"):
        for other in _day_patterns("2"):
            yield _spelled(
                rf"{one}{_JOIN}{other}", lambda m: _ordered(_read_day(m, "1"), _read_day(m, "2")), span=True
            )
    for one, other in zip(_day_patterns("1")[:2], _day_patterns("2")[:2], strict=True):
        yield _spelled(
            rf"{one}(?:,\s?|/|\s){other}",
            lambda m: _ordered(_read_day(m, "1"), _read_day(m, "2")),
            span=True,
        )
    yield from _short_day_spans()
    yield from _month_spellings()
    yield from _numbered_spellings()
    yield _spelled(rf"(?:jahr|year|kalenderjahr|fiscal\syear)\s?:?\s?(?P<y>{YEAR})", _read_year)


def _read_year(match: re.Match[str]) -> Period:
    return _months(match["y"], 1, match["y"], 12)


def _short_day_spans() -> Iterator[Spelling]:
    """Spans whose first day leaves out what the second one says: ``1. - 15. November 2025``."""

    def read(match: re.Match[str]) -> Period:
        parts = match.groupdict()
        first = parts.get("m1") or parts.get("o1") or parts.get("m2") or parts["o2"]
        month, year = parts.get("m2") or parts.get("o2") or first, parts["y2"]
        return _ordered(_day(year, first, parts["d1"]), _day(year, month, parts["d2"]))

    d1, d2 = rf"(?P<d1>{_DAY})", rf"(?P<d2>{_DAY})"
    m1, m2 = rf"(?P<m1>{_MONTH})", rf"(?P<m2>{_MONTH})"
    o1, o2 = rf"(?P<o1>{_OF_MONTH})", rf"(?P<o2>{_OF_MONTH})"
    year = rf"(?P<y2>{YEAR})"
    for pattern in (
        rf"{_WEEKDAY}{d1}{_NTH}{_JOIN}{_WEEKDAY}{d2}{_NTH}\s?(?:of\s)?{m2},?\s?{year}",
        rf"{_WEEKDAY}{d1}{_NTH}\s?{m1}{_JOIN}{_WEEKDAY}{d2}{_NTH}\s?{m2},?\s?{year}",
        rf"{_WEEKDAY}{d1}\.{_JOIN}{_WEEKDAY}{d2}\.\s?{o2}\.\s?{year}",
        rf"{_WEEKDAY}{d1}\.\s?{o1}\.?{_JOIN}{_WEEKDAY}{d2}\.\s?{o2}\.\s?{year}",
        rf"{_WEEKDAY}{m1}\s?{d1}(?:st|nd|rd|th)?{_JOIN}{_WEEKDAY}{d2}(?:st|nd|rd|th)?(?:,\s?|\s){year}",
        rf"{_WEEKDAY}{m1}\s?{d1}(?:st|nd|rd|th)?{_JOIN}{_WEEKDAY}{m2}\s?{d2}(?:st|nd|rd|th)?(?:,\s?|\s){year}",
    ):
        yield _spelled(pattern, read, span=True)


def _month_spellings() -> Iterator[Spelling]:
    def one(match: re.Match[str]) -> Period:
        year, month = _read_month(match)
        return _months(year, month, year, month)

    def two(match: re.Match[str]) -> Period:
        return _months(*_read_month(match, "1"), *_read_month(match, "2"))

    def short(match: re.Match[str]) -> Period:
        first, last = _month(match["m1"]), _month(match["m2"])
        if match["and"] and last != first + 1:
            raise ValueError("zwei Monate, die nicht aufeinander folgen")
        return _months(match["y2"], first, match["y2"], last)

    for pattern in _month_patterns():
        yield _spelled(pattern, one)
    for first in _month_patterns("1"):
        for last in _month_patterns("2"):
            yield _spelled(rf"{first}{_JOIN}{last}", two, span=True)
    yield _spelled(
        rf"(?P<y1>{YEAR})-(?P<o1>0[1-9]|1[0-2])(?:,\s?|/|\s)(?P<y2>{YEAR})-(?P<o2>0[1-9]|1[0-2])",
        two,
        span=True,
    )
    months = rf"(?P<m1>{_MONTH})(?:{_JOIN}|(?P<and>\s?/\s?|\sund\s|\sand\s|\s?&\s?))(?P<m2>{_MONTH})"
    yield _spelled(rf"{months}\s?-?\s?(?P<y2>{YEAR})", short, span=True)
    yield _spelled(rf"(?P<y2>{YEAR})\s?-?\s?{months}", short, span=True)
    yield _spelled(
        rf"(?P<o1>{_OF_MONTH}){_JOIN}(?P<o2>{_OF_MONTH})/\s?(?P<y2>{YEAR})",
        lambda m: _months(m["y2"], int(m["o1"]), m["y2"], int(m["o2"])),
        span=True,
    )


def _numbered_spellings() -> Iterator[Spelling]:
    def quarter(match: re.Match[str]) -> Period:
        return _quarters(match["y"], match["q"], match["y"], match["q"])

    def week(match: re.Match[str]) -> Period:
        return _weeks(match["y"], match["w"], match["y"], match["w"])

    for pattern in _part_patterns(_WEEK, _WEEK_NUMBER, "w"):
        yield _spelled(pattern, week)
    for pattern in _part_patterns(_QUARTER, _QUARTER_NUMBER, "q"):
        yield _spelled(pattern, quarter)
    for pattern in _part_patterns(_HALF, r"(?:[12]|ii?)", "h"):
        yield _spelled(pattern, lambda m: _halves(m["y"], m["h"]))
    for word, number, group, read in (
        (_WEEK, _WEEK_NUMBER, "w", _weeks),
        (_QUARTER, _QUARTER_NUMBER, "q", _quarters),
    ):
        yield from _spans_of_parts(word, number, group, read)


def _spans_of_parts(
    word: str, number: str, group: str, read: Callable[[str, str, str, str], Period]
) -> Iterator[Spelling]:
    def full(m: re.Match[str]) -> Period:
        return read(m["y1"], m[f"{group}1"], m["y2"], m[f"{group}2"])

    def short(m: re.Match[str]) -> Period:
        return read(m["y2"], m[f"{group}1"], m["y2"], m[f"{group}2"])

    for first in _part_patterns(word, number, group, "1"):
        for last in _part_patterns(word, number, group, "2"):
            yield _spelled(rf"{first}{_JOIN}{last}", full, span=True)
    one, other, year = rf"(?P<{group}1>{number})", rf"(?P<{group}2>{number})", rf"(?P<y2>{YEAR})"
    for pattern in (
        rf"{word}\.?\s?{one}{_JOIN}(?:{word}\.?\s?)?{other}(?:\s?[-/]\s?|,?\s){year}",
        rf"{one}\.?{_JOIN}{other}\.\s?{word}(?:\s?[-/]\s?|,?\s){year}",
        rf"{year}\s?[-/]?\s?{word}\.?\s?{one}{_JOIN}{word}\.?\s?{other}",
    ):
        yield _spelled(pattern, short, span=True)


SPELLINGS = tuple(_spellings())
