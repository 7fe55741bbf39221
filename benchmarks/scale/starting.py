"""Part `scale-start`: start to first page against plain Streamlit, and what building and loading take."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from benchmarks.part import Goal, Part, Result
from benchmarks.scale import serving
from benchmarks.scale.browser import opened, shape_at
from benchmarks.scale.data import built, data_folders, prepared, snapshot_megabytes
from benchmarks.scale.shape import Shape, said
from etl.demo.scale.sizes import Scale
from etl.store.publish import draft
from portalkompass.settings import Settings
from tests.soak.client import visitor

FIRST_PAGE_LIMIT = 1.3
FIRST, BARE = "ueberblick", ""
"""The screen that the bare address leads to, and that address."""


def run(runs: int) -> Result:
    """Alternating starts of our app and of the plain one; then one load of each size."""
    with data_folders() as folders:
        shape = _shape(folders[Scale.LARGE])
        prepared(folders[Scale.LARGE])
        starts = [
            (
                _first_page(lambda: serving.ours(folders[Scale.LARGE])),
                _first_page(lambda: serving.plain({BARE: shape})),
            )
            for _ in range(runs)
        ]
        loads = {scale: _republished(folder) for scale, folder in folders.items()}
        sizes = {scale: snapshot_megabytes(folder) for scale, folder in folders.items()}
    with TemporaryDirectory() as folder:
        _, building = built(Path(folder), Scale.LARGE, anew=True)
    ratio = median(own / other for (_, own), (_, other) in starts)
    rows = [
        ("first page, ours against plain", f"{ratio:.2f}×", ""),
        *(
            (name, *(f"{median(pair[side][place] for pair in starts):.2f} s" for side in (0, 1)))
            for place, name in enumerate(
                ("process start to health answer", "process start to first finished page")
            )
        ),
        (
            "a load without new rows: copy, check, publish",
            f"{loads[Scale.LARGE]:.1f} s",
            f"{loads[Scale.CITY]:.1f} s",
        ),
        ("build the sample", f"{building:.0f} s", ""),
        ("snapshot", f"{sizes[Scale.LARGE]:.0f} MB", f"{sizes[Scale.CITY]:.0f} MB"),
    ]
    return Result(
        method=(
            f"Starts: our app on 24 million rows against plain Streamlit with the same widgets ({said(shape)}), in "
            "turn, by a visitor without a browser who opens the bare address; packages as in requirements.txt, the "
            "first screen's answer got ready with the load. Below: 24 million rows in the second column, 1 million "
            "in the third.",
        ),
        columns=("", "ours / 24 million", "plain / 1 million"),
        rows=tuple(rows),
        goals=(
            Goal(f"first page at most {FIRST_PAGE_LIMIT}× plain", f"{ratio:.2f}×", ratio <= FIRST_PAGE_LIMIT),
        ),
    )


def _first_page(serve: Callable[[], AbstractContextManager[serving.Server]]) -> tuple[float, float]:
    """Seconds from the start of the process to the health answer, and to the first finished page."""
    begin = time.perf_counter()
    with serve() as server:
        with visitor(server.address) as person:
            person.ask(BARE)
        return server.seconds, time.perf_counter() - begin


def _shape(folder: Path) -> Shape:
    with serving.ours(folder) as own, sync_playwright() as playwright:
        chromium = opened(playwright)
        found = shape_at(chromium, f"{own.address}/{FIRST}")
        chromium.close()
    return found


def _republished(folder: Path) -> float:
    begin = time.perf_counter()
    with draft(Settings(data_dir=folder).as_demo()):
        pass
    return time.perf_counter() - begin


PART = Part("scale-start", "At scale: start and load", run, packages=("streamlit", "duckdb"))
