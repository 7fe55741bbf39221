"""Import of the city's own list of services: every row becomes a service, and a changed list proposes its changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.reports import SAMPLE_ROWS, ImportReport, RowFaults, counted, german_day
from etl.sources.balance import Balance, balance_warnings, contained, too_little
from etl.sources.directory.directory_rows import FIELDS, Entries, Entry, parse
from etl.sources.directory.known import State, directory_before, keys_by_name, known_services
from etl.sources.directory.recognised import OWN, Recognised, recognise
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    note_list,
    rejected_warning,
)
from etl.sources.service_tables.current_services import follow_newest
from etl.store.ledger import Run, keep_aside
from etl.store.load import append, rows_of
from portalkompass import spelling
from portalkompass.schema import SERVICE_DIRECTORY
from portalkompass.settings import Settings

SOURCE = "directory"
_COMPARED = ("name", "leistungsschluessel", "departments", "ozg_id")
_SHOWN = 3
_WAYS = {
    "own_id": "nach der Nummer",
    "name": "nach dem Namen",
    "leika_key": "nach dem Leistungsschlüssel",
    "chosen": "von Hand",
}


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    if request.profile is None:  # the registry knows no such table: its headings are any
        raise LoadError(
            f"{sheet.file_name}: Für ein Leistungsverzeichnis wird eine Spaltenzuordnung gebraucht."
        )
    settings = request.settings
    as_of = request.as_of or settings.current_day()
    if as_of > settings.current_day():
        raise LoadError(f"{sheet.file_name}: Der Stand {german_day(as_of)} liegt in der Zukunft.")
    entries = parse(sheet, request.profile.columns)
    balance = Balance("", len(entries.rows) + len(entries.rejected), len(entries.rows), 0, 0)
    because = too_little(balance)
    if not entries.rows or because:
        if not entries.rejected:
            raise LoadError(f"{sheet.file_name}: Die Liste enthält keine Leistung.")
        raise RowFaults(SOURCE, sheet.file_name, balance.rows, entries.rejected, because=because)
    before = directory_before(connection, settings.city.municipality)
    entries = _with_keys(connection, entries)
    known = known_services(connection, settings, before)
    decisions = {spelling.key(name): service for name, service in (request.decisions or {}).items()}
    rows = recognise(entries.rows, known, decisions, sheet.file_name)
    report = _report(connection, entries, rows, before, balance, as_of, settings)
    return Checked(report, lambda connection, run: _store(connection, entries, rows, as_of, settings, run))


def _with_keys(connection: Connection, entries: Entries) -> Entries:
    """The same with the key of the Open-PVOG list where the city's has none and the name is the same."""
    keys = keys_by_name(connection)
    taken = {key for row in entries.rows for key in row.keys}

    def filled(row: Entry) -> Entry:
        key = keys.get(spelling.key(row.name))
        return replace(row, keys=(key,)) if key and not row.keys and key not in taken else row

    rows = tuple(map(filled, entries.rows))
    added = sum(one != other for one, other in zip(rows, entries.rows, strict=True))
    if not added:
        return entries
    note = (
        f"{counted(added, 'Leistung', 'Leistungen')} ohne Schlüssel in der Datei "
        f"{'hat' if added == 1 else 'haben'} den der Open-PVOG-Liste (gleicher Name)."
    )
    return replace(entries, rows=rows, warnings=(*entries.warnings, note))


def _report(
    connection: Connection,
    entries: Entries,
    rows: Sequence[Recognised],
    before: Sequence[State],
    balance: Balance,
    as_of: dt.date,
    settings: Settings,
) -> ImportReport:
    differences = _differences(before, rows) if before else ()
    return ImportReport(
        kind=DIRECTORY_FILE.name,
        file_name=entries.file_name,
        source=SOURCE,
        site="",
        period_start=as_of,
        period_end=as_of,
        rows_in=balance.rows,
        rows_loaded=balance.rows_loaded,
        rows_rejected=len(entries.rejected),
        message=_message(rows, as_of),
        warnings=(
            *rejected_warning(entries.rejected, entries.file_name),
            *balance_warnings(balance),
            *entries.warnings,
            *_left_out(connection, rows, settings),
        ),
        sample=tuple(_row(one) for one in rows[:SAMPLE_ROWS]),
        differences=differences,
        questions=(*_changes(entries.file_name, differences), *_open(entries.file_name, rows)),
        proposals=tuple(_proposal(one) for one in rows),
        contained=contained(balance),
        recognised="Leistungsverzeichnis der Stadt",
    )


def _message(rows: Sequence[Recognised], as_of: dt.date) -> str:
    ways = Counter(one.way for one in rows)
    own = ways.pop(OWN, 0)
    told = ", ".join(f"{ways[way]} {words}" for way, words in _WAYS.items() if ways[way])
    known = f"{sum(ways.values())} schon bekannt{f' ({told})' if told else ''}"
    return (
        f"Leistungsverzeichnis mit Stand {german_day(as_of)}: {counted(len(rows), 'Leistung', 'Leistungen')}, davon "
        f"{known} und {own} {'eigene' if own != 1 else 'eigene Leistung'}."
    )


def _left_out(connection: Connection, rows: Sequence[Recognised], settings: Settings) -> tuple[str, ...]:
    """Services with a status that the list does not name: they are counted besides."""
    found = connection.execute(
        "SELECT name FROM services WHERE municipality = ? AND list <> 'ohne Status' "
        "AND NOT list_contains(?, service) ORDER BY name",
        [settings.city.municipality, [one.service for one in rows]],
    ).fetchall()
    if not found:
        return ()
    names = ", ".join(f"„{name}“" for (name,) in found[:_SHOWN])
    more = f" und {len(found) - _SHOWN} weitere" if len(found) > _SHOWN else ""
    return (
        f"{counted(len(found), 'Leistung', 'Leistungen')} mit Status {'steht' if len(found) == 1 else 'stehen'} "
        f"nicht in dieser Liste und {'zählt' if len(found) == 1 else 'zählen'} zusätzlich: {names}{more}.",
    )


def _changes(file_name: str, differences: Sequence[Mapping[str, str | None]]) -> tuple[str, ...]:
    """A changed list is a proposal: it counts once a person has said so."""
    if not differences:
        return ()
    kinds = Counter(
        ("neu" if entry["before"] is None else "entfallen")
        if entry["field"] == "service"
        else ("umbenannt" if entry["field"] == "name" else "sonst geändert")
        for entry in differences
    )
    told = ", ".join(
        f"{kinds[word]} {word}" for word in ("neu", "entfallen", "umbenannt", "sonst geändert") if kinds[word]
    )
    return (
        f"{file_name}: Gegenüber dem geladenen Leistungsverzeichnis {'ist' if sum(kinds.values()) == 1 else 'sind'} "
        f"{told}. Sollen diese Änderungen gelten?",
    )


def _open(file_name: str, rows: Sequence[Recognised]) -> tuple[str, ...]:
    """Rows that may be a known service: they stay services of their own unless a person says otherwise."""
    open_ = [one for one in rows if one.offers]
    if not open_:
        return ()
    told = "; ".join(
        f"Zeile {one.entry.line} „{one.entry.name}“: vielleicht „{one.offers[0].name}“ ({one.offers[0].reason})"
        for one in open_[:_SHOWN]
    )
    more = f"; und {len(open_) - _SHOWN} weitere" if len(open_) > _SHOWN else ""
    return (
        f"{file_name}: {counted(len(open_), 'Leistung kann', 'Leistungen können')} eine schon bekannte sein und "
        f"{'wird' if len(open_) == 1 else 'werden'} als eigene geladen: {told}{more}. Ist das richtig?",
    )


def _differences(before: Sequence[State], rows: Sequence[Recognised]) -> tuple[dict[str, str | None], ...]:
    """New, gone and changed services against the directory that holds, in the list's order."""
    old = {state.service: state for state in before}
    found: list[dict[str, str | None]] = []
    for one in rows:
        state = old.pop(one.service, None)
        if state is None:
            found.append(_difference(one.service, "service", None, one.entry.name))
            continue
        now = _row(one)
        found += [
            _difference(one.service, field, getattr(state, field) or None, now[field] or None)
            for field in _COMPARED
            if getattr(state, field) != now[field]
        ]
    return (*found, *(_difference(state.service, "service", state.name, None) for state in old.values()))


def _difference(service: str, field: str, before: str | None, after: str | None) -> dict[str, str | None]:
    return {"service": service, "field": field, "before": before, "after": after}


def _row(one: Recognised) -> dict[str, str]:
    return {
        "service_id": one.service,
        "name": one.entry.name,
        "leistungsschluessel": "|".join(one.entry.keys),
        "departments": one.entry.departments,
        "ozg_id": one.entry.ozg_id,
    }


def _proposal(one: Recognised) -> dict[str, Any]:
    return {
        "line": one.entry.line,
        "name": one.entry.name,
        "service": one.service,
        "service_name": one.name,
        "own": one.way == OWN,
        "reason": one.reason,
        "offers": [
            {"service": offer.service, "name": offer.name, "reason": offer.reason} for offer in one.offers
        ],
    }


def _store(
    connection: Connection,
    entries: Entries,
    rows: Sequence[Recognised],
    as_of: dt.date,
    settings: Settings,
    run: Run,
) -> None:
    """The state stands beside earlier ones, so that taking it back brings the one before."""
    municipality = settings.city.municipality
    table = rows_of(
        SERVICE_DIRECTORY,
        [
            {
                "service": one.service,
                "name": one.entry.name,
                "own_id": one.entry.own_id or None,
                "ozg_id": one.entry.ozg_id or None,
                "departments": one.entry.departments or None,
                "way": one.way,
                "reason": one.reason,
                "leistungsschluessel": list(one.entry.keys),
            }
            for one in rows
        ],
        municipality=municipality,
        as_of=as_of,
        import_id=run.run_id,
        loaded_at=run.started_at,
    )
    append(connection, SERVICE_DIRECTORY, table)
    keep_aside(connection, run, entries.rejected)
    follow_newest(connection, municipality)
    note_list(connection, run, SERVICE_DIRECTORY, as_of, len(rows), settings)


def _take_back(connection: Connection, run_id: str, settings: Settings) -> int:
    days = connection.execute(
        "SELECT DISTINCT as_of FROM service_directory WHERE import_id = ?", [run_id]
    ).fetchall()
    removed = delete_import(connection, SERVICE_DIRECTORY, run_id)
    for (as_of,) in days:
        follow_newest(connection, settings.city.municipality)
        _note_again(connection, as_of, settings)
    return removed


def _note_again(connection: Connection, as_of: dt.date, settings: Settings) -> None:
    """The ledger names the state of that day which counts again; its own entry had given way."""
    found = connection.execute(
        "SELECT import_id, max(loaded_at), count(*) FROM service_directory WHERE as_of = ? "
        "GROUP BY import_id ORDER BY max(loaded_at) DESC, import_id DESC LIMIT 1",
        [as_of],
    ).fetchone()
    if found is not None:
        run_id, loaded_at, rows = found
        run = Run(run_id, SOURCE, "", "", loaded_at)
        note_list(connection, run, SERVICE_DIRECTORY, as_of, rows, settings)


DIRECTORY_FILE = TableKind(
    name="service_directory",
    check=_check,
    fields=FIELDS,
    take_back=_take_back,
    gone=" Es gilt wieder das Leistungsverzeichnis davor, wo eines geladen war.",
    dated=(SOURCE, SERVICE_DIRECTORY, "as_of"),
)
