"""Part `devices`: what the two devices against Python's and pandas' own ways gain, at both sizes.

Garbage collection (`portalkompass.ui.shell.garbage_collection`): none while modules are imported, and none over what
was imported. Tables (`portalkompass.ui.tables.fixed_styler`): cells written once per answer, not with every run.
With and without alternate in one process; times are those of the processor, which depend less on what else runs.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import child
from benchmarks.part import Goal, Part, Result
from benchmarks.scale.data import data_folders, environment

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler

LEAST_GAIN = 0.10
"""A device that gains less at both sizes is not worth its lines."""
TABLE = "Seiten"


def run(runs: int) -> Result:
    """Both sizes, each in processes of its own."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    with data_folders() as folders:
        for scale, folder in folders.items():
            env = environment(folder)
            starts = [
                [_child({"start": paused}, env)["seconds"] for paused in (False, True)] for _ in range(runs)
            ]
            clicks = _child({"clicks": runs * 5}, env)
            found[scale.value] = {
                "start: imports with garbage collection, and without": _both(starts),
                "a click that changes nothing: collecting all, and what came later": tuple(
                    clicks["collecting"]
                ),
                f"a click on {TABLE}: cells by pandas each time, and written once": tuple(clicks["tables"]),
            }
    names = list(next(iter(found.values())))
    rows = tuple(
        (
            name,
            *(
                f"{1000 * slow:.0f} → {1000 * fast:.0f}"
                for slow, fast in (found[scale][name] for scale in found)
            ),
        )
        for name in names
    )
    gains = {
        name: max(1 - fast / slow for slow, fast in (found[scale][name] for scale in found)) for name in names
    }
    return Result(
        method=(
            "Processor time in milliseconds, without the device → with it; medians, both in turn in one process "
            "(starts: a process each).",
        ),
        columns=("device", *found),
        rows=rows,
        goals=tuple(
            Goal(f"{name}: gains at least {LEAST_GAIN:.0%}", f"{gain:.0%}", gain >= LEAST_GAIN)
            for name, gain in gains.items()
        ),
    )


def _child(order: dict[str, object], env: dict[str, str]) -> dict[str, Any]:
    return child.run("benchmarks.scale.devices", order, env)


def _both(pairs: Sequence[Sequence[float]]) -> tuple[float, float]:
    slow, fast = (median(times) for times in zip(*pairs, strict=True))
    return slow, fast


def _start(*, paused: bool) -> dict[str, float]:
    """Seconds of the processor for importing all that the first screen needs."""
    begin = time.process_time()
    if paused:
        gc.disable()
    from portalkompass.ui.shell import prewarm  # noqa: F401 what is measured

    return {"seconds": time.process_time() - begin}


def _clicks(runs: int) -> dict[str, tuple[float, float]]:
    from streamlit import config

    from benchmarks.screens import VIEWS, arrived, forget, timed
    from portalkompass.ui.components import grids

    os.environ["PORTALKOMPASS_TODAY"] = "2025-12-17"
    app = arrived(*VIEWS[TABLE])
    timed(app)

    # In a thread of its own here; measured apart instead.
    config.set_option("runner.postScriptGC", False)

    def seconds() -> float:
        return timed(app)[1] / 1000

    def with_collection() -> float:
        """A click, and the collection that a server runs behind it while everybody waits."""
        click, begin = seconds(), time.process_time()
        gc.collect(2)
        return click + time.process_time() - begin

    collecting = []
    for _ in range(runs):
        gc.unfreeze()
        every = with_collection()
        gc.freeze()
        collecting.append((every, with_collection()))
    written, cells = grids.fixed, []
    for _ in range(max(runs // 5, 2)):
        pair = []
        for make in (_by_pandas, written):
            grids.fixed = make
            forget()
            timed(app)
            pair.append(median(seconds() for _ in range(3)))
        cells.append(pair)
    return {"collecting": _both(collecting), "tables": _both(cells)}


def _by_pandas(frame: pd.DataFrame, texts: Mapping[str, Sequence[str]]) -> Styler:
    """The same table as pandas makes it: each text is looked up again whenever the cells are translated."""
    rows = frame.style
    for name in frame.columns:
        if name in texts:
            told = dict(zip(frame[name].tolist(), texts[name], strict=True))
            rows = rows.format(told.get, subset=[name], na_rep="–")
    return rows


def _answered(order: dict[str, Any]) -> dict[str, Any]:
    return _start(paused=order["start"]) if "start" in order else _clicks(order["clicks"])


PART = Part("devices", "Devices: garbage collection and tables", run, packages=("streamlit", "pandas"))

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.stdout.write(json.dumps(_answered(json.loads(sys.argv[1]))) + "\n")
