"""What others say of the invented city's services: Open-PVOG lists, providers' offers, the dashboard, dates by law."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from etl.demo.files.case_numbers import GAP, NO_CHANNELS, SERVICES, case_months
from portalkompass.settings import City

_SEED = 202312
_EXPORTED = "2025-12-15"
_PVOG = (
    "leika_key",
    "leika_name",
    "ars",
    "url",
    "online_status",
    "aktiv",
    "art_flaechendeckung",
    "export_datum",
)
_OFFERS = ("Leistungsschlüssel", "Leistung", "Anbieter", "Preis", "Vertrag", "Verfügbar ab", "Link")
_DASHBOARD = ("service_id", "Monat", "Transaktionen")
_LAW = ("service_id", "kind", "date", "duty", "source")
_STATE = "050000000000"
_WITHOUT_LIST = 2
"""Neighbours, from the end of the settings' list, whose list was not loaded."""
_ONLINE_HERE = (
    *("fahrzeugzulassung", "anlagengenehmigung", "hundesteuer", "feinstaubplakette"),
    *("wunschkennzeichen", "wohnsitz-anmelden", "fuehrungszeugnis", "kita-anmeldung"),
    *("gewerbeanmeldung", "personenstandsurkunden"),
)
_BROKEN = "hundesteuer"
_OF_STATE = ("anlagengenehmigung", "einbuergerung", "wohngeld", "elterngeld", "schwerbehindertenausweis")
_PROVIDERS = (
    ("Land Musterland (EfA)", "0,62 € je Einwohner und Jahr", "Nachnutzung über den Marktplatz"),
    ("Beispiel-Rechenzentrum", "4.800 € im Jahr", "Rahmenvertrag"),
    ("Musterverlag Formulare", "190 € je Formular", ""),
)
_DASHBOARD_BEGINS = 24
"""The first month of the sample cases that the dashboard knows."""
_COUNTED_ALIKE = {"wunschkennzeichen", "wohngeld", "fuehrungszeugnis", "personenstandsurkunden"}
LEGAL_DATES: tuple[tuple[str, str, str, str], ...] = (
    ("fahrzeugzulassung", "fokus", "", "Leitantrag der Beispielstadt"),
    ("einbuergerung", "fokus", "", "Leitantrag der Beispielstadt"),
    ("aufenthaltstitel", "pflicht", "2026-05-01", "Antrag ist elektronisch anzunehmen"),
    ("anlagengenehmigung", "pflicht", "2026-06-30", "Verfahren ist elektronisch zu führen"),
    ("bauportal", "pflicht", "2027-01-01", "Bauantrag ist elektronisch anzunehmen"),
    ("fuehrerschein", "schriftform", "2026-12-31", "Unterschrift ist zu ersetzen"),
    ("hundesteuer", "schriftform", "2026-12-31", "Unterschrift ist zu ersetzen"),
    ("pflegewohngeld", "schriftform", "2026-12-31", "Unterschrift ist zu ersetzen"),
    ("hilfe-zum-lebensunterhalt", "schriftform", "2026-12-31", "Unterschrift ist zu ersetzen"),
    ("haustierhaltung", "schriftform", "2026-12-31", "Unterschrift ist zu ersetzen"),
    ("wohngeld", "fokus", "", "Leitantrag der Beispielstadt"),
    ("unterhaltsvorschuss", "schriftform", "2026-12-31", "Unterschrift ist zu ersetzen"),
    ("schwerbehindertenausweis", "pflicht", "2026-10-01", "Antrag ist elektronisch anzunehmen"),
)


def write_lists(folder: Path, services: Path, city: City) -> list[Path]:
    """Open-PVOG lists of the city and of all but two neighbours, offers of three providers (CSV, ``folder`` is made).

    ``services``: the OZG list, whose keys they name: each has an offer; a neighbour has a service or not by a draw.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    keys = named_keys(services)
    paths = [_written(folder / "open-pvog-stadt.csv", _PVOG, _own(keys, city.ars))]
    for neighbour in city.neighbours[: len(city.neighbours) - _WITHOUT_LIST]:
        drawn = [service for service in keys if rng.random() < _chance(service)]
        rows = list(_of_neighbour(keys, drawn, neighbour.ars))
        if rows:
            paths.append(_written(folder / f"open-pvog-{neighbour.ars}.csv", _PVOG, rows))
    return [*paths, _written(folder / "angebote.csv", _OFFERS, _offers(keys))]


def write_dashboard(folder: Path, online: Mapping[tuple[str, str], int]) -> Path:
    """The dashboard's transactions of 2025 (CSV): near the city's own, with the differences that it explains.

    ``online``: service and month (JJJJ-MM) → the departments' online applications.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    months = [f"{month:%Y-%m}" for month in case_months()[_DASHBOARD_BEGINS:]]
    rows = []
    for service in SERVICES:
        share = 1.0 if service in _COUNTED_ALIKE else float(rng.choice((0.94, 0.98, 1.03)))
        for month in months:
            own = online.get((service, month))
            if own is not None:
                rows.append((service, month, round(own * share)))
            elif service == NO_CHANNELS or (service, month) == (GAP[0], f"{GAP[1]:%Y-%m}"):
                rows.append((service, month, int(rng.poisson(6))))
    return _written(folder / "dashboard-bund.csv", _DASHBOARD, rows)


def write_legal_dates(path: Path) -> Path:
    """The sample city's own list of focus services and dates by law, in the form of ``data/legal_dates.csv``."""
    rows = ((*row, "Beispieldaten (erfunden)") for row in LEGAL_DATES)
    return _written(path, _LAW, rows)


def online_applications(path: Path) -> dict[tuple[str, str], int]:
    """Service and month → online applications of the file of cases."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["service_id"], row["Monat"]): int(row["Anträge"])
            for row in csv.DictReader(file, delimiter=";")
            if row["Kanal"] == "Online"
        }


def named_keys(services: Path) -> dict[str, tuple[str, str]]:
    """Service → its first key and its name, of those that have one."""
    with services.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {
        row["service_id"]: (row["leistungsschluessel"].split("|")[0], row["name"])
        for row in rows
        if row["leistungsschluessel"]
    }


def _chance(service: str) -> float:
    return 0.75 if service in _ONLINE_HERE else 0.35


def _own(keys: Mapping[str, tuple[str, str]], ars: str) -> Iterator[Sequence[str]]:
    for service, (key, name) in keys.items():
        if service in _ONLINE_HERE:
            status = "nicht ok" if service == _BROKEN else "ok"
            yield (
                key,
                name,
                ars,
                f"https://dienste.leverkusen.example/{service}",
                status,
                "ja",
                "kommunal",
                _EXPORTED,
            )
        if service in _OF_STATE:
            address = f"https://portal.land.example/{service}"
            yield key, name, _STATE, address, "ok", "ja", "flächendeckend", _EXPORTED


def _of_neighbour(
    keys: Mapping[str, tuple[str, str]], drawn: Iterable[str], ars: str
) -> Iterator[Sequence[str]]:
    for service in drawn:
        key, name = keys[service]
        address = f"https://dienste-{ars}.example/{service}"
        yield key, name, ars, address, "ok", "ja", "kommunal", _EXPORTED


def _offers(keys: Mapping[str, tuple[str, str]]) -> Iterator[Sequence[str]]:
    for number, (service, (key, name)) in enumerate(keys.items()):
        provider, price, contract = _PROVIDERS[number % len(_PROVIDERS)]
        begins = ("", "2025-07", "Q2 2026")[number % 3]
        yield key, name, provider, price, contract, begins, f"https://angebote.example/{service}"


def _written(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
