"""Load a portal file: whole periods are replaced; one source counts per property and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa

from etl.errors import LoadError
from etl.reports import ImportReport, RowFaults, counted, fault_sentence, german_count, german_day
from etl.sources.portal_files.parse import PortalRows
from etl.sources.portal_files.titles import without_suffix
from etl.store.ledger import Outcome, Run, finish_run, keep_aside, start_run, utc_now
from etl.store.load import append
from portalkompass.schema import INGEST_LEDGER, PAGES, PORTAL_PAGE
from portalkompass.settings import Settings

Period = tuple[dt.date, dt.date]


def check(
    connection: duckdb.DuckDBPyConnection, rows: PortalRows, *, site: str, settings: Settings
) -> ImportReport:
    """What loading the file would do; writes nothing.

    Raises:
        RowFaults: no row can be used.
        LoadError: its periods overlap each other, periods of another length or another source.
    """
    source, today = settings.portal.source, settings.current_day()
    if not rows.rows_loaded:
        raise RowFaults(source, rows.file_name, rows.rows_in, rows.rejected, site)
    _check_periods(rows)
    _check_warehouse(connection, rows, source, site)
    warnings = []
    if rows.rejected:
        count = counted(len(rows.rejected), "Zeile wurde", "Zeilen wurden")
        warnings.append(f"{count} abgewiesen: {fault_sentence(rows.rejected, within=rows.file_name)}")
    warnings += _replaced(connection, rows, source, site)
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
    )


def load(
    connection: duckdb.DuckDBPyConnection, rows: PortalRows, *, site: str, settings: Settings
) -> ImportReport:
    """Load the file into an open draft, inside the caller's transaction."""
    report = check(connection, rows, site=site, settings=settings)
    run = start_run(settings.portal.source, site=site, file_name=rows.file_name)
    _replace_periods(connection, rows, run)
    _enter_titles(connection, site, without_suffix(rows.titles))
    _enter_ledger(connection, rows, run, utc_now(settings.today))
    keep_aside(connection, run, rows.rejected)
    outcome = Outcome(
        "partial" if rows.rejected else "done",
        report.message,
        rows_in=report.rows_in,
        rows_loaded=report.rows_loaded,
        rows_rejected=report.rows_rejected,
        first_date=report.period_start,
        last_date=report.period_end,
    )
    finish_run(connection, run, outcome)
    return report.loaded_by(run.run_id)


def _check_periods(rows: PortalRows) -> None:
    for earlier, later in pairwise(rows.periods):
        if later[0] <= earlier[1]:
            raise LoadError(
                f"{rows.file_name}: Die Zeiträume {_words(earlier)} und {_words(later)} überschneiden sich; "
                "Tage und Monate gehören in getrennte Dateien."
            )


def _check_warehouse(connection: duckdb.DuckDBPyConnection, rows: PortalRows, source: str, site: str) -> None:
    found = _with_periods(
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
    if not found:
        return
    other, start, end, first, last, file_name = found[0]
    if other != source:
        raise LoadError(
            f"{rows.file_name}: Für {site} liegen im Zeitraum {_words((first, last))} schon Daten der Quelle "
            f"„{other}“ vor; je Tag zählt nur eine Quelle."
        )
    raise LoadError(
        f"{rows.file_name}: Der Zeitraum {_words((first, last))} überschneidet sich mit dem schon geladenen "
        f"{_words((start, end))}{_from(file_name)}; Tage und Monate werden nicht gemischt. Soll diese Datei gelten, "
        "bitte zuerst jenen Import zurücknehmen („Daten“, unter den letzten Ladevorgängen)."
    )


def _replaced(connection: duckdb.DuckDBPyConnection, rows: PortalRows, source: str, site: str) -> list[str]:
    """Earlier files whose rows this one replaces, so that nobody does so unawares."""
    found = _with_periods(
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
        for count, name in found
    ]


def _with_periods(
    connection: duckdb.DuckDBPyConnection, periods: Sequence[Period], statement: str, values: list[str]
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


def _from(file_name: str) -> str:
    return f" ({file_name})" if file_name else ""


def _words(period: Period) -> str:
    first, last = period
    return german_day(first) if first == last else f"{german_day(first)} bis {german_day(last)}"


def _replace_periods(connection: duckdb.DuckDBPyConnection, rows: PortalRows, run: Run) -> None:
    _with_periods(
        connection,
        rows.periods,
        """
        DELETE FROM portal_page USING incoming_periods n
        WHERE source = $1 AND site = $2 AND period_start = n.first AND period_end = n.last
        """,
        [run.source, run.site],
    )
    append(connection, PORTAL_PAGE, _with_constants(rows.rows, run))


def _with_constants(table: pa.Table, run: Run) -> pa.Table:
    """Constant columns as dictionaries of one text: a million copies of it would be 70 MB."""
    zeros = pa.repeat(pa.scalar(0, pa.int8()), table.num_rows)
    for name, value in (("source", run.source), ("site", run.site), ("import_id", run.run_id)):
        table = table.append_column(name, pa.DictionaryArray.from_arrays(zeros, pa.array([value])))
    return table


def _enter_titles(connection: duckdb.DuckDBPyConnection, site: str, titles: dict[str, str]) -> None:
    count = len(titles)
    table = pa.table(
        {
            "site": pa.array([site] * count, pa.string()),
            "url": pa.array(list(titles), pa.string()),
            "title": pa.array(list(titles.values()), pa.string()),
            "title_source": pa.array(["portal"] * count, pa.string()),
        }
    )
    connection.register("incoming_titles", table)
    connection.execute(
        "DELETE FROM pages USING incoming_titles n WHERE pages.site = n.site AND pages.url = n.url"
    )
    connection.unregister("incoming_titles")
    append(connection, PAGES, table)


def _enter_ledger(
    connection: duckdb.DuckDBPyConnection, rows: PortalRows, run: Run, fetched_at: dt.datetime
) -> None:
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
    counted = rows.rows.group_by("period_start").aggregate([([], "count_all")])
    entries = [
        {
            "source": run.source,
            "site": run.site,
            "search_type": "",
            "grain": grain,
            "date": line["period_start"],
            "state": "final",
            "rows": line["count_all"],
            "fetched_at": fetched_at,
            "run_id": run.run_id,
        }
        for line in counted.sort_by("period_start").to_pylist()
    ]
    append(connection, INGEST_LEDGER, pa.Table.from_pylist(entries))
