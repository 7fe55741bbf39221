"""Open-PVOG list: which online services are reported for the city or an area above it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from etl.errors import LoadError
from etl.files.german_numbers import parse_day
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, ImportReport, Rejection, RowFaults, counted, fault_sentence, german_day
from etl.store.ledger import Outcome, finish_run, keep_aside, start_run, utc_now
from etl.store.load import append, replace_slice
from portalkompass.schema import INGEST_LEDGER, ONLINE_SERVICES
from portalkompass.settings import Settings
from portalkompass.urls import host_of

SOURCE = "pvog"
_NEEDED = {
    "leikakey": "leika_key",
    "ars": "ars",
    "url": "url",
    "onlinestatus": "online_status",
    "aktiv": "aktiv",
    "exportdatum": "export_datum",
}
_ARS_LEVELS = (0, 2, 3, 5, 9, 12)
"""Digits of federation, state, district, county, association and municipality."""
_YES_NO = {"ja": True, "true": True, "1": True, "nein": False, "false": False, "0": False}
_STATUS = ("ok", "nicht ok")


@dataclass(frozen=True, slots=True)
class OnlineServices:
    """The rows of the city's area, ``elsewhere`` counts those of other areas."""

    file_name: str
    export_date: dt.date
    rows: tuple[dict[str, Any], ...]
    rejected: tuple[Rejection, ...]
    elsewhere: int


def is_online_services(sheet: Sheet) -> bool:
    """Whether the header is that of the Open-PVOG list."""
    return {"leikakey", "ars"} <= {_plain(name) for name in sheet.header}


def _plain(heading: str) -> str:
    return heading.lower().replace("_", "").replace("-", "")


def own_areas(ars: str) -> frozenset[str]:
    """The key of the municipality and of every area that contains it, 12 digits each."""
    return frozenset(ars[:digits].ljust(12, "0") for digits in _ARS_LEVELS)


def parse(sheet: Sheet, settings: Settings) -> OnlineServices:
    """Rows of the city and of the areas above it.

    Raises:
        LoadError: a column is missing, no row is about the city's area, or dates are mixed.
        RowFaults: no row can be used.
    """
    headings = {_plain(name): name for name in sheet.header}
    missing = [name for plain, name in _NEEDED.items() if plain not in headings]
    if missing:
        raise LoadError(f"{sheet.file_name}: In der Open-PVOG-Liste fehlt die Spalte {', '.join(missing)}.")
    areas = own_areas(settings.city.ars)
    rows: list[dict[str, Any]] = []
    rejected = [
        Rejection(sheet.file_name, r.line, "", r.text, "Die Spaltenzahl stimmt nicht.") for r in sheet.ragged
    ]
    elsewhere, seen = 0, set[tuple[str, str, str]]()
    for line, cells in sheet.records():
        values = {plain: cells[heading].strip() for plain, heading in headings.items()}
        values["ars"] = values["ars"].ljust(12, "0")
        if values["ars"] not in areas:
            elsewhere += 1
            continue
        try:
            row = _row(values, seen)
        except _Fault as fault:
            heading = headings[fault.column]
            rejected.append(Rejection(sheet.file_name, line, heading, values[fault.column], f"{fault}."))
            continue
        seen.add((row["leika_key"], row["ars"], row["url"]))
        rows.append(row)
    if not rows and rejected:
        raise RowFaults(SOURCE, sheet.file_name, len(rejected), rejected)
    if not rows:
        raise LoadError(
            f"{sheet.file_name}: Keine Zeile betrifft {settings.city.name} (ARS {settings.city.ars})."
        )
    dates = {row["export_date"] for row in rows}
    newest = max(dates)
    if newest > settings.current_day():
        raise LoadError(f"{sheet.file_name}: Das Exportdatum {german_day(newest)} liegt in der Zukunft.")
    if len(dates) > 1:
        raise LoadError(f"{sheet.file_name}: Die Liste mischt {len(dates)} Exportdaten; erlaubt ist eines.")
    return OnlineServices(sheet.file_name, newest, tuple(rows), tuple(rejected), elsewhere)


class _Fault(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)


def _row(values: dict[str, str], seen: set[tuple[str, str, str]]) -> dict[str, Any]:
    key, url = values["leikakey"].lstrip("'"), values["url"]
    if not re.fullmatch(r"99\d{12}", key):
        damaged = re.fullmatch(r"9[.,]?\d*[eE]\+?1\d", key)
        repair = "von Excel gekürzter Schlüssel" if damaged else "kein Leistungsschlüssel (14 Ziffern)"
        raise _Fault("leikakey", repair)
    if not host_of(url):
        raise _Fault("url", "keine Web-Adresse")
    if (key, values["ars"], url) in seen:
        raise _Fault("leikakey", "Schlüssel, Gebiet und Adresse stehen schon weiter oben")
    status, active = values["onlinestatus"].lower(), values["aktiv"].lower()
    if status not in _STATUS:
        raise _Fault("onlinestatus", f"erlaubt sind {', '.join(_STATUS)}")
    if active not in _YES_NO:
        raise _Fault("aktiv", "erlaubt sind ja und nein")
    try:
        date = parse_day(values["exportdatum"][:10])
    except ValueError as error:
        raise _Fault("exportdatum", str(error)) from None
    return {
        "leika_key": key,
        "ars": values["ars"],
        "url": url,
        "name": values.get("leikaname") or values.get("leikabezeichnung") or None,
        "host": host_of(url),
        "online_status": status,
        "active": _YES_NO[active],
        "area_wide": values.get("artflaechendeckung") or None,
        "export_date": date,
    }


def check(connection: duckdb.DuckDBPyConnection, listed: OnlineServices) -> ImportReport:
    """What loading the list would do; writes nothing.

    Raises:
        LoadError: a newer list is loaded already.
    """
    known = connection.execute("SELECT max(export_date) FROM online_services").fetchone()
    if known and known[0] and known[0] > listed.export_date:
        raise LoadError(
            f"{listed.file_name}: Die geladene Open-PVOG-Liste vom {german_day(known[0])} ist neuer."
        )
    count, rejected = len(listed.rows), len(listed.rejected)
    warnings = (
        (
            f"{counted(rejected, 'Zeile wurde', 'Zeilen wurden')} abgewiesen: "
            f"{fault_sentence(listed.rejected, within=listed.file_name)}",
        )
        if rejected
        else ()
    )
    return ImportReport(
        kind="pvog",
        file_name=listed.file_name,
        source=SOURCE,
        site="",
        period_start=listed.export_date,
        period_end=listed.export_date,
        rows_in=count + rejected,
        rows_loaded=count,
        rows_rejected=rejected,
        message=f"Open-PVOG-Liste vom {german_day(listed.export_date)}: "
        f"{counted(count, 'Online-Dienst', 'Online-Dienste')}; "
        f"{counted(listed.elsewhere, 'Zeile', 'Zeilen')} anderer Gebiete übergangen.",
        warnings=warnings,
        sample=listed.rows[:SAMPLE_ROWS],
    )


def load(connection: duckdb.DuckDBPyConnection, listed: OnlineServices, settings: Settings) -> ImportReport:
    """Replace the whole list in an open draft, inside the caller's transaction."""
    report = check(connection, listed)
    run = start_run(SOURCE, file_name=listed.file_name)
    connection.execute("DELETE FROM online_services")
    rows = [row | {"import_id": run.run_id} for row in listed.rows]
    append(connection, ONLINE_SERVICES, pa.Table.from_pylist(rows))
    slice_key: dict[str, object] = {"source": SOURCE, "site": "", "grain": ONLINE_SERVICES.name}
    entry = slice_key | {
        "search_type": "",
        "date": listed.export_date,
        "state": "final",
        "rows": len(rows),
        "fetched_at": utc_now(settings.today),
        "run_id": run.run_id,
    }
    replace_slice(connection, INGEST_LEDGER, slice_key, pa.Table.from_pylist([entry]))
    keep_aside(connection, run, listed.rejected)
    outcome = Outcome(
        "partial" if listed.rejected else "done",
        report.message,
        rows_in=report.rows_in,
        rows_loaded=report.rows_loaded,
        rows_rejected=report.rows_rejected,
        first_date=listed.export_date,
        last_date=listed.export_date,
    )
    finish_run(connection, run, outcome)
    return report.loaded_by(run.run_id)
