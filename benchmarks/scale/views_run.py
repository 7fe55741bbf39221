"""Child of `screens-at-scale`: script runs of every view by AppTest, with wall and processor time.

Processor time counts all threads, DuckDB's too: it hardly changes when other programs keep the machine busy.
"""

from __future__ import annotations

import json
import sys
from statistics import median

from benchmarks.child import peak_megabytes
from benchmarks.screens import VIEWS, arrived, forget, timed

FILTER = ("zeitraum", "3-monate")
"""The change that is measured: from the last twelve full months to the last three."""


def main() -> None:
    """Print {view: {kind: [wall, processor time]}} in milliseconds, medians."""
    order = json.loads(sys.argv[1])
    chosen = {name: VIEWS[name] for name in order.get("views") or VIEWS}
    found = {name: _measured(path, state, order["runs"]) for name, (path, state) in chosen.items()}
    sys.stdout.write(json.dumps({"views": found, "peak": peak_megabytes()}) + "\n")


def _measured(path: str, state: dict[str, str], runs: int) -> dict[str, list[float]]:
    timed(arrived(path, state))  # libraries and links
    times: dict[str, list[tuple[float, float]]] = {"cold": [], "warm": [], "filter": []}
    for _ in range(runs):
        app = arrived(path, state)
        forget()
        times["cold"].append(timed(app))
        times["warm"].append(timed(app))
        if app.main.get("popover"):
            app.query_params[FILTER[0]] = FILTER[1]
            times["filter"].append(timed(app))
    return {
        kind: [median(wall for wall, _ in several), median(spent for _, spent in several)]
        for kind, several in times.items()
        if several
    }


if __name__ == "__main__":
    main()
