"""Import of cases: what the departments' own systems count by service, month and channel."""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import DuckDBPyConnection as Connection

from etl.files.kinds.case_kinds import SERVICE_CASES as READER
from etl.files.periods import end_of_month
from etl.reports import counted, german_day
from etl.sources.cases.case_rows import CaseRows, parse
from etl.sources.file_kind import Checked, ImportRequest, TableKind, Tables, delete_import
from etl.sources.service_tables.known_services import listed_services
from etl.sources.service_tables.month_report import MonthFile
from etl.sources.service_tables.service_months import replace_months
from etl.store.ledger import Run, keep_aside
from portalkompass.schema import SERVICE_CASES
from portalkompass.settings import Settings

SOURCE = "cases"


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    settings = request.settings
    services = listed_services(connection, settings, sheet.file_name, "die Fälle")
    cases = parse(sheet, services, settings)
    file = MonthFile(
        kind=CASE_FILE.name,
        source=SOURCE,
        file_name=cases.file_name,
        table=SERVICE_CASES,
        what="Fallzahlen",
        rows=cases.rows,
        loaded=cases.loaded,
        rejected=cases.rejected,
        balance=cases.balance,
    )
    file.refuse_too_little()
    first, last = cases.rows["month"].min(), end_of_month(cases.rows["month"].max())
    message = (
        f"Fallzahlen vom {german_day(first)} bis {german_day(last)}: "
        f"{counted(cases.rows['service'].nunique(), 'Leistung', 'Leistungen')}, "
        f"{counted(cases.loaded, 'Zeile', 'Zeilen')}."
    )
    report = file.report(connection, settings, message, (first, last), tuple(_left_out(cases)))
    return Checked(report, lambda connection, run: _store(connection, cases, settings, run))


def _left_out(cases: CaseRows) -> list[str]:
    if not cases.left_out:
        return []
    return [
        f"Nicht geladen werden die Spalten {', '.join(cases.left_out)}: Sie gelten für alle Kanäle zusammen. Mit einer "
        "Zeile je Leistung, Monat und Kanal lassen sie sich laden."
    ]


def _store(connection: Connection, cases: CaseRows, settings: Settings, run: Run) -> None:
    replace_months(connection, SERVICE_CASES, cases.rows, settings, run)
    keep_aside(connection, run, cases.rejected)


CASE_FILE = TableKind(
    name=READER,
    check=_check,
    take_back=lambda connection, run_id, _settings: delete_import(connection, SERVICE_CASES, run_id),
)
