"""The OZG list as a whole: header, date of the list, keys across rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from etl.errors import LoadError
from etl.files.tabular import Sheet
from etl.reports import Rejection, RowFaults, german_day
from etl.sources.file_kind import ragged_faults
from etl.sources.ozg.rows import HEADER, ServiceRow, parse_row

SOURCE = "ozg"


@dataclass(frozen=True, slots=True)
class ServiceList:
    """A valid list: all rows share ``as_of``, ids are unique, every dependency exists."""

    file_name: str
    as_of: dt.date
    rows: tuple[ServiceRow, ...]


def parse(sheet: Sheet, *, as_of: dt.date | None, today: dt.date) -> ServiceList:
    """Validate the whole list.

    Raises:
        LoadError: columns are missing or unknown, the list is empty or has no single date.
        RowFaults: rows are faulty; carries every fault of every row.
    """
    _check_columns(sheet)
    if as_of and as_of > today:
        raise LoadError(f"{sheet.file_name}: Der Stand {german_day(as_of)} (--as-of) liegt in der Zukunft.")
    faults = ragged_faults(sheet)
    rows: list[tuple[int, ServiceRow]] = []
    ids: list[tuple[int, str]] = []
    for line, cells in sheet.records():
        row, cell_faults = parse_row(cells)
        faults += [
            Rejection(sheet.file_name, line, name, cells.get(name, ""), why) for name, why in cell_faults
        ]
        ids.append((line, cells["service_id"].strip()))
        if row is not None:
            rows.append((line, row))
    faults += _across_rows(sheet.file_name, ids, rows)
    if not ids and not faults:
        raise LoadError(f"{sheet.file_name}: Die Liste enthält keine Leistung. Bitte die ganze Liste laden.")
    faults += _date_faults(sheet.file_name, rows, as_of, today)
    if faults:
        ordered = sorted(faults, key=lambda fault: fault.line or 0)
        raise RowFaults(SOURCE, sheet.file_name, sheet.rows + len(sheet.ragged), ordered)
    date = as_of or rows[0][1].as_of
    if date is None:
        raise LoadError(
            f"{sheet.file_name}: Der Stand der Liste fehlt (Spalte „as_of“ oder --as-of JJJJ-MM-TT)."
        )
    return ServiceList(sheet.file_name, date, tuple(row for _, row in rows))


def _check_columns(sheet: Sheet) -> None:
    missing = [name for name in HEADER if name not in sheet.header and name != "as_of"]
    unknown = [name for name in sheet.header if name not in HEADER]
    if missing:
        raise LoadError(
            f"{sheet.file_name}: In der OZG-Liste fehlt die Spalte {', '.join(missing)}. Bitte ergänzen "
            f"(die Zellen dürfen "
            "leer sein, sofern nicht name, list oder status fehlt): Eine Liste gilt im Ganzen."
        )
    if unknown:
        raise LoadError(
            f"{sheet.file_name}: Die Spalte {', '.join(unknown)} ist unbekannt; "
            f"erlaubt sind {', '.join(HEADER)}. Bitte umbenennen oder löschen."
        )


def _across_rows(
    name: str, ids: list[tuple[int, str]], rows: list[tuple[int, ServiceRow]]
) -> list[Rejection]:
    first: dict[str, int] = {}
    faults = []
    for line, service in ids:
        if service and service in first:
            reason = f"die Kennung steht schon in Zeile {first[service]}"
            faults.append(Rejection(name, line, "service_id", service, reason))
        first.setdefault(service, line)
    waits_for = {row.service_id: row.depends_on for _, row in rows}
    for line, row in rows:
        target = row.depends_on
        if target and target not in first:
            faults.append(Rejection(name, line, "depends_on", target, f"„{target}“ steht nicht in der Liste"))
        elif target and _circular(row.service_id, waits_for):
            faults.append(
                Rejection(name, line, "depends_on", target, "die Abhängigkeiten bilden einen Kreis")
            )
    return faults


def _circular(service: str, waits_for: dict[str, str | None]) -> bool:
    seen, at = set(), waits_for.get(service)
    while at is not None and at not in seen:
        if at == service:
            return True
        seen.add(at)
        at = waits_for.get(at)
    return False


def _date_faults(
    name: str, rows: list[tuple[int, ServiceRow]], as_of: dt.date | None, today: dt.date
) -> list[Rejection]:
    dated = [(line, row.as_of) for line, row in rows]
    expected = as_of or next((date for _, date in dated if date), None)
    faults = []
    for line, date in dated:
        shown = date.isoformat() if date else ""
        if date is not None and date > today:
            faults.append(
                Rejection(name, line, "as_of", shown, f"der Stand {german_day(date)} liegt in der Zukunft")
            )
        elif expected and date != expected and not (date is None and as_of):
            reason = f"alle Zeilen müssen den Stand {german_day(expected)} tragen"
            faults.append(Rejection(name, line, "as_of", shown, reason))
    return faults
