"""Periods in free text: names of files, titles and comments above a table, German and English.

An expression is read whole (a day, a week, a month, a quarter, a half year, a year, or a span of them), or nothing
is taken from the text. A text is refused as soon as it holds anything else that could belong to a date: a second
period, a number of a day, the name of a month, a word such as "seit" or "Mitte". So a wrong period is never read;
a missing one is told to the person, who can name it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from etl.files.period_spellings import MONTH_NUMBER, SPELLINGS, WEEKDAYS, YEAR, Period, Spelling, end_of_month

__all__ = ["MONTH_NUMBER", "Period", "end_of_month", "period_in", "period_of_lines", "whole_period"]

_HINT = re.compile(rf"{YEAR}")
_UNDERSCORED = re.compile(
    r"(?<!\d)(?<!\d[-_. /])20\d{2}_(?:0[1-9]|1[0-2])(?:_(?:0[1-9]|[12]\d|3[01]))?(?![-_. /]?\d)"
)
"""``2025_11`` and ``2025_11_30`` in names of files; everywhere else an underscore is a blank."""
_COPY = re.compile(r"\s*(?:\(\d{1,2}\)|- kopie(?: \(\d+\))?|- copy(?: \(\d+\))?)\s*$")
_NUMBERED = (
    r"(?:top|version|ver|v|teil|part|nr\.?|no\.?|id|idsite|site|amt|fb|fachbereich|anlage|blatt|sheet|ga)"
)
_NAMED_NUMBER = re.compile(rf"(?<![^\W_]){_NUMBERED}\s?[-:=]?\s?\d+(?:\.\d+)*(?![^\W_])")
_NAMES_A_NUMBER = re.compile(rf"(?<![^\W_]){_NUMBERED}\s?[-:=]?$")
_SMALL_NUMBER = re.compile(r"\d{1,2}(?!\d)")
_OTHER_DAY = re.compile(
    r"(?<![^\W_])(?:stand|erstellt|exportiert|export|abruf|abgerufen|created|exported|generated|downloaded|retrieved|download|"
    r"datenstand|as of|gedruckt|printed|aktualisiert|updated)"
    r"(?:\s?[:-])?(?:\s?(?:am|vom|on|at|im|in|per|zum))?\s*$"
)
"""What stands before a day on which something was made: no period."""
_OPEN = re.compile(
    r"(?:^|[^\w])(?:bis|ab|seit|vor|nach|ohne|außer|ausser|until|till|since|before|after|from|without|except|to|through|"
    r"von|vom|zwischen|between|not|nicht|by|per|zum|gegen|gegenüber|vs)\s*[.:]?\s*(?:zum\s|dem\s|the\s|end of\s)?$"
)
_DAYS_OF_WEEK = 7
_BEGINS_WEEK = re.compile(r"(?:^|[^\w])(?:woche|week)(?:\sof)?\s*$")
_BEGINS_SPAN = re.compile(r"(?:^|[^\w])(?:von|vom|from)\s*$")
_DOUBTFUL = """
    anfang mitte ende hälfte haelfte woche wochen week weeks kw quartal quarter halbjahr tag tage tagen
    day days month months monat monate monaten jahr jahre jahren year years early late mid erste ersten
    letzte letzten letzter first last second zweite zweiten dritte dritten third heute gestern today
    yesterday vergleich vergleichszeitraum compared comparison vs versus gegenüber vorjahr previous
    vorherige vorperiode seit ab ohne außer ausser except without since until till bis to through from
    von wochenende weekend werktage weekdays teilweise partial und and vor nach before after zwischen
    between
"""
_DOUBTFUL_WORDS = frozenset(_DOUBTFUL.split()) | frozenset(WEEKDAYS) | frozenset(MONTH_NUMBER)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_LONGEST_DAY_NUMBER = 31
_DATE_LIKE = re.compile(r"(?:kw|cw|q|h|w)\s?\d{1,2}(?!\d)")


def whole_period(text: str) -> Period:
    """The period that a text is, from its first to its last character.

    Raises:
        ValueError: it is none, or an impossible one; in German.
    """
    plain = _plain(text)
    if not _HINT.search(plain):
        raise ValueError("kein Zeitraum")
    for spelling in SPELLINGS:
        if match := spelling.pattern.fullmatch(plain):
            return _possible(spelling, match)
    raise ValueError("kein Zeitraum")


def period_in(text: str) -> Period | None:
    """The one period that a name or title tells, read whole; None where it tells none, or leaves any doubt."""
    plain = _COPY.sub("", _plain(text))
    if not _HINT.search(plain):
        return None
    found: list[Period] = []
    rest = plain
    while (hit := _longest(rest)) is not None:
        spelling, match = hit
        before = rest[: match.start()].rstrip()
        rest = f"{rest[: match.start()]} § {rest[match.end() :]}"
        if _OTHER_DAY.search(before):
            continue
        if _NAMES_A_NUMBER.search(before) and _SMALL_NUMBER.match(match[0]):
            return None
        opened = _OPEN.search(before)
        if opened and not (spelling.span and _BEGINS_SPAN.search(before)):
            return None
        try:
            period = _possible(spelling, match)
        except ValueError:
            return None
        found.append(period)
        whole_week = (period[1] - period[0]).days == _DAYS_OF_WEEK - 1
        opening = _BEGINS_SPAN if opened else _BEGINS_WEEK if whole_week else None
        if opening:
            rest = rest.replace(before, opening.sub(" ", before), 1)
    if len(found) != 1 or _doubtful(rest):
        return None
    return found[0]


def period_of_lines(lines: Sequence[str]) -> Period | None:
    """The one period that the lines above a table tell; None where they tell none or several."""
    found = {period for line in lines if (period := period_in(line))}
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).lower()
    dashed = re.sub(r"[\u2010-\u2015\u2212]", "-", composed)
    dashed = _UNDERSCORED.sub(lambda match: match[0].replace("_", "-"), dashed)
    return re.sub(r"[\s_\u00a0\u202f]+", " ", dashed).strip()


def _possible(spelling: Spelling, match: re.Match[str]) -> Period:
    try:
        return spelling.read(match)
    except ValueError as error:
        raise ValueError(str(error) if "liegt" in str(error) else "diesen Zeitraum gibt es nicht") from None


def _longest(text: str) -> tuple[Spelling, re.Match[str]] | None:
    """The longest expression; of equal ones the first spelling."""
    hits = [
        (match, spelling)
        for spelling in SPELLINGS
        if (match := spelling.pattern.search(text)) and match.end() > match.start()
    ]
    if not hits:
        return None
    match, spelling = max(hits, key=lambda hit: len(hit[0][0]))
    return spelling, match


def _doubtful(rest: str) -> bool:
    """Whether what was not used up could still belong to the date."""
    rest = _NAMED_NUMBER.sub(" ", rest)
    if _DATE_LIKE.search(rest):
        return True
    if any(word in _DOUBTFUL_WORDS for word in _WORD.findall(rest)):
        return True
    numbers = [number for number in _NUMBER.findall(rest) if len(number) <= len("20251130")]
    return any(int(number) <= _LONGEST_DAY_NUMBER or _HINT.match(number) for number in numbers)
