"""Open-PVOG list: which online services are reported for the city or an area above it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.excel import excel_day
from etl.files.german_numbers import parse_day
from etl.files.tabular import Sheet
from etl.reports import (
    SAMPLE_ROWS,
    ImportReport,
    Rejection,
    RowFaults,
    counted,
    german_count,
    german_day,
)
from etl.sources.balance import ENOUGH_ROWS, REFUSE_SHARE, Balance, contained, shrinks
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    note_list,
    ragged_faults,
    rejected_warning,
)
from etl.sources.links import link_fault
from etl.sources.pvog.regional_keys import nearby_areas, own_areas, regional_keys
from etl.store.ledger import Run, keep_aside
from etl.store.load import append, rows_of
from portalkompass.schema import ONLINE_SERVICES, ONLINE_SERVICES_NEARBY, Table
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
_YES_NO = {"ja": True, "true": True, "1": True, "nein": False, "false": False, "0": False}
_STATUS = ("ok", "nicht ok")
_LONGEST = 500
"""Characters of a name; those of the catalogue have 289 at most."""


@dataclass(frozen=True, slots=True)
class OnlineServices:
    """``rows`` of the city's area, ``near`` of its neighbours'; ``elsewhere`` counts those of other areas.

    ``mended``: regional keys whose leading zero Excel had taken away.
    """

    file_name: str
    export_date: dt.date
    rows: tuple[dict[str, Any], ...]
    rejected: tuple[Rejection, ...]
    elsewhere: int
    mended: int = 0
    near: tuple[dict[str, Any], ...] = ()


def _plain(heading: str) -> str:
    return heading.lower().replace("_", "").replace("-", "")


def parse(sheet: Sheet, settings: Settings) -> OnlineServices:
    """Rows of the city and the areas above it, and of its neighbours.

    Raises:
        LoadError: a column is missing, no row is about the area of the city or a neighbour, dates are mixed, or Excel
            has shortened the regional keys beyond repair.
        RowFaults: no row can be used, or too few of them.
    """
    headings = {_plain(name): name for name in sheet.header}
    missing = [name for plain, name in _NEEDED.items() if plain not in headings]
    if missing:
        raise LoadError(
            f"{sheet.file_name}: In der Open-PVOG-Liste fehlt die Spalte {', '.join(missing)}. Bitte die "
            f"tägliche CSV-Datei von "
            "Open-PVOG unverändert laden."
        )
    city = settings.city
    own, around = own_areas(city.ars), nearby_areas((one.ars for one in city.neighbours), city.ars)
    keys, mended = regional_keys(sheet, headings["ars"], settings.city.ars)
    rows: list[dict[str, Any]] = []
    near: list[dict[str, Any]] = []
    rejected = ragged_faults(sheet, "Die Spaltenzahl stimmt nicht.")
    elsewhere, seen, dates = 0, set[tuple[str, str, str]](), dict[dt.date, int]()
    today = settings.current_day()
    for line, cells in sheet.records():
        values = {plain: cells[heading].strip() for plain, heading in headings.items()}
        values["ars"] = keys.get(cells[headings["ars"]], values["ars"])
        if values["ars"] not in own and values["ars"] not in around:
            elsewhere += 1
            continue
        try:
            row = _row(values, seen, today)
        except _Fault as fault:
            heading = headings[fault.column]
            rejected.append(Rejection(sheet.file_name, line, heading, values[fault.column], f"{fault}."))
            continue
        seen.add((row["leika_key"], row["ars"], row["url"]))
        dates.setdefault(row["export_date"], line)
        (rows if row["ars"] in own else near).append(row)
    usable = len(rows) + len(near)
    read = usable + len(rejected)
    # The list replaces the loaded one: what cannot be read would be missing from then on.
    most = REFUSE_SHARE if read >= ENOUGH_ROWS else 0.5
    if rejected and len(rejected) > most * read:
        because = f"nur {usable} von {counted(read, 'Zeile', 'Zeilen')} ließen sich lesen" if usable else ""
        raise RowFaults(SOURCE, sheet.file_name, read, rejected, because=because)
    if near and not any(row["ars"] == settings.city.ars for row in rows):
        rows = []  # a neighbour's list: what it says of the state stands in the city's own
    if not rows and not near and not elsewhere:
        raise LoadError(
            f"{sheet.file_name}: Unter den Überschriften steht keine einzige Zeile. Bitte die Liste neu laden."
        )
    if not rows and not near:
        raise LoadError(
            f"{sheet.file_name}: Keine Zeile betrifft {settings.city.name} (ARS {settings.city.ars}) oder einen der "
            "Nachbarn aus den Einstellungen. Bitte die Liste eines dieser Regionalschlüssel laden."
        )
    if len(dates) > 1:
        told = ", ".join(f"{german_day(day)} zuerst in Zeile {line}" for day, line in list(dates.items())[:3])
        raise LoadError(
            f"{sheet.file_name}: Die Liste mischt {len(dates)} Exportdaten ({told}); erlaubt ist eines. "
            f"Bitte je Datum eine Datei laden."
        )
    (day,) = dates
    return OnlineServices(sheet.file_name, day, tuple(rows), tuple(rejected), elsewhere, mended, tuple(near))


class _Fault(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)


def _row(values: dict[str, str], seen: set[tuple[str, str, str]], today: dt.date) -> dict[str, Any]:
    key, url = values["leikakey"].lstrip("'"), values["url"]
    if not re.fullmatch(r"99\d{12}", key):
        damaged = re.fullmatch(r"9[.,]?\d*[eE]\+?1\d", key)
        repair = "von Excel gekürzter Schlüssel" if damaged else "kein Leistungsschlüssel (14 Ziffern)"
        raise _Fault("leikakey", repair)
    if fault := link_fault(url):
        raise _Fault("url", fault)
    if (key, values["ars"], url) in seen:
        raise _Fault("leikakey", "Schlüssel, Gebiet und Adresse stehen schon weiter oben")
    status, active = values["onlinestatus"].lower(), values["aktiv"].lower()
    if status not in _STATUS:
        raise _Fault("onlinestatus", f"erlaubt sind {', '.join(_STATUS)}")
    if active not in _YES_NO:
        raise _Fault("aktiv", "erlaubt sind ja und nein")
    try:
        date = _export_day(values["exportdatum"])
    except ValueError as error:
        raise _Fault("exportdatum", str(error)) from None
    if date > today:
        raise _Fault("exportdatum", "liegt in der Zukunft")
    name = values.get("leikaname") or values.get("leikabezeichnung") or None
    if name and len(name) > _LONGEST:
        raise _Fault(
            "leikaname" if values.get("leikaname") else "leikabezeichnung", f"länger als {_LONGEST} Zeichen"
        )
    return {
        "leika_key": key,
        "ars": values["ars"],
        "url": url,
        "name": name,
        "host": host_of(url),
        "online_status": status,
        "active": _YES_NO[active],
        "area_wide": values.get("artflaechendeckung") or None,
        "export_date": date,
    }


def _export_day(text: str) -> dt.date:
    """A day, with or without the time behind it, or the number in which Excel keeps it."""
    return excel_day(text) or parse_day(re.split(r"[T ](?=\d{1,2}:)", text)[0])


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    listed = parse(sheet, request.settings)
    report = _report(connection, listed)
    return Checked(report, lambda connection, run: _store(connection, listed, request.settings, run))


def _report(connection: Connection, listed: OnlineServices) -> ImportReport:
    """What loading the list would do.

    Raises:
        LoadError: a newer list is loaded already.
    """
    loaded = connection.execute("SELECT max(export_date) FROM online_services").fetchall()[0][0]
    if listed.rows and loaded and loaded > listed.export_date:
        raise LoadError(
            f"{listed.file_name}: Die geladene Open-PVOG-Liste vom {german_day(loaded)} ist neuer. Bitte "
            f"die neueste Liste laden."
        )
    count, rejected = len(listed.rows) + len(listed.near), len(listed.rejected)
    warnings = list(rejected_warning(listed.rejected, listed.file_name))
    if listed.mended:
        warnings.append(
            f"Excel hat {counted(listed.mended, 'Zeile', 'Zeilen')} die führende Null des "
            f"Regionalschlüssels genommen; sie wurde "
            "ergänzt."
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
        f"{counted(len(listed.rows), 'Online-Dienst', 'Online-Dienste')} hier, {german_count(len(listed.near))} bei "
        f"Nachbarn; "
        f"{counted(listed.elsewhere, 'Zeile', 'Zeilen')} anderer Gebiete übergangen.",
        warnings=tuple(warnings),
        questions=tuple(_questions(connection, listed)),
        contained=contained(Balance("", count + rejected + listed.elsewhere, count, 0, 0)),
        sample=(*listed.rows, *listed.near)[:SAMPLE_ROWS],
    )


def _questions(connection: Connection, listed: OnlineServices) -> list[str]:
    """What a person must say yes to: a list that is much shorter than the loaded one, or has lost a whole area."""
    if not listed.rows:
        return []
    loaded = dict(connection.execute("SELECT ars, count(*) FROM online_services GROUP BY ars").fetchall())
    before, now = sum(loaded.values()), len(listed.rows)
    coming = {row["ars"] for row in listed.rows}
    gone = sorted(ars for ars in loaded if ars not in coming)
    questions = []
    if shrinks(before, now):
        questions.append(
            f"{listed.file_name}: Die Liste nennt {counted(now, 'Online-Dienst', 'Online-Dienste')}, geladen sind "
            f"{german_count(before)}. Soll sie die geladene Liste trotzdem ersetzen?"
        )
    if gone:
        areas = ", ".join(f"{ars} ({counted(loaded[ars], 'Dienst', 'Dienste')})" for ars in gone)
        questions.append(
            f"{listed.file_name}: Die Liste nennt keinen Dienst mehr für {areas}. Soll sie die geladene "
            f"Liste trotzdem ersetzen?"
        )
    return questions


def _store(connection: Connection, listed: OnlineServices, settings: Settings, run: Run) -> None:
    """The city's list is replaced whole, those of neighbours area by area."""
    if listed.rows:
        connection.execute("DELETE FROM online_services")
        append(connection, ONLINE_SERVICES, rows_of(ONLINE_SERVICES, listed.rows, import_id=run.run_id))
        _note(connection, run, ONLINE_SERVICES, listed, settings)
    if listed.near:
        areas = sorted({row["ars"] for row in listed.near})
        connection.execute("DELETE FROM online_services_nearby WHERE list_contains(?, ars)", [areas])
        append(
            connection,
            ONLINE_SERVICES_NEARBY,
            rows_of(ONLINE_SERVICES_NEARBY, listed.near, import_id=run.run_id),
        )
        _note(connection, run, ONLINE_SERVICES_NEARBY, listed, settings)
    keep_aside(connection, run, listed.rejected)


def _note(connection: Connection, run: Run, table: Table, listed: OnlineServices, settings: Settings) -> None:
    """The ledger tells what the table holds now."""
    ((rows,),) = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()
    note_list(connection, run, table, listed.export_date, rows, settings, only_one=True)


def _take_back(connection: Connection, run_id: str, _settings: Settings) -> int:
    return sum(
        delete_import(connection, table, run_id) for table in (ONLINE_SERVICES, ONLINE_SERVICES_NEARBY)
    )


ONLINE_SERVICE_LIST = TableKind(
    name="pvog",
    check=_check,
    take_back=_take_back,
    dated=(SOURCE, ONLINE_SERVICES, "export_date"),
    replaces_all=True,
)
