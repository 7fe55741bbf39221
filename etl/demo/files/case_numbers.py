"""What the invented city's departments count by service, month and channel."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

COLUMNS = (
    *("service_id", "Monat", "Kanal", "Fälle", "Anträge", "Ende-zu-Ende"),
    *("Bearbeitungszeit (Tage)", "Rückstand", "Kosten (Euro)"),
)
FIRST, LAST = dt.date(2023, 1, 1), dt.date(2025, 11, 1)
_SEED = 202301
_OTHERS = {"Formular": 0.26, "Schalter": 0.5, "Post": 0.24}
_ALSO_BY_PHONE = {"Formular": 0.24, "Schalter": 0.46, "Post": 0.22, "Telefon": 0.08}
"""How cases come that do not begin online; of services with many cases also by phone."""
_MANY = 5_000


class Usual(NamedTuple):
    """Cases a year, shares that begin online in the first and the last month, days to the decision, euros a case."""

    cases: int
    online_first: float
    online_last: float
    days: float
    euros: float


_SERVICES = {
    "fahrzeugzulassung": Usual(21_000, 0.04, 0.19, 1.0, 24.0),
    "anlagengenehmigung": Usual(210, 0.02, 0.28, 74.0, 610.0),
    "aufenthaltstitel": Usual(9_400, 0.0, 0.0, 61.0, 118.0),
    "ausnahmegenehmigungen-parkausweise": Usual(7_900, 0.06, 0.12, 9.0, 31.0),
    "hilfe-zum-lebensunterhalt": Usual(1_350, 0.0, 0.0, 33.0, 164.0),
    "fuehrerschein": Usual(6_800, 0.03, 0.09, 24.0, 47.0),
    "einbuergerung": Usual(2_300, 0.0, 0.05, 268.0, 395.0),
    "feinstaubplakette": Usual(1_900, 0.22, 0.41, 2.0, 11.0),
    "haustierhaltung": Usual(430, 0.05, 0.17, 12.0, 52.0),
    "meldebescheinigungen": Usual(8_700, 0.09, 0.16, 3.0, 14.0),
    "statusabfrage-ausweisdokumente": Usual(5_100, 0.31, 0.44, 0.0, 6.0),
    "pflegewohngeld": Usual(880, 0.0, 0.0, 52.0, 188.0),
    "hundesteuer": Usual(3_600, 0.08, 0.15, 11.0, 19.0),
    "bauportal": Usual(1_150, 0.02, 0.11, 96.0, 720.0),
    "reitkennzeichen": Usual(42, 0.0, 0.0, 14.0, 33.0),
    "fischereischeine": Usual(1_050, 0.0, 0.0, 4.0, 17.0),
    "abfallentsorgung": Usual(18_500, 0.12, 0.21, 6.0, 9.0),
    "wunschkennzeichen": Usual(9_800, 0.71, 0.88, 0.0, 4.0),
    "wohnsitz-anmelden": Usual(17_900, 0.05, 0.34, 2.0, 16.0),
    "wohngeld": Usual(5_600, 0.19, 0.47, 78.0, 142.0),
    "personalausweis": Usual(13_200, 0.0, 0.0, 19.0, 22.0),
    "reisepass": Usual(7_100, 0.0, 0.0, 27.0, 25.0),
    "fuehrungszeugnis": Usual(4_900, 0.26, 0.52, 6.0, 9.0),
    "wohnberechtigungsschein": Usual(2_400, 0.15, 0.39, 23.0, 41.0),
    "kita-anmeldung": Usual(4_100, 0.51, 0.78, 41.0, 27.0),
    "gewerbeanmeldung": Usual(1_700, 0.33, 0.67, 4.0, 29.0),
    "personenstandsurkunden": Usual(8_300, 0.38, 0.63, 5.0, 18.0),
    "schwerbehindertenausweis": Usual(3_900, 0.17, 0.36, 88.0, 97.0),
    "elterngeld": Usual(1_650, 0.14, 0.42, 36.0, 86.0),
    "unterhaltsvorschuss": Usual(1_250, 0.14, 0.29, 47.0, 133.0),
}
SERVICES = tuple(_SERVICES)
USUAL: Mapping[str, Usual] = MappingProxyType(_SERVICES)
"""Service → what is usual of it."""
GAP = ("fischereischeine", dt.date(2025, 7, 1))
"""A month that its department did not hand in."""
NO_COST, NO_CHANNELS = "einbuergerung", "bauportal"
"""Services whose department knows no cost, and cases over all channels only."""


def write_case_file(folder: Path) -> Path:
    """One semicolon CSV (UTF-8) of 30 services, January 2023 to November 2025, into `folder` (made if missing).

    Cases are Poisson draws around the usual number; end-to-end ≤ online cases, applications ≤ cases.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    path = folder / "fallzahlen-der-fachbereiche.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        for name, service in _SERVICES.items():
            writer.writerows(_rows(name, service, rng))
    return path


def _rows(name: str, service: Usual, rng: np.random.Generator) -> Iterator[tuple[str | int, ...]]:
    months = case_months()
    channels = _ALSO_BY_PHONE if service.cases >= _MANY else _OTHERS
    for number, month in enumerate(months):
        begun = number / (len(months) - 1)
        online = service.online_first + (service.online_last - service.online_first) * begun
        shares = {channel: share * (1 - online) for channel, share in channels.items()}
        if name == NO_CHANNELS:
            shares = {"alle": 1.0}
        elif service.online_last:
            shares = {"Online": online} | shares
        drawn = {
            channel: _figures(service, channel, service.cases / 12 * share, rng)
            for channel, share in shares.items()
        }
        if (name, month) == GAP:
            continue
        for channel, (*counts, cost) in drawn.items():
            yield name, f"{month:%Y-%m}", channel, *counts, "" if name == NO_COST else cost


def _figures(service: Usual, channel: str, usual: float, rng: np.random.Generator) -> tuple[str | int, ...]:
    """Cases, applications, end to end, days, backlog, euros of one month and channel."""
    cases = int(rng.poisson(usual))
    applications = int(rng.binomial(cases, 0.93))
    end_to_end = int(rng.binomial(cases, 0.58)) if channel == "Online" else ""
    saved = 0.7 if channel == "Online" else 1.0
    days = max(0.0, service.days * saved * float(np.exp(rng.normal(0.0, 0.08))))
    backlog = int(rng.poisson(usual * service.days * saved / 30))
    cost = cases * service.euros * saved
    return (
        cases,
        applications,
        end_to_end,
        f"{days:.1f}".replace(".", ","),
        backlog,
        f"{cost:.2f}".replace(".", ","),
    )


def case_months() -> list[dt.date]:
    """First days of all months, in order."""
    first = FIRST.year * 12 + FIRST.month - 1
    return [dt.date(number // 12, number % 12 + 1, 1) for number in range(first, LAST.year * 12 + LAST.month)]
