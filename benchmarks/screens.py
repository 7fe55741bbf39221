"""Screens: server time of a cold and of a warm script run of every view on demo data.

    python -m benchmarks.screens [DATA_FOLDER]

Cold: libraries loaded and links resolved as after the first visitor, but no answer of this view in the cache.
Warm: the same view again, as after a click that changes nothing of the figures. Medians over the runs; without a
folder the demo is built into a temporary one.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

import streamlit as st
from streamlit.testing.v1 import AppTest

from portalkompass.settings import ROOT, load_settings

RUNS = 5
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
}


def measure() -> dict[str, tuple[float, float]]:
    """Median milliseconds of a cold and of a warm run by view, on the data folder of the environment."""
    found = {}
    for name, (path, chosen) in VIEWS.items():
        _timed(_app(path, chosen))  # libraries and links
        cold, warm = [], []
        for _ in range(RUNS):
            st.cache_resource.clear()
            app = _app(path, chosen)
            cold.append(_timed(app))
            warm.append(_timed(app))
        found[name] = (statistics.median(cold), statistics.median(warm))
    return found


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


def report() -> str:
    """The measurements as a Markdown table beside their limits."""
    rows = [
        f"| Ansicht | kalt (≤ {COLD_LIMIT:.0f} ms) | warm (≤ {WARM_LIMIT:.0f} ms) |",
        "|---|---:|---:|",
        *(f"| {name} | {cold:.0f} ms | {warm:.0f} ms |" for name, (cold, warm) in measure().items()),
    ]
    return "\n".join(rows)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        data = sys.argv[1] if len(sys.argv) > 1 else folder
        os.environ |= {"PORTALKOMPASS_DATA_DIR": data, "PORTALKOMPASS_TODAY": "2025-12-17"}
        load_settings.cache_clear()
        if data == folder:
            subprocess.run(
                [sys.executable, "-m", "etl", "demo"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
            )
        sys.stdout.write(report() + "\n")


if __name__ == "__main__":
    main()
