"""Load an OZG list: its dated state is replaced whole, ``services`` follows the newest state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.errors import LoadError
from etl.files.archives import expand
from etl.files.tabular import read_sheets
from etl.reports import SAMPLE_ROWS, ImportReport, counted, german_day
from etl.sources.ozg.parse import SOURCE, ServiceList, parse
from etl.sources.ozg.rows import HEADER, ServiceRow
from etl.store.ledger import Outcome, Run, finish_run, start_run, utc_now
from etl.store.load import replace_slice, transaction
from portalkompass.schema import INGEST_LEDGER, SERVICE_STATUS_HISTORY, SERVICES
from portalkompass.settings import Settings

SHIPPED_LIST = "ozg_services.csv"
COMPARED = tuple(name for name in HEADER if name not in {"service_id", "as_of"})
"""Fields in which two states of a service are compared."""

State = dict[str, dict[str, str | None]]
"""Fields of each service as text, by service id."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit in the app: who made it, and the run whose state was opened for it ("" = none was there)."""

    by: str
    base: str


def check(
    connection: duckdb.DuckDBPyConnection, services: ServiceList, settings: Settings, edit: Edit | None = None
) -> ImportReport:
    """What loading the list would change; writes nothing.

    Raises:
        LoadError: ``edit`` began from a state that is not the newest one any more.
    """
    municipality = settings.city.municipality
    if edit is not None:
        _refuse_stale(connection, municipality, edit)
    previous = _previous(connection, municipality, services.as_of)
    coming = {row.service_id: _fields(row) for row in services.rows}
    differences = () if previous is None else compare(_state(connection, municipality, previous), coming)
    count = len(services.rows)
    message = f"OZG-Liste mit Stand {german_day(services.as_of)}: {counted(count, 'Leistung', 'Leistungen')}"
    if previous is None:
        message += ", noch kein früherer Stand."
    elif not differences:
        message += f", keine Änderung gegenüber dem Stand {german_day(previous)}."
    else:
        changes = counted(len(differences), "Änderung", "Änderungen")
        message += f", {changes} gegenüber dem Stand {german_day(previous)}."
    if edit is not None and edit.by:
        message += f" Bearbeitet von {edit.by.rstrip('.')}."
    newest = _newest(connection, municipality)
    warnings: tuple[str, ...] = ()
    if newest is not None and newest > services.as_of:
        warnings = (
            f"Es gibt schon den neueren Stand {german_day(newest)}; diese Liste ergänzt nur den Verlauf.",
        )
    return ImportReport(
        kind="ozg",
        file_name=services.file_name,
        source=SOURCE,
        site="",
        period_start=services.as_of,
        period_end=services.as_of,
        rows_in=count,
        rows_loaded=count,
        rows_rejected=0,
        message=message,
        warnings=warnings,
        sample=tuple({"service_id": row.service_id} | _fields(row) for row in services.rows[:SAMPLE_ROWS]),
        differences=differences,
    )


def load(
    connection: duckdb.DuckDBPyConnection, services: ServiceList, settings: Settings, edit: Edit | None = None
) -> ImportReport:
    """Load the list into an open draft, inside the caller's transaction."""
    report = check(connection, services, settings, edit)
    run = start_run(SOURCE, file_name=services.file_name)
    municipality = settings.city.municipality
    replace_slice(
        connection,
        SERVICE_STATUS_HISTORY,
        {"municipality": municipality, "as_of": services.as_of},
        _history_rows(services, municipality, run),
    )
    follow_newest(connection, municipality)
    _enter(connection, services, run, report.message, utc_now(settings.today))
    return report.loaded_by(run.run_id)


def load_shipped(connection: duckdb.DuckDBPyConnection, settings: Settings) -> ImportReport | None:
    """Load the data folder's ``ozg_services.csv`` (else the shipped one) into an open draft.

    For `demo` and `run`, outside any transaction. None if a list of that date is there already: it
    may have been edited since, and a shipped file never overwrites what people entered.

    Raises:
        LoadError: the list is faulty.
    """
    path: Path = settings.data_file(SHIPPED_LIST)
    sheet = read_sheets(expand([path])[0])[0]
    services = parse(sheet, as_of=None, today=settings.current_day())
    known = connection.execute(
        "SELECT count(*) FROM service_status_history WHERE municipality = ? AND as_of = ?",
        [settings.city.municipality, services.as_of],
    ).fetchone()
    if known and known[0]:
        return None
    with transaction(connection):
        return load(connection, services, settings)


def compare(before: State, after: State) -> tuple[dict[str, str | None], ...]:
    """Changed fields in list order; a service that came or went is one entry of field ``service``."""
    entries: list[dict[str, str | None]] = []
    for service, fields in after.items():
        old = before.get(service)
        if old is None:
            entries.append({"service": service, "field": "service", "before": None, "after": fields["name"]})
            continue
        entries += [
            {"service": service, "field": name, "before": old[name], "after": fields[name]}
            for name in COMPARED
            if old[name] != fields[name]
        ]
    gone = [service for service in before if service not in after]
    entries += [
        {"service": service, "field": "service", "before": before[service]["name"], "after": None}
        for service in gone
    ]
    return tuple(entries)


def _previous(connection: duckdb.DuckDBPyConnection, municipality: str, as_of: dt.date) -> dt.date | None:
    """The state to compare with: that of the same date if there is one, else the last before it."""
    row = connection.execute(
        "SELECT max(as_of) FROM service_status_history WHERE municipality = ? AND as_of <= ?",
        [municipality, as_of],
    ).fetchone()
    return row[0] if row else None


def _refuse_stale(connection: duckdb.DuckDBPyConnection, municipality: str, edit: Edit) -> None:
    """Of two editors the second save is refused; only the newest state counts, older ones are history."""
    row = connection.execute(
        """
        SELECT h.import_id, max(h.as_of), max(r.message) FROM service_status_history h
        LEFT JOIN ingest_runs r ON r.run_id = h.import_id
        WHERE h.municipality = $1
          AND h.as_of = (SELECT max(as_of) FROM service_status_history WHERE municipality = $1)
        GROUP BY h.import_id
        """,
        [municipality],
    ).fetchone()
    stored, as_of, message = row or ("", None, None)
    if stored != edit.base:
        state = f" Gespeichert ist der Stand {german_day(as_of)}: {message}" if as_of else ""
        raise LoadError(f"Die OZG-Liste wurde inzwischen geändert. Es wurde nichts gespeichert.{state}")


def _newest(connection: duckdb.DuckDBPyConnection, municipality: str) -> dt.date | None:
    row = connection.execute(
        "SELECT max(as_of) FROM service_status_history WHERE municipality = ?", [municipality]
    ).fetchone()
    return row[0] if row else None


def _state(connection: duckdb.DuckDBPyConnection, municipality: str, as_of: dt.date) -> State:
    columns = ", ".join(_as_text(name) for name in COMPARED)
    rows = connection.execute(
        f"SELECT service, {columns} FROM service_status_history"
        " WHERE municipality = ? AND as_of = ? ORDER BY service",
        [municipality, as_of],
    ).fetchall()
    return {row[0]: dict(zip(COMPARED, row[1:], strict=True)) for row in rows}


def _as_text(name: str) -> str:
    if name == "go_live_month":
        return "strftime(go_live_month, '%Y-%m')"
    if name == "leistungsschluessel":
        return "nullif(array_to_string(leistungsschluessel, '|'), '')"
    return f'"{name}"'


def _fields(row: ServiceRow) -> dict[str, str | None]:
    values = row.model_dump(by_alias=True, include={*ServiceRow.model_fields} - {"service_id", "as_of"})
    month = row.go_live_month
    values["go_live_month"] = f"{month:%Y-%m}" if month else None
    values["leistungsschluessel"] = "|".join(row.leistungsschluessel) or None
    return values


def _history_rows(services: ServiceList, municipality: str, run: Run) -> pa.Table:
    rows = [
        row.model_dump(by_alias=True, exclude={"service_id"})
        | {
            "municipality": municipality,
            "service": row.service_id,
            "as_of": services.as_of,
            "status_group": row.status_group,
            "leistungsschluessel": list(row.leistungsschluessel),
            "import_id": run.run_id,
        }
        for row in services.rows
    ]
    types = {"DATE": pa.date32(), "VARCHAR": pa.string(), "VARCHAR[]": pa.list_(pa.string())}
    fields = [(column.name, types[column.type]) for column in SERVICE_STATUS_HISTORY.columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def follow_newest(connection: duckdb.DuckDBPyConnection, municipality: str) -> None:
    """Make ``services`` the newest dated state there is; empty where there is none."""
    columns = ", ".join(f'"{name}"' for name in SERVICES.names)
    connection.execute("DELETE FROM services WHERE municipality = ?", [municipality])
    connection.execute(
        f"""
        INSERT INTO services ({columns})
        SELECT {columns} FROM service_status_history
        WHERE municipality = $1
          AND as_of = (SELECT max(as_of) FROM service_status_history WHERE municipality = $1)
        """,
        [municipality],
    )


def _enter(
    connection: duckdb.DuckDBPyConnection,
    services: ServiceList,
    run: Run,
    message: str,
    fetched_at: dt.datetime,
) -> None:
    slice_key = {"source": SOURCE, "site": "", "search_type": "", "grain": SERVICE_STATUS_HISTORY.name}
    slice_key |= {"date": services.as_of}  # type: ignore[dict-item]
    count = len(services.rows)
    values = slice_key | {
        "state": "final",
        "rows": count,
        "fetched_at": fetched_at,
        "run_id": run.run_id,
    }
    replace_slice(connection, INGEST_LEDGER, slice_key, pa.Table.from_pylist([values]))
    outcome = Outcome(
        "done",
        message,
        rows_in=count,
        rows_loaded=count,
        first_date=services.as_of,
        last_date=services.as_of,
    )
    finish_run(connection, run, outcome)
