"""Import of a portal file: whole periods are replaced; one source counts per property and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from etl.errors import LoadError
from etl.files import sites
from etl.files.tabular import Sheet
from etl.reports import ImportReport, RowFaults, counted, german_count, german_day
from etl.sources.balance import balance_warnings, contained, too_little
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    ragged_faults,
    rejected_warning,
)
from etl.sources.portal_files import parse
from etl.sources.portal_files.columns import CANONICAL
from etl.sources.portal_files.months_beside import has_months_beside, turned
from etl.sources.portal_files.parse import PortalRows
from etl.sources.portal_files.titles import without_suffix
from etl.store.ledger import Run, keep_aside, ledger_rows
from etl.store.load import append, rows_of, with_texts
from portalkompass.schema import INGEST_LEDGER, PAGES, PORTAL_PAGE, PORTAL_SITE_DAY
from portalkompass.settings import Settings

Period = tuple[dt.date, dt.date]


def _headings(request: ImportRequest) -> Mapping[str, str]:
    """Heading → canonical name: those of the settings, and of the profile before them."""
    saved = request.profile.columns if request.profile and request.profile.kind == "portal" else {}
    return {**request.settings.portal.columns, **saved}


def _check(
    connection: DuckDBPyConnection, tables: Tables, _beside: Sequence[str], request: ImportRequest
) -> Checked:
    ((_, sheet),) = tables
    headings = _headings(request)
    if has_months_beside(sheet, headings):
        sheet, headings = turned(sheet, headings), {}
    site, rows = _read(connection, sheet, headings, request)
    report = _report(connection, rows, site, request.settings)
    return Checked(report, lambda connection, run: _store(connection, rows, request.settings, run))


def _is_complete(sheet: Sheet, settings: Settings) -> bool:
    headings = settings.portal.columns
    if not has_months_beside(sheet, headings):
        return not parse.can_be_mapped(sheet, headings)
    try:
        turned(sheet, headings)
    except LoadError:
        return False
    return True


def _read(
    connection: DuckDBPyConnection, sheet: Sheet, headings: Mapping[str, str], request: ImportRequest
) -> tuple[str, PortalRows]:
    """The file's property and its rows.

    Raises:
        LoadError: nothing tells the property, or the host of bare paths.
    """
    settings = request.settings
    addresses = parse.addresses(sheet, headings, request.period)
    if not sheet.rows:
        faults = ragged_faults(sheet, parse.RAGGED)
        raise RowFaults(settings.portal.source, sheet.file_name, len(faults), faults)
    known = sites.known_sites(connection, settings)
    site = sites.choose_site(sheet.file_name, addresses, explicit=request.site, known=known)
    host = sites.host_of_paths(connection, settings, site)
    if not addresses and not host:
        raise LoadError(
            f"{sheet.file_name}: Die Datei nennt nur Pfade wie „/leistung/…“, und {site} umfasst mehrere "
            "Hosts. Welcher gemeint ist, sagt die Einstellung portal.host. Bitte dort eintragen."
        )
    kinds, today = settings.page_kinds, settings.current_day()
    rows = parse.parse(
        sheet, headings, site=site, page_kinds=kinds, today=today, host=host, period=request.period
    )
    return site, rows


def _report(connection: DuckDBPyConnection, rows: PortalRows, site: str, settings: Settings) -> ImportReport:
    """What loading the file would do.

    Raises:
        RowFaults: no row can be used.
        LoadError: its periods overlap each other, periods of another length or another source.
    """
    source, today = settings.portal.source, settings.current_day()
    if not rows.rows_loaded:
        raise RowFaults(source, rows.file_name, rows.rows_in, rows.rejected, site)
    if because := too_little(rows.balance):
        raise RowFaults(source, rows.file_name, rows.rows_in, rows.rejected, site, because)
    _check_periods(rows)
    _check_warehouse(connection, rows, source, site)
    warnings = [
        *rejected_warning(rows.rejected, rows.file_name),
        *balance_warnings(rows.balance),
        *_replaced(connection, rows, source, site),
    ]
    start, end = rows.periods[0][0], max(period[1] for period in rows.periods)
    if end > today:
        warnings.append(
            f"Der letzte Zeitraum läuft noch bis {german_day(end)}; seine Zahlen sind unvollständig."
        )
    if rows.period_from:
        warnings.append(f"Der Zeitraum {_words(rows.periods[0])} stammt aus {rows.period_from}.")
    pages = len(rows.rows["url"].unique())
    message = (
        f"Portaldaten für {site} vom {german_day(start)} bis {german_day(end)}: "
        f"{german_count(rows.rows_loaded)} von {counted(rows.rows_in, 'Zeile', 'Zeilen')}, "
        f"{counted(pages, 'Seite', 'Seiten')}, {counted(len(rows.periods), 'Zeitraum', 'Zeiträume')}."
    )
    return ImportReport(
        kind="portal",
        file_name=rows.file_name,
        source=source,
        site=site,
        period_start=start,
        period_end=end,
        rows_in=rows.rows_in,
        rows_loaded=rows.rows_loaded,
        rows_rejected=len(rows.rejected),
        message=message,
        warnings=tuple(warnings),
        sample=rows.sample,
        contained=contained(rows.balance),
    )


def _store(connection: DuckDBPyConnection, rows: PortalRows, settings: Settings, run: Run) -> None:
    _replace_periods(connection, rows, run)
    _enter_titles(connection, run.site, without_suffix(rows.titles))
    _enter_ledger(connection, rows, run, settings.today)
    keep_aside(connection, run, rows.rejected)


def _take_back(connection: DuckDBPyConnection, run_id: str, _settings: Settings) -> int:
    """Titles of pages that no other portal import names are derived from the address again."""
    connection.execute(
        """
        UPDATE pages SET title = NULL, title_source = NULL
        WHERE title_source = 'portal'
          AND (site, url) IN (SELECT (site, url) FROM portal_page WHERE import_id = $1)
          AND (site, url) NOT IN (SELECT (site, url) FROM portal_page
                                  WHERE source = (SELECT source FROM ingest_runs WHERE run_id = $1)
                                    AND import_id IS DISTINCT FROM $1)
        """,
        [run_id],
    )
    return sum(delete_import(connection, table, run_id) for table in (PORTAL_PAGE, PORTAL_SITE_DAY))


def _check_periods(rows: PortalRows) -> None:
    for earlier, later in pairwise(rows.periods):
        if later[0] <= earlier[1]:
            raise LoadError(
                f"{rows.file_name}: Die Zeiträume {_words(earlier)} und {_words(later)} überschneiden sich; "
                "Tage und Monate gehören in getrennte Dateien. Bitte aufteilen."
            )


def _check_warehouse(connection: DuckDBPyConnection, rows: PortalRows, source: str, site: str) -> None:
    conflicts = _with_periods(
        connection,
        rows.periods,
        """
        SELECT p.source, p.period_start, p.period_end, n.first, n.last, coalesce(r.file_name, '')
        FROM (SELECT DISTINCT source, site, period_start, period_end, import_id FROM portal_page
              UNION SELECT DISTINCT source, site, date, date, '' FROM portal_site_day WHERE source <> $1) p
        JOIN incoming_periods n ON p.period_start <= n.last AND p.period_end >= n.first
        LEFT JOIN ingest_runs r ON r.run_id = p.import_id
        WHERE p.site = $2 AND (p.source <> $1 OR p.period_start <> n.first OR p.period_end <> n.last)
        ORDER BY p.source = $1, p.period_start LIMIT 1
        """,
        [source, site],
    )
    if not conflicts:
        return
    other, start, end, first, last, file_name = conflicts[0]
    if other != source:
        raise LoadError(
            f"{rows.file_name}: Für {site} liegen im Zeitraum {_words((first, last))} schon Daten der Quelle "
            f"„{other}“ vor; je Tag zählt nur eine Quelle. Bitte nur die Tage laden, die dort fehlen."
        )
    named = f" ({file_name})" if file_name else ""
    raise LoadError(
        f"{rows.file_name}: Der Zeitraum {_words((first, last))} überschneidet sich mit dem schon geladenen "
        f"{_words((start, end))}{named}; Tage und Monate werden nicht gemischt. Soll diese Datei gelten, "
        "bitte zuerst jenen Import zurücknehmen („Daten“, unter den letzten Ladevorgängen)."
    )


def _replaced(connection: DuckDBPyConnection, rows: PortalRows, source: str, site: str) -> list[str]:
    """Earlier files whose rows this one replaces, so that nobody does so unawares."""
    replaced = _with_periods(
        connection,
        rows.periods,
        """
        SELECT count(*), any_value(coalesce(r.file_name, ''))
        FROM portal_page p JOIN incoming_periods n ON p.period_start = n.first AND p.period_end = n.last
        LEFT JOIN ingest_runs r ON r.run_id = p.import_id
        WHERE p.source = $1 AND p.site = $2
        GROUP BY p.import_id ORDER BY max(r.started_at)
        """,
        [source, site],
    )
    return [
        f"Ersetzt {counted(count, 'Zeile', 'Zeilen')} desselben Zeitraums"
        + (f" aus {name}." if name else ".")
        for count, name in replaced
    ]


def _with_periods(
    connection: DuckDBPyConnection, periods: Sequence[Period], statement: str, values: list[str]
) -> list[tuple[Any, ...]]:
    table = pa.table(
        {
            "first": pa.array([period[0] for period in periods], pa.date32()),
            "last": pa.array([period[1] for period in periods], pa.date32()),
        }
    )
    connection.register("incoming_periods", table)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.unregister("incoming_periods")


def _words(period: Period) -> str:
    first, last = period
    return german_day(first) if first == last else f"{german_day(first)} bis {german_day(last)}"


def _replace_periods(connection: DuckDBPyConnection, rows: PortalRows, run: Run) -> None:
    _with_periods(
        connection,
        rows.periods,
        """
        DELETE FROM portal_page USING incoming_periods n
        WHERE source = $1 AND site = $2 AND period_start = n.first AND period_end = n.last
        """,
        [run.source, run.site],
    )
    marked = with_texts(rows.rows, source=run.source, site=run.site, import_id=run.run_id)
    append(connection, PORTAL_PAGE, marked)


def _enter_titles(connection: DuckDBPyConnection, site: str, titles: dict[str, str]) -> None:
    rows = [{"url": url, "title": title} for url, title in titles.items()]
    table = rows_of(PAGES, rows, site=site, title_source="portal")
    connection.register("incoming_titles", table)
    connection.execute(
        "DELETE FROM pages USING incoming_titles n WHERE pages.site = n.site AND pages.url = n.url"
    )
    connection.unregister("incoming_titles")
    append(connection, PAGES, table)


def _enter_ledger(connection: DuckDBPyConnection, rows: PortalRows, run: Run, today: dt.date | None) -> None:
    grain = PORTAL_PAGE.name
    _with_periods(
        connection,
        rows.periods,
        f"""
        DELETE FROM ingest_ledger USING incoming_periods n
        WHERE source = $1 AND site = $2 AND grain = '{grain}' AND date = n.first
        """,
        [run.source, run.site],
    )
    counts = rows.rows.group_by("period_start").aggregate([([], "count_all")]).sort_by("period_start")
    entries = [{"date": line["period_start"], "rows": line["count_all"]} for line in counts.to_pylist()]
    append(connection, INGEST_LEDGER, ledger_rows(run, entries, today, grain=grain, state="final"))


PORTAL_FILE = TableKind(
    name="portal",
    is_complete=_is_complete,
    check=_check,
    fields=CANONICAL,
    take_back=_take_back,
)
