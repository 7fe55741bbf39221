"""Import of an OZG list: its dated state is replaced whole, ``services`` follows the newest state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.reports import SAMPLE_ROWS, ImportReport, counted, german_day
from etl.sources.balance import Balance, contained, shrinks
from etl.sources.file_kind import (
    Checked,
    Edit,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    note_list,
)
from etl.sources.ozg.mapped import in_shipped_form
from etl.sources.ozg.parse import SOURCE, ServiceList, parse
from etl.sources.ozg.rows import HEADER, ServiceRow
from etl.sources.service_tables.current_services import follow_newest
from etl.store.ledger import Run
from etl.store.load import replace_slice, rows_of
from portalkompass.schema import SERVICE_STATUS_HISTORY
from portalkompass.settings import Settings

FEWER = 3
"""So many services less are no slip of a small list: one or two are seen in the differences."""
COMPARED = tuple(name for name in HEADER if name not in {"service_id", "as_of"})
"""Fields in which two states of a service are compared."""

State = dict[str, dict[str, str | None]]
"""Fields of each service as text, by service id."""


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    settings = request.settings
    if request.profile is not None:
        sheet = in_shipped_form(sheet, request.profile.columns)
    services = parse(sheet, as_of=request.as_of, today=settings.current_day())
    report = _report(connection, services, settings.city.municipality, request.edit)
    return Checked(report, lambda connection, run: _store(connection, services, settings, run))


def _report(
    connection: Connection, services: ServiceList, municipality: str, edit: Edit | None
) -> ImportReport:
    """What loading the list would change.

    Raises:
        LoadError: ``edit`` began from a state that is not the newest one any more.
    """
    if edit is not None:
        _refuse_stale(connection, municipality, edit)
    previous = _newest(connection, municipality, until=services.as_of)
    coming = {row.service_id: _fields(row) for row in services.rows}
    differences = () if previous is None else compare(_state(connection, municipality, previous), coming)
    count = len(services.rows)
    message = f"OZG-Liste mit Stand {german_day(services.as_of)}: {counted(count, 'Leistung', 'Leistungen')}"
    if previous is None:
        message += ", noch kein früherer Stand."
    else:
        changes = counted(len(differences), "Änderung", "Änderungen") if differences else "keine Änderung"
        message += f", {changes} gegenüber dem Stand {german_day(previous)}."
    if edit is not None and edit.by:
        message += f" Bearbeitet von {edit.by.rstrip('.')}."
    questions = _questions(connection, services, municipality, previous) if previous and edit is None else ()
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
        questions=questions,
        contained=contained(Balance("", count, count, 0, 0)),
    )


def _questions(
    connection: Connection, services: ServiceList, municipality: str, previous: dt.date
) -> tuple[str, ...]:
    """What a person must say yes to: a list that is much shorter, or has lost one of its parts as a whole."""
    before = {name: fields["list"] for name, fields in _state(connection, municipality, previous).items()}
    coming = [row.list_name for row in services.rows]
    gone = sorted({str(part) for part in before.values()} - set(coming))
    shorter = shrinks(len(before), len(coming))
    if len(before) - len(coming) < FEWER or not (shorter or gone):
        return ()
    what = f"{counted(len(coming), 'Leistung', 'Leistungen')} statt {len(before)}"
    if gone:
        what += f"; keine mehr in der Liste „{', '.join(gone)}“"
    return (
        f"{services.file_name}: Die Liste nennt gegenüber dem Stand {german_day(previous)} {what}. Ist sie "
        f"vollständig und "
        "soll sie gelten?",
    )


def _store(connection: Connection, services: ServiceList, settings: Settings, run: Run) -> None:
    municipality = settings.city.municipality
    state: dict[str, object] = {"municipality": municipality, "as_of": services.as_of}
    rows = [_history_row(row) for row in services.rows]
    history = rows_of(SERVICE_STATUS_HISTORY, rows, import_id=run.run_id, **state)
    replace_slice(connection, SERVICE_STATUS_HISTORY, state, history)
    follow_newest(connection, municipality)
    note_list(connection, run, SERVICE_STATUS_HISTORY, services.as_of, len(rows), settings)


def _take_back(connection: Connection, run_id: str, settings: Settings) -> int:
    removed = delete_import(connection, SERVICE_STATUS_HISTORY, run_id)
    follow_newest(connection, settings.city.municipality)
    return removed


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
    entries += [
        {"service": service, "field": "service", "before": fields["name"], "after": None}
        for service, fields in before.items()
        if service not in after
    ]
    return tuple(entries)


def _refuse_stale(connection: Connection, municipality: str, edit: Edit) -> None:
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


def _newest(connection: Connection, municipality: str, until: dt.date = dt.date.max) -> dt.date | None:
    """The date of the newest state up to a day, that day included."""
    newest: dt.date | None = connection.execute(
        "SELECT max(as_of) FROM service_status_history WHERE municipality = ? AND as_of <= ?",
        [municipality, until],
    ).fetchall()[0][0]
    return newest


def _state(connection: Connection, municipality: str, as_of: dt.date) -> State:
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


def _history_row(row: ServiceRow) -> dict[str, object]:
    values = row.model_dump(by_alias=True, exclude={"service_id", "as_of"})
    keys = list(row.leistungsschluessel)
    return values | {"service": row.service_id, "status_group": row.status_group, "leistungsschluessel": keys}


SERVICE_LIST = TableKind(
    name="ozg",
    check=_check,
    fields=HEADER,
    take_back=_take_back,
    dated=(SOURCE, SERVICE_STATUS_HISTORY, "as_of"),
)
