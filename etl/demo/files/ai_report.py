"""Google's report on generative AI for the demo portal: an export as a person would download it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from etl.demo.world.world import DemoWorld

FIRST, LAST = dt.date(2025, 9, 1), dt.date(2025, 12, 14)
_SEED = 202509
_BEGIN, _END = 0.015, 0.06
"""Impressions in answers for each click, at the begin and at the end."""
_DEVICES = {"Mobil": 0.61, "Computer": 0.35, "Tablet": 0.04}
_COUNTRIES = {"Deutschland": 0.965, "Österreich": 0.02, "Niederlande": 0.015}


def write_ai_report(world: DemoWorld, folder: Path) -> Path:
    """The folder of the export's tables (made if missing); it grows as Google shows more such answers."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    days = [FIRST + dt.timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    share = np.linspace(_BEGIN, _END, len(days))
    shown = [
        int(rng.poisson(sum(world.clicks_by_page(day, day).values()) * part))
        for day, part in zip(days, share, strict=True)
    ]
    total = sum(shown)
    clicks = world.clicks_by_page(FIRST, LAST)
    of_services = {
        url: clicks[page.path]
        for page, url in zip(world.pages, world.urls, strict=True)
        if page.kind == "Leistung"
    }
    pages = rng.multinomial(total, np.array(list(of_services.values())) / sum(of_services.values()))
    by_page = sorted(zip(of_services, map(int, pages), strict=True), key=lambda row: (-row[1], row[0]))
    _write(
        folder / "Diagramm.csv",
        "Datum",
        ((day.isoformat(), count) for day, count in zip(days, shown, strict=True)),
    )
    _write(folder / "Seiten.csv", "Die häufigsten Seiten", ((url, count) for url, count in by_page if count))
    for name, heading, parts in (("Geräte", "Gerät", _DEVICES), ("Länder", "Land", _COUNTRIES)):
        counts = rng.multinomial(total, list(parts.values()))
        _write(folder / f"{name}.csv", heading, zip(parts, map(int, counts), strict=True))
    return folder


def _write(path: Path, heading: str, rows: Iterable[tuple[str, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((heading, "Impressionen"))
        writer.writerows(rows)
