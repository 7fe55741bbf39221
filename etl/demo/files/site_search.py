"""The demo portal's own search: what people type there, and what it does not know."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from etl.demo.files.portal_numbers import MONTHS

COLUMNS = ("period", "Suchbegriff", "Suchen", "Ohne Treffer")
_SEED = 202511
_WORDS = {
    "termin": (260, 0.0),
    "personalausweis": (190, 0.0),
    "wohngeld": (120, 0.0),
    "führerschein": (105, 0.0),
    "Kita Anmeldung": (88, 0.02),
    "sperrmüll": (84, 0.9),
    "Hundesteuer": (63, 0.0),
    "balkonkraftwerk": (58, 1.0),
    "parkausweis": (52, 0.0),
    "Geburtsurkunde": (47, 0.0),
    "öffnungszeiten": (45, 0.1),
    "wallbox förderung": (33, 1.0),
    "gelber sack": (31, 1.0),
    "e-scooter parken": (22, 1.0),
    "kfz abmelden": (21, 0.0),
    "ferienprogramm": (19, 0.7),
    "schwimmbad": (17, 1.0),
    "fundbüro": (14, 0.4),
    "ehrenamtskarte": (9, 0.8),
    "leinenpflicht": (6, 1.0),
    "bußgeld widerspruch": (2, 0.5),
    "hausnummer beantragen": (1, 1.0),
    "0214 4060": (3, 1.0),
}
"""Searches a month, and the share of them that finds nothing."""


def write_site_search(folder: Path) -> Path:
    """One CSV (UTF-8) of all months with figures of the portal; searches are Poisson draws around the usual number."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    path = folder / "suche-im-portal.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        for month in MONTHS:
            for word, (usual, share) in _WORDS.items():
                searches = int(rng.poisson(usual))
                writer.writerow((month, word, searches, int(rng.binomial(searches, share))))
    return path
