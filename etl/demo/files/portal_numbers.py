"""Monthly files of the demo portal's own statistics, beside what Google counts."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from etl.demo.world.catalogue import Page
from etl.demo.world.world import DemoWorld
from etl.files.periods import end_of_month

MONTHS = ("2025-07", "2025-08", "2025-09", "2025-10", "2025-11")
COLUMNS = (
    *("period", "url", "title", "leistungsschluessel"),
    *("visits", "unique_page_views", "page_views", "service_starts", "applications"),
)
_SEED = 202507
_REACH = {"Leistung": 1.55, "Organisationseinheit": 1.35, "Mitarbeiter": 1.2, "Suche/Start": 3.2}
"""Visits per Google click: people also come by links, bookmarks and the portal's own search."""


def write_portal_files(world: DemoWorld, folder: Path) -> list[Path]:
    """One semicolon CSV (UTF-8) a month, July to November 2025, into `folder` (made if missing).

    Offices, staff and start pages have no `visits`: a portal counts them for services only. Starts and
    applications exist only where there is an online service; starts < visits, applications < starts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    reach = [_REACH[page.kind] * float(np.exp(rng.normal(0.0, 0.2))) for page in world.pages]
    start_rate = rng.uniform(0.15, 0.42, len(world.pages))
    finish_rate = rng.uniform(0.35, 0.8, len(world.pages))
    paths = []
    for month in MONTHS:
        first = dt.date.fromisoformat(f"{month}-01")
        clicks = world.clicks_by_page(first, end_of_month(first))
        path = folder / f"portal-{month}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow(COLUMNS)
            for number, page in enumerate(world.pages):
                visits = rng.poisson(clicks[page.path] * reach[number] + 3)
                rates = (float(start_rate[number]), float(finish_rate[number]))
                counts = _counts(page, int(visits), rates, rng)
                writer.writerow(
                    [month, world.urls[number], page.full_title, page.leistungsschluessel, *counts]
                )
        paths.append(path)
    return paths


def _counts(
    page: Page, visits: int, rates: tuple[float, float], rng: np.random.Generator
) -> Iterator[int | str]:
    unique_views = visits + int(rng.binomial(visits, 0.04))
    yield visits if page.kind == "Leistung" else ""
    yield unique_views
    yield unique_views + int(rng.binomial(unique_views, 0.28))
    if not page.online:
        yield ""
        yield ""
        return
    starts = int(rng.binomial(max(visits - 1, 0), rates[0]))
    yield starts
    yield int(rng.binomial(max(starts - 1, 0), rates[1]))
