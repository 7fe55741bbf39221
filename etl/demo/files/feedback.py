"""What the invented city's people think of its services: stars and a few words from a feedback form."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from etl.demo.files.case_numbers import SERVICES, case_months

COLUMNS = ("service_id", "Datum", "Sterne", "Freitext")
_SEED = 202307
_USUAL = (0.05, 0.06, 0.11, 0.30, 0.48)
_ANNOYED = (0.31, 0.22, 0.19, 0.17, 0.11)
"""Chances of 1 to 5 stars, of most services and of those in `_SLOW`."""
_SLOW = frozenset({"aufenthaltstitel", "einbuergerung", "bauportal", "wohngeld", "schwerbehindertenausweis"})
_RARE = frozenset({"reitkennzeichen", "anlagengenehmigung", "haustierhaltung", "unterhaltsvorschuss"})
"""Services with so few answers that most of their months are hidden."""
_WRITES = 0.12
"""Share of the people who write something."""
_GOOD = (
    "Ging schnell und einfach, vielen Dank!",
    "Endlich ohne Termin. Danke an Frau Beispiel am Telefon.",
    "Alles gut erklärt, in zehn Minuten fertig",
    "Super, gerne mehr davon",
)
_BAD = (
    "Nach dem Anmelden war mein Antrag weg.",
    "Seit sechs Wochen keine Antwort. Bitte melden: 0214 000000 oder max.muster@example.org",
    "Das Hochladen der Nachweise klappt am Handy nicht",
    "Welche Unterlagen ich brauche, stand nirgends.",
)


def write_feedback(folder: Path) -> Path:
    """One semicolon CSV (UTF-8) of 30 services, by day, January 2023 to November 2025, into `folder` (made if missing).

    Answers of a month are Poisson draws, stars draws from the chances of the service.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    path = folder / "rueckmeldungen.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, name in enumerate(SERVICES):
            writer.writerows(_rows(name, number, rng))
    return path


def _rows(name: str, number: int, rng: np.random.Generator) -> Iterator[tuple[str | int, ...]]:
    usual = 2.5 if name in _RARE else 8 + number % 7 * 4
    for month in case_months():
        for _ in range(int(rng.poisson(usual))):
            stars = 1 + int(rng.choice(5, p=_ANNOYED if name in _SLOW else _USUAL))
            words = _BAD if stars < 3 else _GOOD
            said = words[int(rng.integers(len(words)))] if rng.random() < _WRITES else ""
            yield name, f"{month.replace(day=1 + int(rng.integers(28))):%Y-%m-%d}", stars, said
