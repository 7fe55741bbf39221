"""Part `scale-filters`: answers narrowed by one filter and by two, on sample data of a state."""

from __future__ import annotations

from benchmarks import child
from benchmarks.part import Goal, Part, Result
from benchmarks.scale.data import data_folders, environment
from benchmarks.scale.filters_run import COMBINED, SINGLE
from etl.demo.scale.sizes import Scale

FIRST_LIMIT, COMBINED_LIMIT, AGAIN_LIMIT = 1500.0, 2500.0, 100.0


def run(runs: int) -> Result:
    """Every filter on every screen of traffic that can obey it."""
    with data_folders() as folders:
        answered = child.run(
            "benchmarks.scale.filters_run", {"runs": runs}, environment(folders[Scale.LARGE])
        )
    found = answered["filters"]
    rows = [(name, title, *times) for name, topics in found.items() for title, times in topics.items()]
    slowest = {
        kind: max((row for row in rows if row[0] in names), key=lambda row: row[2])
        for kind, names in (("one", SINGLE), ("two", COMBINED))
    }
    again = max(rows, key=lambda row: row[4])
    return Result(
        method=(
            "Answers with their charts through the answer cache, in one process, on 27 million rows of pages and "
            "queries (24 million of the city). First: the view was seen without a filter, then the filter is set for "
            "the first time. Again: the same view once more. Milliseconds of wall time, and the processor time of the "
            "first, which depends less on what else runs.",
        ),
        columns=("filter", "screen", "first (ms)", "first, processor (ms)", "again (ms)"),
        rows=tuple((name, title, *(f"{spent:.0f}" for spent in times)) for name, title, *times in rows),
        goals=(
            _goal("one filter first", slowest["one"], FIRST_LIMIT),
            _goal("two filters first", slowest["two"], COMBINED_LIMIT),
            Goal(
                f"any filter again in at most {AGAIN_LIMIT:.0f} ms",
                f"slowest: {again[0]}, {again[1]}, {again[4]:.0f} ms",
                again[4] <= AGAIN_LIMIT,
            ),
        ),
        notes=(f"Peak memory {answered['peak']:.0f} MB.",) if answered["peak"] else (),
    )


def _goal(promise: str, row: tuple[str, str, float, float, float], limit: float) -> Goal:
    name, title, first, *_ = row
    return Goal(
        f"{promise} in at most {limit:.0f} ms", f"slowest: {name}, {title}, {first:.0f} ms", first <= limit
    )


PART = Part("scale-filters", "Filters at scale", run, packages=("duckdb", "narwhals", "pandas", "pyarrow"))
