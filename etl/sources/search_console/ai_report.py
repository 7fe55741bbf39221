"""Google's report on generative AI: impressions in its answers, a series of its own that is added to no other.

The export looks like that of the performance report, with one figure only. Days count once: those of a later export
take the place of earlier ones. What the lists hold are sums of the export's whole period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING, recognise
from etl.files.periods import Period, period_in
from etl.files.sites import choose_site, known_sites, site_in_name
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, ImportReport, Rejection, RowFaults, counted, german_day
from etl.sources.balance import Balance, contained, too_little
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    ragged_faults,
    rejected_warning,
)
from etl.sources.search_console.grains import SOURCE
from etl.sources.search_console.ui_export.export_names import KEYS, TableName, filter_kind
from etl.sources.search_console.ui_export.export_rows import KeyRules, count_of, key_of
from etl.store.ledger import Run, keep_aside
from etl.store.load import append, rows_of
from portalkompass.schema import SEARCH_AI
from portalkompass.settings import Settings
from portalkompass.urls import host_of, normalise

_NAMED = re.compile(r"generativ|(?<![^\W_])(?:ai|ki|gen-?ai|ia)(?![^\W_])", re.IGNORECASE)
_QUESTION = (
    "{name} nennt nur Impressionen, wie der Bericht zu generativer KI der Search Console. Stammen die Zahlen daraus? "
    "Sie werden als eigene Reihe geladen und zu keinen anderen Impressionen addiert."
)
_TABLES: tuple[TableName, ...] = ("days", "queries", "pages", "countries", "devices")


@dataclass(frozen=True, slots=True)
class _Report:
    name: str
    site: str
    period: Period | None
    filters: str
    tables: dict[TableName, dict[str, int]]
    rejected: tuple[Rejection, ...]
    rows_in: int

    @property
    def total(self) -> int:
        """Impressions of the chart, else of the first table: several tables hold the same ones."""
        return sum((self.tables.get("days") or next(iter(self.tables.values()))).values())


def _check(connection: Connection, tables: Tables, beside: Sequence[str], request: ImportRequest) -> Checked:
    report = _read(connection, tables, request)
    span = f" vom {german_day(report.period[0])} bis {german_day(report.period[1])}" if report.period else ""
    loaded = report.rows_in - len(report.rejected)
    warnings = [
        *rejected_warning(report.rejected, report.name),
        *([f"Gefiltert ({report.filters}); zählt nicht für die ganze Property."] if report.filters else []),
        *([] if report.period else ["Ohne Diagramm ist der Zeitraum unbekannt; --period gibt ihn an."]),
        *(f"{name} wurde nicht erkannt und übergangen." for name in beside),
    ]
    named = any(
        _NAMED.search(text) for file, sheet in tables for text in (file.group, file.stem, *sheet.above)
    )
    told = ImportReport(
        kind=AI_REPORT.name,
        file_name=report.name,
        source=SOURCE,
        site=report.site,
        period_start=report.period[0] if report.period else None,
        period_end=report.period[1] if report.period else None,
        rows_in=report.rows_in,
        rows_loaded=loaded,
        rows_rejected=len(report.rejected),
        message=f"Bericht zu generativer KI für {report.site}{span}: {counted(loaded, 'Zeile', 'Zeilen')}.",
        warnings=tuple(warnings),
        questions=() if named else (_QUESTION.format(name=report.name),),
        sample=tuple(
            {"table": table, "key": key, "impressions": impressions}
            for table, rows in report.tables.items()
            for key, impressions in list(rows.items())[:SAMPLE_ROWS]
        ),
        contained=contained(Balance("Impressionen", report.rows_in, loaded, report.total, report.total)),
    )
    return Checked(told, lambda connection, run: _store(connection, report, run))


def _read(connection: Connection, tables: Tables, request: ImportRequest) -> _Report:
    """All tables of one report.

    Raises:
        LoadError: of another property, without rows, the same table twice, or too little of it can be read.
        RowFaults: a day or device cannot be read.
    """
    file = tables[0][0]
    name = file.name if len({f.name for f, _ in tables}) == 1 and not file.member else file.group
    sheets: dict[TableName, Sheet] = {}
    filters: list[str] = []
    for _, sheet in tables:
        if recognise(sheet).name == "filters":
            filters += _content(sheet)
            continue
        table = _table_of(sheet)
        if table in sheets:
            raise LoadError(
                f"{sheets[table].file_name} und {sheet.file_name} sind dieselbe Tabelle. "
                "Bitte jeden Export in einem eigenen Ordner oder als Zip laden."
            )
        sheets[table] = sheet
    site = choose_site(
        name,
        _addresses(sheets.get("pages")),
        explicit=request.site,
        known=known_sites(connection, request.settings),
        hint=site_in_name(file.group) or site_in_name(file.stem),
    )
    rules = KeyRules(site, request.settings.page_kinds, request.settings.current_day())
    rows: dict[TableName, dict[str, int]] = {}
    periods: list[Period] = []
    rejected: list[Rejection] = []
    for table, sheet in sheets.items():
        rows[table], own, faults = _rows(sheet, table, rules)
        periods += own
        rejected += faults
        if table in ("days", "devices") and faults:
            raise RowFaults(SOURCE, name, sheet.rows, faults, site)
    rows_in = sum(sheet.rows + len(sheet.ragged) for sheet in sheets.values())
    if not any(rows.values()):
        raise RowFaults(SOURCE, name, rows_in, rejected, site)
    loaded = rows_in - len(rejected)
    if because := too_little(Balance("Impressionen", rows_in, loaded, 0, 0)):
        raise RowFaults(SOURCE, name, rows_in, rejected, site, because)
    chart = (min(start for start, _ in periods), max(end for _, end in periods)) if periods else None
    return _Report(
        name,
        site,
        chart or request.period or period_in(file.stem),
        "; ".join(sorted(filters)),
        rows,
        tuple(rejected),
        rows_in,
    )


def _table_of(sheet: Sheet) -> TableName:
    look = Look(sheet, NOTHING)
    return next(table for table in _TABLES if look.heading(*KEYS[table]) is not None)


def _content(sheet: Sheet) -> Iterator[str]:
    for _, cells in sheet.records():
        kind, value = (cells[heading].strip() for heading in sheet.header[:2])
        if filter_kind(kind) == "content":
            yield f"{kind}: {value}"


def _addresses(sheet: Sheet | None) -> list[str]:
    if sheet is None:
        return []
    heading = Look(sheet, NOTHING).heading("page") or sheet.header[0]
    return [text for text in sheet.columns[heading].to_pylist() if host_of(normalise(text))]


def _rows(
    sheet: Sheet, table: TableName, rules: KeyRules
) -> tuple[dict[str, int], list[Period], list[Rejection]]:
    """Impressions by key (spellings of one page are summed), the days of a chart, what cannot be read."""
    look = Look(sheet, NOTHING)
    key_heading = look.heading(*KEYS[table]) or sheet.header[0]
    heading = look.heading("impressions") or sheet.header[-1]
    rows: dict[str, int] = {}
    periods: list[Period] = []
    faults = ragged_faults(sheet)
    for line, cells in sheet.records():
        column, fault = key_heading, ""
        try:
            key, period = key_of(table, cells[key_heading], rules, None)
            column = heading
            count = count_of(cells[heading])
        except ValueError as error:
            fault = str(error)
        else:
            if period and key in rows:
                column, fault = key_heading, "der Tag steht schon da"
        if fault:
            faults.append(Rejection(sheet.file_name, line, column, cells[column], fault))
            continue
        rows[key] = rows.get(key, 0) + count
        periods += [period] if period else []
    return rows, periods, faults


def _store(connection: Connection, report: _Report, run: Run) -> None:
    """In place of the same lists of the same period, and of the same days of earlier exports."""
    start, end = report.period or (None, None)
    for table, rows in report.tables.items():
        if table == "days":
            connection.execute(
                "DELETE FROM search_ai WHERE site = ? AND table_name = 'days' AND filters = ? "
                "AND key IN (SELECT unnest(?::VARCHAR[]))",
                [report.site, report.filters, list(rows)],
            )
        else:
            connection.execute(
                "DELETE FROM search_ai WHERE site = ? AND table_name = ? AND filters = ? "
                "AND period_start IS NOT DISTINCT FROM ? AND period_end IS NOT DISTINCT FROM ?",
                [report.site, table, report.filters, start, end],
            )
        constants = {
            "import_id": run.run_id,
            "site": report.site,
            "table_name": table,
            "period_start": start,
            "period_end": end,
            "filters": report.filters,
            "file_name": report.name,
        }
        values = [{"key": key, "impressions": impressions} for key, impressions in rows.items()]
        append(connection, SEARCH_AI, rows_of(SEARCH_AI, values, **constants))
    keep_aside(connection, run, report.rejected)


def _take_back(connection: Connection, run_id: str, _settings: Settings) -> int:
    return delete_import(connection, SEARCH_AI, run_id)


AI_REPORT = TableKind(name="generative_ai", check=_check, together=True, take_back=_take_back)
