"""Child of `screens-at-scale`: script runs of every view by AppTest, with wall and processor time.

Processor time counts all threads, DuckDB's too: it hardly changes when other programs keep the machine busy.
"""

from __future__ import annotations

import json
import sys
import time
from statistics import median

import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.child import peak_megabytes
from benchmarks.screens import VIEWS
from portalkompass.settings import ROOT

FILTER = ("zeitraum", "3-monate")
"""The change that is measured: from the last twelve full months to the last three."""


def main() -> None:
    """Print {view: {kind: [wall, processor time]}} in milliseconds, medians."""
    order = json.loads(sys.argv[1])
    chosen = {name: VIEWS[name] for name in order.get("views") or VIEWS}
    found = {name: _measured(path, state, order["runs"]) for name, (path, state) in chosen.items()}
    sys.stdout.write(json.dumps({"views": found, "peak": peak_megabytes()}) + "\n")


def _measured(path: str, state: dict[str, str], runs: int) -> dict[str, list[float]]:
    _timed(_app(path, state))  # libraries and links
    times: dict[str, list[tuple[float, float]]] = {"cold": [], "warm": [], "filter": []}
    for _ in range(runs):
        st.cache_resource.clear()
        app = _app(path, state)
        times["cold"].append(_timed(app))
        times["warm"].append(_timed(app))
        if any(box.key == FILTER[0] for box in app.selectbox):
            app.selectbox(key=FILTER[0]).set_value(FILTER[1])
            times["filter"].append(_timed(app))
    return {
        kind: [median(wall for wall, _ in several), median(spent for _, spent in several)]
        for kind, several in times.items()
        if several
    }


def _app(path: str, state: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / path), default_timeout=600)
    for key, value in state.items():
        app.session_state[key] = value
    return app


def _timed(app: AppTest) -> tuple[float, float]:
    begin, used = time.perf_counter(), time.process_time()
    app.run()
    spent = (time.perf_counter() - begin) * 1000, (time.process_time() - used) * 1000
    if app.exception or app.error:
        raise RuntimeError(f"a screen failed: {[*app.exception, *app.error]}")
    return spent


if __name__ == "__main__":
    main()
