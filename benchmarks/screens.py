"""Part `screens`: server time of a cold and of a warm script run of every view on sample data.

A run is what the server does when someone comes to the view: the frame with navigation, filters and side column, and
the screen in it. Cold: libraries loaded and snapshot open as after the first visitor, but nothing in
the cache: no answer, no chart, no table, no result that questions share. Warm: the same view again, as after a click
that changes nothing of the figures.

Every measurement is taken in a session that has run before: the first run of an AppTest searches all installed
packages for components, as a server does once when it starts.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from streamlit.testing.v1 import AppTest

from benchmarks.part import Bars, Goal, Part, Result
from portalkompass.settings import ROOT, load_settings
from portalkompass.warehouse import result_cache

FRAME = ROOT / "portalkompass" / "ui" / "shell" / "frame.py"
COLD_LIMIT, WARM_LIMIT = 400.0, 100.0
VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "Überblick": ("traffic/overview.py", {}),
    "Rankings": ("traffic/rankings.py", {}),
    "Rankings, Positionen": ("traffic/rankings.py", {"rankingansicht": "Positionen"}),
    "Rankings, Themen": ("traffic/rankings.py", {"rankingansicht": "Themen und Geräte"}),
    "Seiten": ("traffic/pages.py", {}),
    "Seite im Einzelnen": ("traffic/pages.py", {"seite": "Geburtsurkunde"}),
    "Auffälligkeiten": ("traffic/pages.py", {"seitenansicht": "Auffälligkeiten"}),
    "Suchanfragen": ("traffic/queries.py", {}),
    "Chancen": ("traffic/queries.py", {"suchansicht": "Chancen"}),
    "Leistungen": ("services/services.py", {}),
    "Kommunen": ("services/services.py", {"ansicht": "Kommunen"}),
    "Zuordnung": ("services/services.py", {"ansicht": "Zuordnung"}),
    "Wirkung": ("impact/impact.py", {}),
    "Priorisierung": ("services/prioritisation.py", {}),
    "Bericht": ("report/report.py", {}),
    "Daten": ("data/data.py", {}),
}


def run(runs: int) -> Result:
    """Every view in turn; a view that fails stops the measurement."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTALKOMPASS_DATA_DIR": folder, "PORTALKOMPASS_TODAY": "2025-12-17"}
        load_settings.cache_clear()
        command = [sys.executable, "-m", "etl", "demo"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        found = {name: _measured(path, chosen, runs) for name, (path, chosen) in VIEWS.items()}
    slowest_cold = max(found, key=lambda name: found[name][0])
    slowest_warm = max(found, key=lambda name: found[name][1])
    return Result(
        method=(
            "Whole script runs (frame and screen) by AppTest in one process on sample data, after a switch to the "
            "view, in milliseconds of wall time; beside it the processor time, which depends less on what else runs. "
            "Cold: libraries loaded, snapshot open, nothing in the cache (no answer, chart, table, resolved link or "
            "shared result); warm: the same view again.",
        ),
        columns=("view", "cold (ms)", "warm (ms)", "cold, processor (ms)", "warm, processor (ms)"),
        rows=tuple((name, *(f"{spent:.0f}" for spent in times)) for name, times in found.items()),
        goals=tuple(
            Goal(
                f"every view {word} in under {limit:.0f} ms",
                f"slowest: {name}, {value:.0f} ms",
                value < limit,
            )
            for word, limit, name, value in (
                ("cold", COLD_LIMIT, slowest_cold, found[slowest_cold][0]),
                ("warm", WARM_LIMIT, slowest_warm, found[slowest_warm][1]),
            )
        ),
        bars=Bars("Cold runs in ms", tuple((name, times[0]) for name, times in found.items()), COLD_LIMIT),
    )


def _measured(path: str, chosen: dict[str, str], runs: int) -> tuple[float, float, float, float]:
    """Median milliseconds of a cold and of a warm run, then those of the processor."""
    timed(arrived(path, chosen))  # libraries and links
    cold, warm = [], []
    for _ in range(runs):
        app = arrived(path, chosen)
        forget()
        cold.append(timed(app))
        warm.append(timed(app))
    (cold_wall, cold_processor), (warm_wall, warm_processor) = (
        (median(times) for times in zip(*found, strict=True)) for found in (cold, warm)
    )
    return cold_wall, warm_wall, cold_processor, warm_processor


def arrived(path: str, chosen: dict[str, str]) -> AppTest:
    """A session that stands before the view: its next run shows it."""
    app = AppTest.from_file(str(FRAME), default_timeout=120).run()
    app.switch_page(os.path.relpath(ROOT / "pages" / path, FRAME.parent))
    for name, value in chosen.items():
        app.query_params[name] = value
    return app


def forget() -> None:
    """Empty the result cache, so that the next run is a cold one."""
    result_cache.clear()
    gc.collect()


def timed(app: AppTest) -> tuple[float, float]:
    """Milliseconds of wall and of processor time."""
    begin, begun = time.perf_counter(), time.process_time()
    app.run()
    spent = (time.perf_counter() - begin) * 1000, (time.process_time() - begun) * 1000
    if app.exception or app.error:
        raise RuntimeError(f"a screen failed: {[*app.exception, *app.error]}")
    return spent


PART = Part("screens", "Screens: server time", run, packages=("streamlit", "altair", "duckdb", "pandas"))
