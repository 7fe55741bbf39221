"""Import of cases: what the departments' own systems count by service, month and channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.kinds.case_kinds import SERVICE_CASES as READER
from etl.files.periods import end_of_month
from etl.reports import SAMPLE_ROWS, ImportReport, RowFaults, counted, german_day
from etl.sources.balance import balance_warnings, contained, too_little
from etl.sources.cases.case_cells import known_services
from etl.sources.cases.case_rows import COUNTS, CaseRows, parse
from etl.sources.file_kind import Checked, ImportRequest, TableKind, Tables, delete_import, rejected_warning
from etl.store.ledger import Run, keep_aside, ledger_rows
from etl.store.load import append
from etl.store.publish import present
from portalkompass.schema import INGEST_LEDGER, SERVICE_CASES
from portalkompass.settings import Settings

SOURCE = "cases"


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    settings = request.settings
    services = known_services(connection, settings)
    if not services.by_id:
        raise LoadError(
            f"{sheet.file_name}: Noch ist keine Liste der Leistungen geladen, zu denen die Fälle gehören. Bitte "
            "zuerst die OZG-Liste laden."
        )
    cases = parse(sheet, services, settings)
    rejected = sum(fault.kind == "fault" for fault in cases.rejected)
    if not cases.loaded:
        raise RowFaults(SOURCE, sheet.file_name, cases.balance.rows, cases.rejected)
    if because := too_little(cases.balance):
        raise RowFaults(SOURCE, sheet.file_name, cases.balance.rows, cases.rejected, because=because)
    first, last = cases.rows["month"].min(), end_of_month(cases.rows["month"].max())
    report = ImportReport(
        kind=CASE_FILE.name,
        file_name=cases.file_name,
        source=SOURCE,
        site="",
        period_start=first,
        period_end=last,
        rows_in=cases.loaded + len(cases.rejected),
        rows_loaded=cases.loaded,
        rows_rejected=len(cases.rejected),
        message=f"Fallzahlen vom {german_day(first)} bis {german_day(last)}: "
        f"{counted(cases.rows['service'].nunique(), 'Leistung', 'Leistungen')}, "
        f"{counted(cases.loaded, 'Zeile', 'Zeilen')}.",
        warnings=(
            *(rejected_warning(cases.rejected, cases.file_name) if rejected else ()),
            *_left_out(cases),
            *balance_warnings(cases.balance),
        ),
        questions=_questions(connection, cases, settings),
        sample=tuple(_sample(cases.rows)),
        contained=contained(cases.balance),
    )
    return Checked(report, lambda connection, run: _store(connection, cases, settings, run))


def _left_out(cases: CaseRows) -> list[str]:
    if not cases.left_out:
        return []
    return [
        f"Nicht geladen werden die Spalten {', '.join(cases.left_out)}: Sie gelten für alle Kanäle zusammen. Mit einer "
        "Zeile je Leistung, Monat und Kanal lassen sie sich laden."
    ]


def _sample(rows: pd.DataFrame) -> list[dict[str, Any]]:
    head = rows.head(SAMPLE_ROWS).astype("object")
    return [
        {
            str(name): value.isoformat() if isinstance(value, dt.date) else value
            for name, value in row.items()
            if pd.notna(value)
        }
        for row in head.to_dict("records")
    ]


def _questions(connection: Connection, cases: CaseRows, settings: Settings) -> tuple[str, ...]:
    """A service's month is replaced whole, with all its channels, once a person has said so."""
    if not present(connection, [SERVICE_CASES]):
        return ()
    incoming = pa.Table.from_pandas(_months(cases), preserve_index=False)
    connection.register("incoming_months", incoming)
    try:
        ((months, rows),) = connection.execute(
            """
            SELECT count(DISTINCT (d.service, d.month)), count(*) FROM service_cases d
            JOIN incoming_months n ON d.service = n.service AND d.month = n.month WHERE d.municipality = ?
            """,
            [settings.city.municipality],
        ).fetchall()
    finally:
        connection.unregister("incoming_months")
    if not rows:
        return ()
    return (
        f"{cases.file_name}: Zu {counted(months, 'Monat einer Leistung', 'Monaten von Leistungen')} sind schon "
        f"Fallzahlen geladen ({counted(rows, 'Zeile', 'Zeilen')}). Sollen sie durch diese Datei ersetzt werden?",
    )


def _months(cases: CaseRows) -> pd.DataFrame:
    return cases.rows[["service", "month"]].drop_duplicates()


def _store(connection: Connection, cases: CaseRows, settings: Settings, run: Run) -> None:
    municipality = settings.city.municipality
    connection.register("incoming_months", pa.Table.from_pandas(_months(cases), preserve_index=False))
    connection.execute(
        "DELETE FROM service_cases USING incoming_months n WHERE service_cases.service = n.service "
        "AND service_cases.month = n.month AND municipality = ?",
        [municipality],
    )
    connection.unregister("incoming_months")
    rows = cases.rows.assign(municipality=municipality, import_id=run.run_id)
    whole = {name: rows[name].astype("Int64") for name in COUNTS if name in rows}
    append(connection, SERVICE_CASES, pa.Table.from_pandas(rows.assign(**whole), preserve_index=False))
    by_month = cases.rows.groupby("month").size()
    connection.execute(
        "DELETE FROM ingest_ledger WHERE source = ? AND grain = ? AND list_contains(?, date)",
        [SOURCE, SERVICE_CASES.name, list(by_month.index)],
    )
    entries = [{"date": month, "rows": int(number)} for month, number in by_month.items()]
    noted = ledger_rows(run, entries, settings.today, grain=SERVICE_CASES.name, state="final")
    append(connection, INGEST_LEDGER, noted)
    keep_aside(connection, run, cases.rejected)


CASE_FILE = TableKind(
    name=READER,
    check=_check,
    take_back=lambda connection, run_id, _settings: delete_import(connection, SERVICE_CASES, run_id),
)
