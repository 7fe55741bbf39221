"""Part `screens`: server time of a cold and of a warm script run of every view on sample data.

Cold: libraries loaded and links resolved as after the first visitor, but no answer in the cache. Warm: the same
view again, as after a click that changes nothing of the figures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.part import Goal, Part, Result
from portalkompass.settings import ROOT, load_settings

COLD_LIMIT, WARM_LIMIT = 400.0, 100.0
VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "Überblick": ("traffic/overview.py", {}),
    "Rankings": ("traffic/rankings.py", {}),
    "Rankings, Aufschlüsselung": ("traffic/rankings.py", {"rankingansicht": "Aufschlüsselung"}),
    "Seiten": ("traffic/pages.py", {}),
    "Seite im Einzelnen": ("traffic/pages.py", {"seite": "Geburtsurkunde"}),
    "Auffälligkeiten": ("traffic/pages.py", {"seitenansicht": "Auffälligkeiten"}),
    "Suchanfragen": ("traffic/queries.py", {}),
    "Chancen": ("traffic/queries.py", {"suchansicht": "Chancen"}),
    "Leistungen": ("services/services.py", {}),
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
            "Whole script runs by AppTest in one process on sample data, in milliseconds of wall time. Cold: no answer "
            "in the cache, libraries loaded; warm: the same view again.",
        ),
        columns=("view", "cold (ms)", "warm (ms)"),
        rows=tuple((name, f"{cold:.0f}", f"{warm:.0f}") for name, (cold, warm) in found.items()),
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
    )


def _measured(path: str, chosen: dict[str, str], runs: int) -> tuple[float, float]:
    """Median milliseconds of a cold and of a warm run."""
    _timed(_app(path, chosen))  # libraries and links
    cold, warm = [], []
    for _ in range(runs):
        st.cache_resource.clear()
        app = _app(path, chosen)
        cold.append(_timed(app))
        warm.append(_timed(app))
    return median(cold), median(warm)


def _app(path: str, chosen: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / path), default_timeout=120)
    for key, value in chosen.items():
        app.session_state[key] = value
    return app


def _timed(app: AppTest) -> float:
    begin = time.perf_counter()
    app.run()
    spent = (time.perf_counter() - begin) * 1000
    if app.exception or app.error:
        raise RuntimeError(f"a screen failed: {[*app.exception, *app.error]}")
    return spent


PART = Part("screens", "Screens: server time", run, packages=("streamlit", "altair", "duckdb", "pandas"))
