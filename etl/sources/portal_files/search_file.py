"""Import of the portal's own search: words by period, all of them or those that found nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.archives import SourceFile
from etl.files.distinct import is_total
from etl.files.german_numbers import parse_integer, parse_period
from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING
from etl.files.sites import choose_site, known_sites, site_in_name
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, ImportReport, Rejection, RowFaults, counted, german_day
from etl.sources.balance import Balance, balance_warnings, contained, too_little
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    ragged_faults,
    rejected_warning,
)
from etl.sources.portal_files.file_names import period_above, period_in_name
from etl.sources.portal_files.matomo_rules import is_remainder
from etl.sources.portal_files.search_words import search_word
from etl.store.ledger import Run, keep_aside, ledger_rows
from etl.store.load import append, rows_of
from etl.store.publish import present
from portalkompass.schema import ALL_SEARCHES, INGEST_LEDGER, NO_RESULT, PORTAL_SEARCH
from portalkompass.settings import Settings

Period = tuple[dt.date, dt.date]
_UNFOUND = re.compile(
    r"(?:ohne|kein\w*)[\s_-]*(?:treffer|ergebnis|such)|no[\s_-]*(?:search[\s_-]*)?result", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Words:
    """``rows``: period, report and word → searches; ``reports`` that the file tells of each of its periods."""

    name: str
    site: str
    rows: dict[tuple[Period, str, str], int]
    reports: tuple[str, ...]
    rejected: tuple[Rejection, ...]
    balance: Balance

    @property
    def periods(self) -> list[Period]:
        """All periods, in order."""
        return sorted({period for period, _, _ in self.rows})


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((file, sheet),) = tables
    words = _read(connection, file, sheet, request)
    source = request.settings.portal.source
    if because := too_little(words.balance):
        raise RowFaults(source, words.name, words.balance.rows, words.rejected, words.site, because)
    _refuse_overlap(connection, words, source)
    first, last = words.periods[0][0], max(end for _, end in words.periods)
    of = "Suche im Portal" if ALL_SEARCHES in words.reports else "Suche im Portal ohne Treffer"
    report = ImportReport(
        kind=SEARCH_FILE.name,
        file_name=words.name,
        source=source,
        site=words.site,
        period_start=first,
        period_end=last,
        rows_in=words.balance.rows,
        rows_loaded=words.balance.rows_loaded,
        rows_rejected=len(words.rejected),
        message=f"{of} für {words.site} vom {german_day(first)} bis {german_day(last)}: "
        f"{counted(words.balance.rows_loaded, 'Zeile', 'Zeilen')}.",
        warnings=(*rejected_warning(words.rejected, words.name), *balance_warnings(words.balance)),
        sample=tuple(
            {"period_start": period[0].isoformat(), "report": kind, "keyword": word, "searches": count}
            for (period, kind, word), count in list(words.rows.items())[:SAMPLE_ROWS]
        ),
        contained=contained(words.balance),
    )
    return Checked(report, lambda connection, run: _store(connection, words, run, request.settings))


def _read(connection: Connection, file: SourceFile, sheet: Sheet, request: ImportRequest) -> _Words:
    """The rows by period, report and word; spellings of one word are summed.

    Raises:
        LoadError: nothing tells the property or the period.
        RowFaults: no row can be used.
    """
    look = Look(sheet, NOTHING)
    word_heading = look.heading("search_word") or sheet.header[0]
    heading = look.heading("searches", "visits", "unique_page_views") or sheet.header[-1]
    unfound = look.heading("searches_unfound")
    day = look.heading("period", "date")
    whole = _whole_period(sheet, request)
    if day is None and whole is None:
        raise LoadError(
            f"{sheet.file_name}: Die Datei sagt nicht, aus welchem Zeitraum sie ist. Er darf im Dateinamen stehen, "
            "etwa „Suche 2025-11.csv“, in einer Spalte „Monat“, oder mit --period 2025-11 angegeben werden."
        )
    site = choose_site(
        sheet.file_name,
        [],
        explicit=request.site,
        known=known_sites(connection, request.settings),
        hint=site_in_name(file.group) or site_in_name(file.stem),
    )
    kind = NO_RESULT if any(_UNFOUND.search(text) for text in (file.stem, *sheet.above)) else ALL_SEARCHES
    rows: defaultdict[tuple[Period, str, str], int] = defaultdict(int)
    rejected = ragged_faults(sheet)
    total = loaded = rows_in = remainder = 0
    for line, cells in sheet.records():
        if is_total(cells[word_heading]):
            rejected.append(_fault(sheet, line, word_heading, cells, "Summenzeile"))
            continue
        rows_in += 1
        column = heading
        try:
            count = _count(cells[heading])
            total += count
            column = word_heading
            if is_remainder(cells[word_heading]):
                remainder += count
                rejected.append(_fault(sheet, line, word_heading, cells, "Sammelzeile seltener Suchen"))
                continue
            word = _word(cells[word_heading])
            column = day or word_heading
            period = parse_period(cells[day]) if day else whole
            column = unfound or word_heading
            without = _count(cells[unfound]) if unfound else 0
        except ValueError as error:
            rejected.append(_fault(sheet, line, column, cells, str(error)))
            continue
        if period is not None:
            loaded += count
            rows[period, kind, word] += count
            if unfound:
                rows[period, NO_RESULT, word] += min(without, count)
    rows_in += len(sheet.ragged)
    used = rows_in - sum(fault.reason != "Summenzeile" for fault in rejected)
    balance = Balance("Suchen", rows_in, used, total, loaded, remainder)
    if not rows:
        raise RowFaults(request.settings.portal.source, sheet.file_name, rows_in, rejected, site)
    reports = (kind, *((NO_RESULT,) if unfound else ()))
    told = {key: count for key, count in rows.items() if count}
    return _Words(sheet.file_name, site, told, reports, tuple(rejected), balance)


def _whole_period(sheet: Sheet, request: ImportRequest) -> Period | None:
    """By the person, the lines above, or the name; „ohne Treffer“ in it is no limit of a period."""
    lines = [_UNFOUND.sub("", text) for text in (*sheet.above, sheet.file_name)]
    return request.period or period_above(lines[:-1]) or period_in_name(lines[-1])


def _fault(sheet: Sheet, line: int, column: str, cells: dict[str, str], reason: str) -> Rejection:
    # What was typed may tell who typed it: the word itself is not kept beside its fault.
    value = "" if column == sheet.header[0] else cells[column]
    return Rejection(sheet.file_name, line, column, value, reason)


def _word(text: str) -> str:
    word = search_word(text)
    if not word:
        raise ValueError("der Suchbegriff fehlt")
    return word


def _count(text: str) -> int:
    count = parse_integer(text)
    if count is None or count < 0:
        raise ValueError("keine Anzahl")
    return count


def _refuse_overlap(connection: Connection, words: _Words, source: str) -> None:
    """Periods of another length, or of another source, would count searches twice.

    Raises:
        LoadError: there are some.
    """
    if not present(connection, [PORTAL_SEARCH]):
        return
    for first, last in words.periods:
        found = connection.execute(
            "SELECT source, period_start, period_end FROM portal_search WHERE site = ? AND period_start <= ? "
            "AND period_end >= ? AND (source <> ? OR period_start <> ? OR period_end <> ?) LIMIT 1",
            [words.site, last, first, source, first, last],
        ).fetchall()
        if found:
            other, start, end = found[0]
            raise LoadError(
                f"{words.name}: Vom {german_day(start)} bis {german_day(end)} ist die Suche im Portal schon geladen "
                f"(Quelle „{other}“); Suchen zählen nur einmal. Bitte nur Zeiträume laden, die fehlen, oder jenen "
                "Import zurücknehmen."
            )


def _store(connection: Connection, words: _Words, run: Run, settings: Settings) -> None:
    """Whole periods of a report are replaced."""
    for first, last in words.periods:
        for report in words.reports:
            connection.execute(
                "DELETE FROM portal_search WHERE source = ? AND site = ? AND period_start = ? AND period_end = ? "
                "AND report = ?",
                [run.source, run.site, first, last, report],
            )
        connection.execute(
            "DELETE FROM ingest_ledger WHERE source = ? AND site = ? AND grain = ? AND date = ?",
            [run.source, run.site, PORTAL_SEARCH.name, first],
        )
    rows = [
        {
            "period_start": period[0],
            "period_end": period[1],
            "report": kind,
            "keyword": word,
            "searches": count,
        }
        for (period, kind, word), count in sorted(words.rows.items())
    ]
    constants = {"source": run.source, "site": run.site, "import_id": run.run_id}
    append(connection, PORTAL_SEARCH, rows_of(PORTAL_SEARCH, rows, **constants))
    entries = [
        {"date": first, "rows": sum(period[0] == first for period, _, _ in words.rows)}
        for first, _ in words.periods
    ]
    noted = ledger_rows(run, entries, settings.today, grain=PORTAL_SEARCH.name, state="final")
    append(connection, INGEST_LEDGER, noted)
    keep_aside(connection, run, words.rejected)


def _take_back(connection: Connection, run_id: str, _settings: Settings) -> int:
    return delete_import(connection, PORTAL_SEARCH, run_id)


SEARCH_FILE = TableKind(name="portal_search", check=_check, take_back=_take_back)
