"""A table with a column per month, turned into a row per page and month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from etl.errors import LoadError
from etl.files.kinds.portal_kinds import MEASURES, is_bare_month, month_of_heading, months_of
from etl.files.kinds.vocabulary import concepts_of, plain
from etl.files.sheets import TEXT, Sheet

PERIOD = "period"
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def has_months_beside(sheet: Sheet, configured: Mapping[str, str]) -> bool:
    """Whether at least two columns are periods, and none holds the period of a row."""
    own = {plain(heading): name for heading, name in configured.items()}
    return not any(own.get(plain(heading)) == PERIOD for heading in sheet.header) and bool(
        months_of(sheet.header)
    )


def turned(sheet: Sheet, configured: Mapping[str, str]) -> Sheet:
    """The sheet with the columns ``period`` and one per measure; rows keep the line they stand in.

    Which measure the columns hold say the headings themselves (``Aufrufe Okt 2025``), a person (``configured``
    gives the same measure to each of them), the lines above, or the file's name. Sums over the months are left out.

    Raises:
        LoadError: nothing tells the measure or the year, or a month stands there twice.
    """
    own = {plain(heading): name for heading, name in configured.items()}
    places: dict[tuple[str, str], str] = {}
    for heading in sheet.header:
        found = _period_and_words(sheet, heading)
        if found is None:
            continue
        period, words = found
        measure = own.get(plain(heading)) or _measure(sheet, words)
        if (period, measure) in places:
            raise LoadError(
                f"{sheet.file_name}: Der Zeitraum {period} steht in zwei Spalten. Bitte eine davon löschen."
            )
        places[period, measure] = heading
    measures = list(dict.fromkeys(measure for _, measure in places))
    periods = list(dict.fromkeys(period for period, _ in places))
    kept = [heading for heading in sheet.header if heading not in places.values() and not _is_sum(heading)]
    tables = [_of_period(sheet, period, measures, places, kept) for period in periods]
    whole = pa.concat_tables([table for table, _ in tables])
    lines = pa.chunked_array([part for _, numbers in tables for part in numbers.chunks], pa.int64())
    return replace(sheet, header=tuple(whole.column_names), columns=whole, lines=lines)


def _period_and_words(sheet: Sheet, heading: str) -> tuple[str, str] | None:
    if is_bare_month(heading):
        return f"{heading} {_year(sheet)}", ""
    return month_of_heading(heading) if not concepts_of(heading) else None


def _year(sheet: Sheet) -> str:
    texts = (sheet.file_name, sheet.name, *sheet.above)
    years = {match[1] for text in texts for match in _YEAR.finditer(text)}
    if len(years) != 1:
        raise LoadError(
            f"{sheet.file_name}: Die Spalten nennen Monate ohne Jahr. Das Jahr darf im Dateinamen stehen, etwa "
            "„Seitenansichten 2025.csv“, oder in der Überschrift jeder Spalte („Jan 2025“)."
        )
    return years.pop()


def _measure(sheet: Sheet, words: str) -> str:
    """The measure that the words of a heading beside its period name; without any words, that of the file.

    Raises:
        LoadError: the words mean something else, such as clicks of the search, or nothing tells it.
    """
    if measure := _measure_in(words):
        return measure
    if not words:
        return _measure_of_file(sheet)
    raise _foreign(sheet, words)


def _foreign(sheet: Sheet, words: str) -> LoadError:
    return LoadError(
        f"{sheet.file_name}: „{words[:60]}“ ist keine Zahl des Portals (Seitenansichten, Besuche, Starts, Anträge, "
        "Fälle). Klicks und Impressionen der Suche gehören in den Bericht „Leistung“ der Search Console; andere "
        "Spalten lassen sich in der App unter „Daten“ zuordnen."
    )


def _measure_in(text: str) -> str:
    """The one measure that words name; "" for none or several."""
    words = _WORD.findall(text)
    phrases = [*words, *(" ".join(pair) for pair in pairwise(words)), text]
    found = {measure for phrase in phrases for measure in MEASURES if measure in concepts_of(phrase)}
    if {"page_views", "unique_page_views"} <= found:
        found.discard("page_views")
    return str(found.pop()) if len(found) == 1 else ""


def _measure_of_file(sheet: Sheet) -> str:
    for text in sheet.above:
        if any({"clicks", "impressions"} & concepts_of(word) for word in _WORD.findall(text)):
            raise _foreign(sheet, text)
    found = {
        measure for text in (sheet.file_name, sheet.name, *sheet.above) if (measure := _measure_in(text))
    }
    if len(found) == 1:
        return found.pop()
    raise LoadError(
        f"{sheet.file_name}: Die Monate stehen nebeneinander, aber nichts sagt, welche Zahl in ihren "
        f"Spalten steht. Sie darf im "
        "Dateinamen stehen, etwa „Seitenansichten 2025.csv“, in einer Zeile über der Tabelle oder in den "
        "Überschriften; in der App "
        "lassen sich die Spalten unter „Daten“ zuordnen."
    )


def _is_sum(heading: str) -> bool:
    return plain(heading) in {
        "summe",
        "gesamt",
        "gesamtsumme",
        "gesamtergebnis",
        "insgesamt",
        "total",
        "grand total",
        "jahr",
    }


def _of_period(
    sheet: Sheet, period: str, measures: list[str], places: Mapping[tuple[str, str], str], kept: list[str]
) -> tuple[pa.Table, pa.ChunkedArray]:
    """The rows of one period that hold any figure, and their lines."""
    blank = pa.array([""] * sheet.rows, pa.string()).dictionary_encode()
    columns = {heading: sheet.columns[heading] for heading in kept}
    columns[PERIOD] = pa.chunked_array([pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), sheet.rows),
                                                                       pa.array([period]))])  # fmt: skip
    for measure in measures:
        heading = places.get((period, measure))
        columns[measure] = sheet.columns[heading] if heading else pa.chunked_array([blank])
    table = pa.table(columns).cast(pa.schema([(name, TEXT) for name in columns]))
    filled = None
    for measure in measures:
        has = pc.not_equal(pc.utf8_trim_whitespace(table[measure].cast(pa.string())), "")
        filled = has if filled is None else pc.or_(filled, has)
    return table.filter(filled), sheet.lines.filter(filled)
