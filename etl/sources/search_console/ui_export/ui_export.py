"""Search Console's UI export (zip, folder, workbook or loose tables) as one checked whole.

The rows carry no date: they are totals of the whole period and stay apart from daily rows. Only the
chart's days are daily, and only while no filter narrows them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.archives import SourceFile
from etl.files.kinds.vocabulary import table_named
from etl.files.periods import Period, period_in
from etl.files.sites import choose_site, known_sites, site_in_name
from etl.files.tabular import Sheet
from etl.reports import Rejection, RowFaults, counted
from etl.sources.file_kind import Checked, ImportRequest, TableKind, Tables, rejected_warning
from etl.sources.search_console.grains import SOURCE
from etl.sources.search_console.ui_export.export_checks import contradictions, narrowed, refuse_swapped
from etl.sources.search_console.ui_export.export_load import report_of, store, take_back
from etl.sources.search_console.ui_export.export_names import (
    TableName,
    filter_kind,
    heading_of_key,
    metrics_of,
    search_type_of,
    table_of,
)
from etl.sources.search_console.ui_export.export_rows import KeyRules, UiExport, WindowRow, parse_table
from portalkompass.settings import Settings
from portalkompass.urls import host_of, normalise

MAX_ROWS = 1_000
"""Rows after which Google cuts a table."""
MOST_ODD_ROWS = 0.01
"""Share of a list's rows that may be unusable; of more the rest would be doubtful, too."""
_LISTS = frozenset({"queries", "pages", "countries", "appearance"})
WITHOUT_POSITION = frozenset({"discover", "googleNews"})


@dataclass(frozen=True, slots=True)
class _Filters:
    search_type: str
    content: str
    known: bool


def parse(
    files: Tables,
    settings: Settings,
    *,
    site: str | None,
    known: Sequence[str],
    skipped: Iterable[str] = (),
    given: Period | None = None,
) -> UiExport:
    """Read all tables of one export for its property; ``given``: the period of tables without a chart, from a person.

    Raises:
        LoadError: it is another report, of another property, or lacks a column or its days.
        RowFaults: rows are faulty; carries every fault of every table.
    """
    sheets = _by_table(files)
    name = _name(files)
    filters = _filters(name, sheets.pop("filters", None), files[0][0], sheets)
    property_ = choose_site(
        name, _addresses(sheets.get("pages")), explicit=site, known=known, hint=_hint(files[0][0])
    )
    rules = KeyRules(property_, settings.page_kinds, settings.current_day())
    positions = filters.search_type not in WITHOUT_POSITION
    tables: dict[TableName, list[WindowRow]] = {}
    faults: list[Rejection] = []
    aside: list[Rejection] = []
    repeated = 0
    for table, sheet in sheets.items():
        tables[table], odd, again = parse_table(sheet, table, rules, positions=positions)
        real = [fault for fault in odd if fault.kind == "fault"]
        aside += [fault for fault in odd if fault.kind != "fault"]
        (aside if _few(real, table, sheet) else faults).extend(real)
        repeated += again
    rows_in = sum(sheet.rows + len(sheet.ragged) for sheet in sheets.values())
    if not sheets:
        raise LoadError(
            f"{name}: Das ist nur die Tabelle der Filter eines Exports; sie enthält keine Zahlen. Bitte das "
            f"ganze Zip laden."
        )
    if not rows_in:
        raise LoadError(
            f"{name}: Der Export enthält keine Zeilen. Bitte Zeitraum und Filter prüfen und neu exportieren."
        )
    if faults:
        raise RowFaults(SOURCE, name, rows_in, faults, property_)
    for table, rows in tables.items():
        refuse_swapped(sheets[table].file_name, len(rows), sum(row.clicks > row.impressions for row in rows))
    # In Discover and Google News a page is counted like the property: there equal sums tell nothing.
    if not filters.known and not filters.content and positions:
        filters = replace(filters, content=_told_by_sums(tables))
    period = _period(name, tables) or given or _spoken(files)
    weekly = any(row.period and row.period[0] != row.period[1] for row in tables.get("days", []))
    warnings = _warnings(tables, sheets, filters, skipped, period, weekly=weekly)
    if repeated:
        warnings.append(
            f"{counted(repeated, 'Zeile nennt', 'Zeilen nennen')} dieselbe Adresse oder Anfrage wie eine "
            f"andere (Google lässt "
            "ein leeres „?“ weg); zusammengezählt."
        )
    return UiExport(
        file_name=name,
        site=property_,
        search_type=filters.search_type,
        period=period,
        filters=filters.content,
        daily="days" in tables and not weekly and not filters.content,
        tables=tables,
        rows_in=rows_in,
        warnings=(*warnings, *contradictions(tables), *rejected_warning(aside, name)),
        rejected=tuple(aside),
    )


def _spoken(files: Tables) -> Period | None:
    """The period in the name of a table without a chart; a single day is that of the export."""
    periods = {period_in(text) for file, sheet in files for text in (file.stem, *sheet.above)} - {None}
    found = periods.pop() if len(periods) == 1 else None
    return found if found and found[0] != found[1] else None


def _few(odd: Sequence[Rejection], table: TableName, sheet: Sheet) -> bool:
    """Whether single odd rows of a long list may be kept aside; a day, hour or device must not be missing."""
    return table in _LISTS and len(odd) <= MOST_ODD_ROWS * (sheet.rows + len(sheet.ragged))


def _told_by_sums(tables: dict[TableName, list[WindowRow]]) -> str:
    by = narrowed(tables)
    return f"{by}, nach den Summen" if by else ""


def _by_table(files: Tables) -> dict[TableName, Sheet]:
    sheets: dict[TableName, Sheet] = {}
    for _, sheet in files:
        table = table_of(sheet)
        if table is None:
            continue
        if table in sheets:
            raise LoadError(
                f"{sheets[table].file_name} und {sheet.file_name} sind dieselbe Tabelle. "
                "Bitte jeden Export in einem eigenen Ordner oder als Zip laden."
            )
        sheets[table] = sheet
    return sheets


def _name(files: Tables) -> str:
    file = files[0][0]
    return file.name if len({f.name for f, _ in files}) == 1 and not file.member else file.group


def _hint(file: SourceFile) -> str:
    return site_in_name(file.group) or site_in_name(file.stem)


def _filters(name: str, sheet: Sheet | None, file: SourceFile, sheets: dict[TableName, Sheet]) -> _Filters:
    """What the export is narrowed to; the table of filters counts, then the name, then what the tables lack."""
    label = f"{file.group} {file.stem}".lower()
    search_type = _type_by_name(label)
    if sheet is None:
        return _Filters(search_type or _type_by_columns(sheets), "", known=False)
    search_type = search_type or "web"
    content = []
    for _, cells in sheet.records():
        kind, value = cells[sheet.header[0]].strip(), cells[sheet.header[1]].strip()
        if filter_kind(kind) == "content":
            content.append(f"{kind}: {value}")
        elif filter_kind(kind) == "search_type":
            named_type = search_type_of(value)
            if named_type is None:
                raise LoadError(
                    f"{name}: Der Suchtyp „{value}“ ist unbekannt. Bitte auf Deutsch oder "
                    f"Englisch exportieren."
                )
            search_type = named_type
    return _Filters(search_type, "; ".join(sorted(content)), known=True)


def _type_by_name(label: str) -> str:
    if re.search(r"google[- _]news", label):
        return "googleNews"
    return "discover" if re.search(r"(^|[^a-z])discover([^a-z]|$)", label) else ""


def _type_by_columns(sheets: dict[TableName, Sheet]) -> str:
    """Discover and Google News have no positions and no queries; only Google News has devices."""
    metrics = [metrics_of(sheet) for sheet in sheets.values()]
    without = metrics and all("position" not in found and "ctr" in found for found in metrics)
    if not without or "queries" in sheets:
        return "web"
    return "googleNews" if "devices" in sheets else "discover"


def _addresses(sheet: Sheet | None) -> list[str]:
    if sheet is None:
        return []
    texts = sheet.columns[heading_of_key(sheet, "pages")].to_pylist()
    return [text for text in texts if host_of(normalise(text))]


def _period(name: str, tables: dict[TableName, list[WindowRow]]) -> tuple[dt.date, dt.date] | None:
    """From the chart, never from the filter table: that one can lie about the period."""
    if "days" not in tables and "hours" not in tables:
        return None
    charts: tuple[TableName, ...] = ("days", "hours")
    periods = [row.period for chart in charts for row in tables.get(chart, []) if row.period]
    if not periods:
        raise LoadError(f"{name}: Das Diagramm des Exports enthält keine Tage. Bitte neu exportieren.")
    return min(start for start, _ in periods), max(end for _, end in periods)


def _warnings(
    tables: dict[TableName, list[WindowRow]],
    sheets: dict[TableName, Sheet],
    filters: _Filters,
    skipped: Iterable[str],
    period: Period | None,
    *,
    weekly: bool,
) -> list[str]:
    warnings = []
    if not filters.known:
        warnings.append(
            "Die Tabelle der Filter fehlt: Der Export sagt nicht, aus welchem Suchtyp er stammt und ob er "
            "gefiltert ist. Er wird "
            f"unter „{filters.search_type}“ abgelegt; vollständig ist er mit der Filtertabelle (das ganze "
            f"Zip laden)."
        )
    if not filters.known and filters.search_type in WITHOUT_POSITION:
        warnings.append(
            "Die Spalte Position fehlt, wie in den Berichten Discover und Google News; gelesen als "
            f"{'Discover' if filters.search_type == 'discover' else 'Google News'}."
        )
    if period is None:
        warnings.append(
            "Das Diagramm fehlt; der Zeitraum der Zahlen ist deshalb unbekannt. Er lässt sich mit --period angeben."
        )
    if filters.content:
        warnings.append(
            f"Der Export ist gefiltert ({filters.content}); seine Tage zählen nicht für die ganze Property "
            "und füllen keine Lücken."
        )
    if weekly:
        warnings.append("Das Diagramm zeigt Wochen oder Monate; einzelne Tage lassen sich nicht übernehmen.")
    cut = [
        table
        for table, sheet in sheets.items()
        if table in _LISTS and sheet.rows + len(sheet.ragged) >= MAX_ROWS
    ]
    if cut:
        warnings.append("Google gibt je Tabelle höchstens 1.000 Zeilen aus; die Listen sind unvollständig.")
    odd = sum(row.clicks > row.impressions for rows in tables.values() for row in rows)
    if odd:
        warnings.append(f"In {counted(odd, 'Zeile', 'Zeilen')} gibt es mehr Klicks als Impressionen.")
    warnings += [f"{name} wurde nicht erkannt und übergangen." for name in skipped]
    return warnings


def _check(connection: Connection, tables: Tables, beside: Sequence[str], request: ImportRequest) -> Checked:
    known = known_sites(connection, request.settings)
    export = parse(
        tables, request.settings, site=request.site, known=known, skipped=beside, given=request.period
    )
    report = report_of(connection, export)
    return Checked(report, lambda connection, run: store(connection, export, request.settings, run))


UI_EXPORT = TableKind(
    name="search_console_export",
    check=_check,
    together=True,
    # Search appearance is exported as a file without a single byte where there is none.
    may_be_empty=lambda file: table_named(file.stem) == "appearance",
    take_back=take_back,
)
