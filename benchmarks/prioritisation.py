"""Part `prioritisation`: robustness of a large list, and what a moved slider costs, without the screen and with it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from benchmarks.part import Goal, Part, Result
from portalkompass.prioritisation import DRAWS, Criterion, evaluate, ranking, reweighed, robustness
from portalkompass.settings import ROOT, load_settings

SERVICES, CRITERIA = 189, 12
SECONDS_FOR_DRAWS = 1.5
SECONDS_FOR_SLIDER = 0.15
WEIGHTS = (80, 20, 100, 0, 60, 30, 90)


def run(runs: int) -> Result:
    """Draws over 189 services and 12 criteria, three in ten values missing; then one weight changed."""
    random = np.random.default_rng(1)
    values = pd.DataFrame(random.random((SERVICES, CRITERIA)), index=[f"s{n}" for n in range(SERVICES)])
    values.columns = pd.Index([f"c{n}" for n in range(CRITERIA)])
    values = values.mask(random.random(values.shape) < 0.3)  # noqa: PLR2004 three in ten
    criteria = [_criterion(str(name)) for name in values.columns]
    evaluation = evaluate(values, criteria, dict.fromkeys(values.columns, 1.0))
    drawing = [_seconds(lambda: robustness(values)) for _ in range(runs)]
    weighing = [
        _seconds(lambda: ranking(reweighed(evaluation, {**dict.fromkeys(values.columns, 1.0), "c0": 3.0})))
        for _ in range(runs)
    ]
    screen = _moved_weight(runs)
    return Result(
        method=(
            f"{SERVICES} services, {CRITERIA} criteria, {DRAWS:,} random weightings, missing values drawn with them; "
            "then the ranking after one changed weight (values scaled before, as on the screen); "
            "then a whole run of the screen Priorisierung on demo data after a moved slider.",
        ),
        columns=("", "median", "lowest", "highest"),
        rows=(
            ("robustness (s)", *_spread(drawing)),
            ("ranking after a changed weight (ms)", *_spread([1000 * one for one in weighing])),
            ("screen after a moved slider (ms)", *_spread([1000 * one for one in screen])),
        ),
        goals=(
            Goal(
                f"{DRAWS:,} draws in under {SECONDS_FOR_DRAWS} s",
                f"{median(drawing):.2f} s",
                median(drawing) < SECONDS_FOR_DRAWS,
            ),
            Goal(
                f"the screen answers a moved slider in under {1000 * SECONDS_FOR_SLIDER:.0f} ms",
                f"{1000 * median(screen):.0f} ms",
                median(screen) < SECONDS_FOR_SLIDER,
            ),
        ),
    )


def _moved_weight(runs: int) -> list[float]:
    """Seconds of the screen's whole script run after each move of one slider."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTALKOMPASS_DATA_DIR": folder, "PORTALKOMPASS_TODAY": "2025-12-17"}
        load_settings.cache_clear()
        command = [sys.executable, "-m", "etl", "demo"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        app = AppTest.from_file(str(ROOT / "pages/services/prioritisation.py"), default_timeout=120).run()
        spent = []
        for weight in WEIGHTS * runs:
            app.slider(key="gewicht-clicks").set_value(weight)
            spent.append(_seconds(app.run))
    return spent[1:]  # the first loads what is needed once


def _criterion(name: str) -> Criterion:
    return Criterion(
        id=name,
        label=name,
        kind="measured",
        axis="nutzen",
        unit="",
        direction="higher",
        scale="linear",
        lower=0,
        upper=1,
        weight=1,
        help="benchmark",
    )


def _seconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def _spread(values: list[float]) -> tuple[str, str, str]:
    return f"{median(values):.2f}", f"{min(values):.2f}", f"{max(values):.2f}"


PART = Part(
    "prioritisation",
    "Prioritisation: robustness and weighing",
    run,
    packages=("numpy", "pandas", "streamlit"),
)
