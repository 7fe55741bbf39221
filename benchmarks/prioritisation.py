"""Part `prioritisation`: robustness of a large list, and what a moved slider costs, without the screen and with it."""

from __future__ import annotations

import datetime as dt
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
from portalkompass.prioritisation import (
    DRAWS,
    Criterion,
    evaluate,
    load_criteria,
    ranking,
    reweighed,
    robustness,
)
from portalkompass.settings import ROOT, load_settings
from portalkompass.workspace import Scenario, save_scenario, workspace_of

SERVICES, CRITERIA = 189, 12
SECONDS_FOR_DRAWS = 1.5
SECONDS_FOR_SLIDER = 0.15
MOVES = 7
"""Of a slider, in each run to where it was not yet: an answer that is known already is no measure."""


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
    screen, large = _moved_weights(runs)
    return Result(
        method=(
            f"{SERVICES} services, {CRITERIA} criteria, {DRAWS:,} random weightings, missing values drawn with them; "
            "then the ranking after one changed weight (values scaled before, as on the screen); "
            "then a whole run of the screen Priorisierung after a moved slider: on demo data, and of a scenario with "
            f"{SERVICES} services.",
        ),
        columns=("", "median", "lowest", "highest"),
        rows=(
            ("robustness (s)", *_spread(drawing)),
            ("ranking after a changed weight (ms)", *_spread([1000 * one for one in weighing])),
            ("screen after a moved slider, demo data (ms)", *_spread([1000 * one for one in screen])),
            (
                f"screen after a moved slider, {SERVICES} services (ms)",
                *_spread([1000 * one for one in large]),
            ),
        ),
        goals=(
            Goal(
                f"{DRAWS:,} draws in under {SECONDS_FOR_DRAWS} s",
                f"{median(drawing):.2f} s",
                median(drawing) < SECONDS_FOR_DRAWS,
            ),
            *(
                Goal(
                    f"the screen answers a moved slider in under {1000 * SECONDS_FOR_SLIDER:.0f} ms, {on}",
                    f"{1000 * median(spent):.0f} ms",
                    median(spent) < SECONDS_FOR_SLIDER,
                )
                for on, spent in (("demo data", screen), (f"{SERVICES} services", large))
            ),
        ),
    )


def _moved_weights(runs: int) -> tuple[list[float], list[float]]:
    """Seconds of the screen's whole script run after each move of one slider: sample data, and a large scenario."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PORTALKOMPASS_DATA_DIR": folder, "PORTALKOMPASS_TODAY": "2025-12-17"}
        load_settings.cache_clear()
        command = [sys.executable, "-m", "etl", "demo"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        sample = _moved_weight(runs, "")
        saved = save_scenario(workspace_of(load_settings().as_demo()), _large(), "benchmark")
        return sample, _moved_weight(runs, saved.name)


def _moved_weight(runs: int, scenario: str) -> list[float]:
    app = AppTest.from_file(str(ROOT / "pages/services/prioritisation.py"), default_timeout=120)
    app.query_params["szenario"] = scenario
    app.run()
    spent = []
    for weight in range(20, 20 + MOVES * runs):
        app.slider(key="gewicht-clicks").set_value(weight)
        spent.append(_seconds(app.run))
    return spent[1:]  # the first loads what is needed once


def _large() -> Scenario:
    """All shipped criteria but those that say the same, for as many services as a city may have, a third unknown."""
    shipped = load_criteria(load_settings().data_file("criteria.toml"))
    criteria = [one for one in shipped.criteria if one.id != "impressions"][:CRITERIA]
    random = np.random.default_rng(2)
    rows = [f"s{number}" for number in range(SERVICES)]
    drawn = {one.id: random.uniform(one.lower, one.upper, SERVICES) for one in criteria}
    for one in criteria:
        if one.levels:
            drawn[one.id] = random.choice([level.value for level in one.levels], SERVICES)
    matrix = pd.DataFrame(drawn, index=rows)
    lanes = random.choice(["startbar", "wartet auf andere", "erst klären"], SERVICES)
    services = pd.DataFrame(
        {"name": rows, "list": "anstehend", "lane": lanes, "lane_reason": "", "trend_note": ""}
    )
    return Scenario(
        "groß",
        criteria=tuple(one.model_dump(mode="json") for one in criteria),
        weights=dict.fromkeys(matrix.columns, 1.0),
        matrix=matrix.mask(random.random(matrix.shape) < 0.3),  # noqa: PLR2004 three in ten
        services=services.set_index(pd.Index(rows)),
        data_date=dt.date(2025, 12, 15),
    )


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
