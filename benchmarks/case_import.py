"""One million rows of cases from CSV: wall and processor time and peak memory of the import; a service's card, cold.

The card is also asked for on sample data, where every other source is loaded beside the cases, and so is the rest of
the service's page, which the screen draws below it afterwards.
"""

from __future__ import annotations

import csv
import datetime as dt
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.part import Goal, Part, Result
from benchmarks.portal_import import imported
from portalkompass.settings import SHIPPED_DATA, Settings

SERVICES, MONTHS = 2_000, 100
CHANNELS = ("Online", "Formular", "Schalter", "Post", "Telefon")
ROWS = SERVICES * MONTHS * len(CHANNELS)
SECONDS, MILLISECONDS = 10.0, 400.0
FIRST, TODAY = dt.date(2017, 8, 1), dt.date(2025, 12, 17)
SAMPLE_SERVICES = (
    "hundesteuer",
    "wohngeld",
    "fahrzeugzulassung",
    "wunschkennzeichen",
    "einbuergerung",
    "elterngeld",
)
SMALL_OF = 10
"""Every so many-th service has counts below 5, so that each month has some to hide."""


def run(runs: int) -> Result:
    """Import the same file ``runs`` times beside a list of its services, then ask for cards of the last."""
    os.environ["PORTALKOMPASS_TODAY"] = TODAY.isoformat()
    with tempfile.TemporaryDirectory() as folder:
        services, file = _services(Path(folder) / "liste.csv"), Path(folder) / "faelle.csv"
        _written(file, services)
        size = file.stat().st_size / 1024**2
        measured = []
        for number in range(max(runs, 1)):
            data_dir = Path(folder) / f"daten-{number}"
            _list_loaded(Path(folder) / "liste.csv", data_dir)
            measured.append(imported(file, data_dir))
        million = _cards(Settings(data_dir=data_dir, today=TODAY), services, max(runs, 3))
        sample = _cards(_sample(Path(folder) / "beispiel"), SAMPLE_SERVICES, max(runs, 3))
    wall, processor = (
        statistics.median(times)
        for times in zip(*((one.wall, one.processor) for one in measured), strict=True)
    )
    return Result(
        method=(
            f"`python -m etl import` of one CSV file ({size:.0f} MB, {ROWS:,} rows: {SERVICES:,} services, {MONTHS} "
            f"months, {len(CHANNELS)} channels) beside a list of the services, start of the interpreter and "
            "publication included. "
            "Then the card of one service over twelve months, nothing in the cache, and likewise the whole page: "
            "in this warehouse, where every count of these months is looked at because any of them may have to hide "
            "another, and on sample data (cases, feedback, search, portal, offers and lists of others).",
        ),
        columns=("figure", "median"),
        rows=(
            ("wall time of the import", f"{wall:.1f} s"),
            ("processor time of the import", f"{processor:.1f} s"),
            ("peak memory (largest)", f"{max(one.peak for one in measured):.0f} MB"),
            *_told("a million rows", million),
            *_told("sample data", sample),
        ),
        goals=(
            Goal(f"1 million rows in under {SECONDS:.0f} s", f"{wall:.1f} s", wall < SECONDS),
            *(
                Goal(
                    f"card cold in under {MILLISECONDS:.0f} ms, {on}", f"{spent:.0f} ms", spent < MILLISECONDS
                )
                for on, spent in (
                    ("a million rows", _median(million)[0]),
                    ("sample data", _median(sample)[0]),
                )
            ),
        ),
        notes=(
            "Wall time is only comparable on a machine that does nothing else; processor time hardly depends on that.",
        ),
    )


def _services(path: Path) -> list[str]:
    """The shipped list, grown to as many services as are needed; their ids."""
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    further = [
        {**rows[0], "service_id": f"messung-{number}", "name": f"Messung {number}", "depends_on": ""}
        for number in range(SERVICES - len(rows))
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows([*rows, *further])
    return [row["service_id"] for row in (*rows, *further)]


def _written(path: Path, services: list[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("Kennung;Monat;Kanal;Fälle;Anträge;Ende-zu-Ende;Bearbeitungszeit;Rückstand;Kosten\n")
        for place, service in enumerate(services):
            least = 0 if place % SMALL_OF == 0 else 5
            for number in range(MONTHS):
                year, month = divmod(FIRST.year * 12 + FIRST.month - 1 + number, 12)
                for way, channel in enumerate(CHANNELS):
                    cases = (place * 7 + number * 3 + way * 11) % 97 + least
                    figures = (
                        f"{cases};{cases * 2 // 3};{cases // 3};{cases % 30},5;{cases // 4 + 5};{cases * 12}"
                    )
                    file.write(f"{service};{year}-{month + 1:02};{channel};{figures}\n")


def _list_loaded(file: Path, data_dir: Path) -> None:
    command = [sys.executable, "-m", "etl", "import", str(file)]
    environment = os.environ | {"PORTALKOMPASS_DATA_DIR": str(data_dir)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def _sample(data_dir: Path) -> Settings:
    command = [sys.executable, "-m", "etl", "demo"]
    environment = os.environ | {"PORTALKOMPASS_DATA_DIR": str(data_dir)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return Settings(data_dir=data_dir, today=TODAY).as_demo()


def _cards(settings: Settings, services: Sequence[str], runs: int) -> list[tuple[float, ...]]:
    """Milliseconds of wall and of processor time of each card, then those of the whole page, asked for anew."""
    from portalkompass.answers.services.service_detail import CARD
    from portalkompass.workspace import close_workspace

    # the first one imports libraries
    spent = [
        (*_asked(settings, service, CARD), *_asked(settings, service, "")) for service in services[: runs + 1]
    ][1:]
    close_workspace(settings.workspace_url)
    return spent


def _asked(settings: Settings, service: str, part: str) -> tuple[float, float]:
    from portalkompass.answers import default_filters
    from portalkompass.answers.asking import ask
    from portalkompass.answers.services import service_detail
    from portalkompass.warehouse import reader, result_cache
    from portalkompass.workspace import workspace_of

    warehouse, workspace = reader.open_published(settings), workspace_of(settings)
    filters = default_filters(warehouse, settings)
    result_cache.clear()
    gc.collect()
    begin, begun = time.perf_counter(), time.process_time()
    answer = service_detail.answer(ask(warehouse, workspace, filters, settings), service, part)
    spent = (1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - begun))
    if not any(exhibit.id == "service_card" for exhibit in answer.exhibits):
        raise RuntimeError(f"{service} has no card")
    return spent


def _median(spent: list[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(statistics.median(times) for times in zip(*spent, strict=True))


def _told(where: str, spent: list[tuple[float, ...]]) -> tuple[tuple[str, str], ...]:
    names = ("card", "processor time of it", "whole page", "processor time of it")
    return tuple(
        (f"{name}, cold, {where}", f"{time:.0f} ms") for name, time in zip(names, _median(spent), strict=True)
    )


PART = Part("case-import", "A million rows of cases", run, ("duckdb", "pyarrow", "pandas", "numpy"))
