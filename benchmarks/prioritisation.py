"""Part `prioritisation`: robustness of a large list, and what weighing it anew costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd

from benchmarks.part import Goal, Part, Result
from portalkompass.prioritisation import (
    DRAWS,
    Criterion,
    evaluate,
    ranking,
    reweighed,
    robustness,
)

SERVICES, CRITERIA = 189, 12
SECONDS_FOR_DRAWS = 1.5


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
    return Result(
        method=(
            f"{SERVICES} services, {CRITERIA} criteria, {DRAWS:,} random weightings, missing values drawn with them; "
            "then the ranking after one changed weight (values scaled before, as on the screen).",
        ),
        columns=("", "median", "lowest", "highest"),
        rows=(
            ("robustness (s)", *_spread(drawing)),
            ("ranking after a changed weight (ms)", *_spread([1000 * one for one in weighing])),
        ),
        goals=(
            Goal(
                f"{DRAWS:,} draws in under {SECONDS_FOR_DRAWS} s",
                f"{median(drawing):.2f} s",
                median(drawing) < SECONDS_FOR_DRAWS,
            ),
        ),
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
    packages=("numpy", "pandas"),
)
