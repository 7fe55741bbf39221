"""Columns of dates in one spelling, before anybody asks what the table is.

A cell alone often does not tell its date: ``11/1/2025`` is a day of January or November, ``2025-10-01`` below "Monat"
is all of October, ``10`` beside "Jahr" is nothing without it. The column as a whole tells, or a person is asked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from etl.files.excel import excel_day, excel_month
from etl.files.german_numbers import parse_day
from etl.files.kinds.vocabulary import concepts_of, plain
from etl.files.periods import MONTH_NUMBER, end_of_month
from etl.files.sheets import TEXT, Sheet, no_table

_MONTHS = frozenset(
    {
        "month",
        "monat",
        "mois",
        "mes",
        "mese",
        "maand",
        "miesiąc",
        "ay",
        "berichtsmonat",
        "kalendermonat",
        "year month",
    }
    | {"monat/jahr", "jahr/monat"}
)
_WEEKS = frozenset(
    {
        "week",
        "woche",
        "semaine",
        "semana",
        "settimana",
        "tydzień",
        "hafta",
        "kalenderwoche",
        "kw",
        "berichtswoche",
    }
    | {"iso week", "calendar week"}
)
_QUARTERS = frozenset({"quarter", "quartal", "trimestre", "kwartaal", "kwartał"})
_YEARS = frozenset({"year", "jahr", "année", "año", "anno", "jaar", "rok", "yıl", "iso year", "kalenderjahr"})
_SPANS = (
    ("von", "bis"), ("from", "to"), ("startdatum", "enddatum"), ("start date", "end date"), ("beginn", "ende"),
    ("start", "ende"), ("start", "end"), ("zeitraum von", "zeitraum bis"), ("datum von", "datum bis"),
    ("date from", "date to"), ("period start", "period end"),
)  # fmt: skip
_ABOUT_PAGES = frozenset({"page", "address", "full_address", "path", "label", "clicks"})
_TWO_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?:/(?P<second>\d{1,2})/(?P<year>\d{4}|\d{2})|-(?P<dashed>\d{1,2})-(?P<long>\d{4}))"
    r"(?:[ T]00:00(?::00)?)?"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BETWEEN = "\x1f"
_FIRST_TEXTS = 20
"""So many distinct cells of a column are looked at to see whether it holds dates at all."""


def settled(sheet: Sheet) -> Sheet:
    """The sheet with dates that a column as a whole tells written out, and periods of two columns in one.

    Where the column leaves a doubt (a week that does not begin on Monday, nothing but first days of months), the
    sheet has only a fault: a sentence that says how to write it.
    """
    if sheet.fault or not sheet.rows:
        return sheet
    columns: dict[str, pa.ChunkedArray] = {}
    for heading in sheet.header:
        column = sheet.columns[heading]
        try:
            columns[heading] = _respelled(heading, column)
        except ValueError as fault:
            return no_table(sheet.file_name, sheet.name, f"{sheet.file_name}, Spalte „{heading}“: {fault}")
    named = _months_of_days(tuple(columns))
    sheet = _of(sheet, dict(zip(named, columns.values(), strict=True)))
    return _one_span(_with_year(sheet))


def _of(sheet: Sheet, columns: dict[str, pa.ChunkedArray]) -> Sheet:
    return replace(sheet, header=tuple(columns), columns=pa.table(columns))


def _months_of_days(header: Sequence[str]) -> tuple[str, ...]:
    """Headings; those that Excel has made of a row of months (``2025-10-01``, ``Okt 25``) are these months again."""
    days = {heading: day for heading in header if (day := _day(heading))}
    if any(day.day != 1 for day in days.values()):
        return tuple(header)
    if not days:
        days = {
            heading: day for heading in header if (day := excel_month(heading)) and not excel_day(heading)
        }
        if any(end_of_month(one) + dt.timedelta(days=1) != other for one, other in pairwise(days.values())):
            return tuple(header)
    if len(days) < 2:  # noqa: PLR2004 one column is no row of months
        return tuple(header)
    return tuple(f"{days[heading]:%Y-%m}" if heading in days else heading for heading in header)


def _respelled(heading: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    name = plain(heading)
    first = _first_text(column)
    if name in _MONTHS:
        return _mapped(_ordered(column, first, _ends_month), _month)
    if name in _WEEKS:
        return _mapped(_ordered(column, first), _week)
    if name in _QUARTERS:
        return _mapped(_ordered(column, first), _quarter)
    column = _ordered(column, first)
    if concepts_of(heading) & {"date", "period"}:
        if "date" in concepts_of(heading) and excel_day(first):
            column = _mapped(column, lambda text: f"{day}" if (day := excel_day(text)) else text)
        _refuse_first_days(_texts(column))
    return column


def _first_text(column: pa.ChunkedArray) -> str:
    """The first cell that begins with a digit: above it may stand a sum."""
    return next(
        (
            text
            for chunk in column.chunks
            for text in chunk.dictionary[:_FIRST_TEXTS].to_pylist()
            if text[:1].isdigit()
        ),
        "",
    )


def _texts(column: pa.ChunkedArray) -> list[str]:
    """The distinct filled cells."""
    found = {text for chunk in column.chunks for text in chunk.dictionary.to_pylist()}
    return [stripped for text in found if (stripped := text.strip())]


def _mapped(column: pa.ChunkedArray, respell: Callable[[str], str]) -> pa.ChunkedArray:
    """The column with each distinct text respelled."""
    chunks = [
        pa.DictionaryArray.from_arrays(
            chunk.indices,
            pa.array([respell(text.strip()) for text in chunk.dictionary.to_pylist()], pa.string()),
        )
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, TEXT)


def _day(text: str) -> dt.date | None:
    try:
        return parse_day(text)
    except ValueError:
        return None


def _ends_month(day: dt.date) -> bool:
    """Whether it is the first or last of its month, as a month is kept."""
    return day.day == 1 or day == end_of_month(day)


def _month(text: str) -> str:
    day = _day(text)
    if day is None:
        kept = excel_month(text) if excel_day(text) else None
        return f"{kept:%Y-%m}" if kept else text
    if not _ends_month(day):
        raise ValueError(
            f"„{text}“ ist ein Tag mitten im Monat. Bitte den Monat als JJJJ-MM schreiben, oder die Spalte „Tag“ "
            "nennen, wenn es Tage sind."
        )
    return f"{day:%Y-%m}"


def _week(text: str) -> str:
    day = excel_day(text) or _day(text)
    if day is None:
        return text
    if day.weekday():
        raise ValueError(
            f"„{text}“ ist kein Montag; welche sieben Tage gemeint sind, steht nicht da. Bitte als „KW 45 2025“ oder "
            "mit erstem und letztem Tag schreiben."
        )
    return f"{day} - {day + dt.timedelta(days=6)}"


def _quarter(text: str) -> str:
    day = excel_day(text) or _day(text)
    if day is None:
        return text
    if day.day != 1 or day.month % 3 != 1:
        raise ValueError(f"„{text}“ ist kein erster Tag eines Quartals. Bitte als „Q3 2025“ schreiben.")
    return f"{day} - {end_of_month(day.replace(month=day.month + 2))}"


def _refuse_first_days(texts: Sequence[str]) -> None:
    """Nothing but first days of several months: Excel keeps months so, and days of that kind nobody counts.

    Raises:
        ValueError: it is so.
    """
    if len(texts) < 2:  # noqa: PLR2004 a single day can be a first one
        return
    days = set()
    for text in texts:
        day = _day(text)
        if day is None or day.day != 1:
            return
        days.add(day)
    if len(days) > 1:
        raise ValueError(
            "Da stehen nur erste Tage von Monaten. Sind die Monate gemeint (Excel legt sie so ab), bitte die Spalte "
            "„Monat“ nennen; sind es wirklich einzelne Tage, bitte jeden für sich laden."
        )


def _ordered(
    column: pa.ChunkedArray, first: str, fits: Callable[[dt.date], bool] = lambda day: True
) -> pa.ChunkedArray:
    """``13/11/2025`` and ``11/13/2025`` as ISO days, where the column allows only one order of day and month."""
    if not _TWO_NUMBERS.fullmatch(first):
        return column
    matches = [match for text in _texts(column) if (match := _TWO_NUMBERS.fullmatch(text))]
    fitting = []
    for order in (_day_first, _month_first):
        days = [order(match) for match in matches]
        if all(day is not None and fits(day) for day in days):
            fitting.append(order)
    if len(fitting) != 1:
        return column

    def respell(text: str) -> str:
        match = _TWO_NUMBERS.fullmatch(text)
        return f"{fitting[0](match)}" if match else text

    return _mapped(column, respell)


def _day_first(match: re.Match[str]) -> dt.date | None:
    return _numbered(match, match["second"] or match["dashed"], match["first"])


def _month_first(match: re.Match[str]) -> dt.date | None:
    return _numbered(match, match["first"], match["second"] or match["dashed"])


def _numbered(match: re.Match[str], month: str, day: str) -> dt.date | None:
    year = match["year"] or match["long"]
    try:
        return dt.date(int(year) + (2000 if len(year) == len("25") else 0), int(month), int(day))
    except ValueError:
        return None


def _with_year(sheet: Sheet) -> Sheet:
    """``Jahr`` and ``Monat`` (or week, or quarter) as one column."""
    year = next((heading for heading in sheet.header if plain(heading) in _YEARS), None)
    part = next((h for h in sheet.header if plain(h) in _MONTHS | _WEEKS | _QUARTERS), None)
    if year is None or part is None or not all(map(_YEAR.fullmatch, _texts(sheet.columns[year]))):
        return sheet
    name = plain(part)

    def together(text: str) -> str:
        year_, _, number = text.partition(_BETWEEN)
        return _spelled_part(name, number.strip(), year_.strip())

    if not all(together(f"2025{_BETWEEN}{text}") for text in _texts(sheet.columns[part])):
        return sheet
    columns = {heading: sheet.columns[heading] for heading in sheet.header if heading != year}
    columns[part] = _mapped(_beside(sheet, year, part), together)
    return _of(sheet, columns)


def _spelled_part(name: str, text: str, year: str) -> str:
    """The part with its year; "" where the text is none, or has a year of its own."""
    number = re.sub(r"^(?:kw|w|q|quartal)\s?|\.$", "", text.lower())
    if name in _MONTHS:
        month = MONTH_NUMBER.get(number, int(number) if number.isdecimal() else 0)
        return f"{year}-{month:02d}" if 1 <= month <= 12 else ""  # noqa: PLR2004 months
    if not number.isdecimal() or len(number) > len("53"):
        return ""
    return f"KW {int(number)} {year}" if name in _WEEKS else f"Q{int(number)} {year}"


def _one_span(sheet: Sheet) -> Sheet:
    """``von`` and ``bis`` as one column ``Zeitraum``, where no other column tells the period."""
    meanings = frozenset().union(*map(concepts_of, sheet.header))
    if meanings & {"date", "period"} or not meanings & _ABOUT_PAGES:
        return sheet
    names = {plain(heading): heading for heading in sheet.header}
    pair = next(((names[a], names[b]) for a, b in _SPANS if a in names and b in names), None)
    if pair is None or not all(_day(text) for heading in pair for text in _texts(sheet.columns[heading])):
        return sheet

    def together(text: str) -> str:
        first, _, last = text.partition(_BETWEEN)
        return f"{_day(first)} - {_day(last)}" if first.strip() and last.strip() else ""

    columns = {
        "Zeitraum" if heading == pair[0] else heading: sheet.columns[heading]
        for heading in sheet.header
        if heading != pair[1]
    }
    columns["Zeitraum"] = _mapped(_beside(sheet, *pair), together)
    return _of(sheet, columns)


def _beside(sheet: Sheet, first: str, second: str) -> pa.ChunkedArray:
    """Both cells of each row in one text."""
    texts = [sheet.columns[heading].cast(pa.string()) for heading in (first, second)]
    joined = pc.binary_join_element_wise(*texts, _BETWEEN)
    return joined.dictionary_encode()
