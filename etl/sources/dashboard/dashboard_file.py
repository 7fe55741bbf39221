"""Import of what the federal dashboard shows for the city: transactions by service and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from duckdb import DuckDBPyConnection as Connection

from etl.files.german_numbers import parse_count
from etl.files.kinds.case_kinds import DASHBOARD as READER
from etl.files.periods import end_of_month
from etl.files.tabular import Sheet
from etl.reports import Rejection, counted, german_day
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    ragged_faults,
)
from etl.sources.service_tables.known_services import (
    KnownServices,
    listed_services,
    service_parsers,
    whole_month,
)
from etl.sources.service_tables.month_report import MonthFile
from etl.sources.service_tables.service_months import replace_months
from etl.sources.service_tables.service_rows import mask_of, read_table
from etl.store.ledger import Run, keep_aside
from portalkompass.schema import DASHBOARD_USAGE
from portalkompass.settings import Settings

SOURCE = "dashboard"
_FIELDS: Mapping[str, tuple[str, ...]] = {"month": ("period",), "transactions": ("transactions",)}
_NEEDED = {"Monat": ("month",), "Transaktionen": ("transactions",)}


@dataclass(frozen=True, slots=True)
class Usage:
    """``rows``: service, month, transactions."""

    file_name: str
    rows: pd.DataFrame
    rejected: tuple[Rejection, ...]


def parse(sheet: Sheet, services: KnownServices, settings: Settings) -> Usage:
    """Parse every row; an empty count is no row, a month told twice is right in none of both.

    Raises:
        LoadError: a needed column is missing, two columns mean the same, or all rows are of another city.
    """
    parsers = {
        **service_parsers(services),
        "month": lambda text: whole_month(text, settings.current_day()),
        "transactions": parse_count,
    }
    table = read_table(sheet, _FIELDS, _NEEDED, parsers, settings)
    frame, faults, columns = table.frame, table.faults, table.columns
    unknown = frame["transactions"].isna().to_numpy()
    faults.note(unknown, columns["transactions"], "die Zahl der Transaktionen fehlt")
    good = frame[faults.good]
    double = good.duplicated(["service", "month"], keep=False)
    faults.note(
        mask_of(frame, double[double].index),
        columns["month"],
        "der Monat steht für diese Leistung noch einmal da",
    )
    rows = frame.loc[faults.good, ["service", "month", "transactions"]]
    return Usage(sheet.file_name, rows, (*ragged_faults(sheet), *faults.rejections()))


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    settings = request.settings
    services = listed_services(connection, settings, sheet.file_name, "die Zahlen")
    usage = parse(sheet, services, settings)
    file = MonthFile(
        kind=DASHBOARD_FILE.name,
        source=SOURCE,
        file_name=sheet.file_name,
        table=DASHBOARD_USAGE,
        what="Zahlen des Dashboards",
        rows=usage.rows,
        loaded=len(usage.rows),
        rejected=usage.rejected,
    )
    file.refuse_too_little()
    first, last = usage.rows["month"].min(), end_of_month(usage.rows["month"].max())
    message = (
        f"Dashboard des Bundes vom {german_day(first)} bis {german_day(last)}: "
        f"{counted(usage.rows['service'].nunique(), 'Leistung', 'Leistungen')}, "
        f"{counted(len(usage.rows), 'Zeile', 'Zeilen')}."
    )
    report = file.report(connection, settings, message, (first, last))
    return Checked(report, lambda connection, run: _store(connection, usage, settings, run))


def _store(connection: Connection, usage: Usage, settings: Settings, run: Run) -> None:
    replace_months(connection, DASHBOARD_USAGE, usage.rows, settings, run)
    keep_aside(connection, run, usage.rejected)


DASHBOARD_FILE = TableKind(
    name=READER,
    check=_check,
    take_back=lambda connection, run_id, _settings: delete_import(connection, DASHBOARD_USAGE, run_id),
)
