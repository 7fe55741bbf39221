"""Import of offers: which online services a city could take over, from whom, on which terms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.excel import excel_day
from etl.files.german_numbers import parse_period, refuse_excel_fault
from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, ImportReport, Rejection, RowFaults, counted
from etl.sources.balance import Balance, balance_warnings, contained, too_little
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
from etl.sources.service_key import service_key
from etl.sources.service_tables.known_services import services_with
from etl.store.ledger import Run, keep_aside
from etl.store.load import append, rows_of
from etl.store.publish import present
from portalkompass.schema import SERVICE_OFFERS
from portalkompass.settings import Settings

SOURCE = "offers"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "leika_key": ("leika_key",),
    "name": ("leika_name",),
    "provider": ("offer_provider",),
    "price": ("offer_price",),
    "contract": ("offer_contract",),
    "available_from": ("offer_from",),
    "url": ("offer_link", "address"),
}
_LONGEST = 300
_NEGATIVE = re.compile(r"[-−–]\s?\d")
_LAST_YEAR = 2099
"""What lies behind it (9999) stands for a day that nobody knows."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The rows that can be used, as those of ``service_offers``."""

    file_name: str
    rows: tuple[dict[str, Any], ...]
    rejected: tuple[Rejection, ...]


def parse(sheet: Sheet) -> Offers:
    """Parse every row; for its first fault it is rejected.

    Raises:
        LoadError: the column of keys or providers is missing.
    """
    look = Look(sheet, NOTHING)
    columns = {name: heading for name, meanings in _FIELDS.items() if (heading := look.heading(*meanings))}
    for name, words in (("leika_key", "Leistungsschlüssel"), ("provider", "Anbieter")):
        if name not in columns:
            raise LoadError(f"{sheet.file_name}: Es fehlt die Spalte {words}.")
    rows: list[dict[str, Any]] = []
    rejected = ragged_faults(sheet)
    seen = set[tuple[str, str, str]]()
    for line, cells in sheet.records():
        row: dict[str, Any] = {"url": ""}
        fault = ("", "")
        for name, heading in columns.items():
            try:
                row[name] = _value(name, cells[heading])
            except ValueError as error:
                fault = (heading, str(error))
                break
        key = (str(row.get("leika_key")), str(row.get("provider")), row["url"])
        if not fault[0] and key in seen:
            fault = (columns["leika_key"], "Schlüssel, Anbieter und Link stehen schon weiter oben")
        if fault[0]:
            rejected.append(Rejection(sheet.file_name, line, fault[0], cells[fault[0]], f"{fault[1]}."))
            continue
        seen.add(key)
        rows.append(row)
    return Offers(sheet.file_name, tuple(rows), tuple(rejected))


def _value(name: str, cell: str) -> object:
    text = " ".join(cell.split())
    if name == "leika_key":
        key = service_key(text)
        if key is None:
            raise ValueError("der Leistungsschlüssel fehlt")
        return key
    if name == "available_from":
        return _from(text)
    if name == "url":
        if fault := text and link_fault(text):
            raise ValueError(fault)
        return text
    refuse_excel_fault(text)
    if len(text) > _LONGEST:
        raise ValueError(f"länger als {_LONGEST} Zeichen")
    if name == "price" and _NEGATIVE.match(text):
        raise ValueError("ein Preis kann nicht negativ sein")
    if name == "provider" and not text:
        raise ValueError("der Anbieter fehlt")
    return text or None


def _from(text: str) -> dt.date | None:
    """First day of the day, month or quarter; None for an empty cell."""
    if text in ("", "-"):
        return None
    day = excel_day(text) or parse_period(text)[0]
    if day.year > _LAST_YEAR:
        raise ValueError(f"dieses Jahr ({day.year}) liegt zu weit in der Zukunft")
    return day


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    offers, settings = parse(sheet), request.settings
    count, rejected = len(offers.rows), len(offers.rejected)
    balance = Balance("", count + rejected, count, 0, 0)
    because = too_little(balance)
    if not count or because:
        raise RowFaults(SOURCE, sheet.file_name, balance.rows, offers.rejected, because=because)
    keys = sorted({row["leika_key"] for row in offers.rows})
    own = services_with(connection, settings, keys)
    providers = {row["provider"] for row in offers.rows}
    today = settings.current_day()
    report = ImportReport(
        kind=OFFER_FILE.name,
        file_name=sheet.file_name,
        source=SOURCE,
        site="",
        period_start=today,
        period_end=today,
        rows_in=count + rejected,
        rows_loaded=count,
        rows_rejected=rejected,
        message=f"{counted(count, 'Angebot', 'Angebote')} von {counted(len(providers), 'Anbieter', 'Anbietern')}; zu "
        f"{counted(own, 'Leistung', 'Leistungen')} der Liste passt der Leistungsschlüssel.",
        warnings=(*rejected_warning(offers.rejected, sheet.file_name), *balance_warnings(balance)),
        questions=_questions(connection, offers),
        sample=tuple(_sample(row) for row in offers.rows[:SAMPLE_ROWS]),
        contained=contained(balance),
    )
    return Checked(report, lambda connection, run: _store(connection, offers, settings, run))


def _sample(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in row.items()
        if value
    }


def _questions(connection: Connection, offers: Offers) -> tuple[str, ...]:
    """A provider's offers are replaced whole, once a person has said so."""
    if not present(connection, [SERVICE_OFFERS]):
        return ()
    ((providers, rows),) = connection.execute(
        "SELECT count(DISTINCT provider), count(*) FROM service_offers WHERE list_contains(?, provider)",
        [_providers(offers)],
    ).fetchall()
    if not rows:
        return ()
    return (
        f"{offers.file_name}: Von {counted(providers, 'Anbieter', 'Anbietern')} sind schon Angebote geladen "
        f"({counted(rows, 'Zeile', 'Zeilen')}). Sollen sie durch diese Datei ersetzt werden?",
    )


def _providers(offers: Offers) -> list[str]:
    return sorted({row["provider"] for row in offers.rows})


def _store(connection: Connection, offers: Offers, settings: Settings, run: Run) -> None:
    connection.execute("DELETE FROM service_offers WHERE list_contains(?, provider)", [_providers(offers)])
    append(connection, SERVICE_OFFERS, rows_of(SERVICE_OFFERS, offers.rows, import_id=run.run_id))
    note_list(connection, run, SERVICE_OFFERS, settings.current_day(), len(offers.rows), settings)
    keep_aside(connection, run, offers.rejected)


OFFER_FILE = TableKind(
    name="service_offers",
    check=_check,
    take_back=lambda connection, run_id, _settings: delete_import(connection, SERVICE_OFFERS, run_id),
)
