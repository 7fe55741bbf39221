"""Part `extractor-raw`: what the extractor costs beyond parsing, and how much memory it takes."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from benchmarks import child
from benchmarks.extractor.serving import stand_in
from benchmarks.extractor.world import BenchWorld
from benchmarks.part import Goal, Part, Result

WORLD = BenchWorld(pages=500, queries=40, days=196)
WORKERS = 4
MOST_TIMES_PARSING = 2.5
MOST_MEGABYTES = 400.0


def run(runs: int) -> Result:
    """Yardstick and extractor take turns against the same server; ratios within each turn."""
    parsing, pulling = [], []
    with tempfile.TemporaryDirectory() as folder, stand_in(WORLD, Path(folder)) as server:
        access = {"endpoint": server.endpoint, "credentials": str(server.credentials)}
        for number in range(runs):
            parsing.append(child.run("benchmarks.extractor.parsing", {**access, "world": asdict(WORLD)}))
            data = Path(folder) / f"run-{number}"
            pulling.append(
                child.run("benchmarks.extractor.pulling", {**access, "folder": str(data), "workers": WORKERS})
            )
    truth = {table: [s.rows, s.clicks, s.impressions] for table, s in WORLD.truth().items()}
    complete = all(one["tables"] == truth for one in pulling)
    rows = sum(sums[0] for sums in truth.values())
    ratios = [ours["seconds"] / yard["seconds"] for ours, yard in zip(pulling, parsing, strict=True)]
    peaks = [one["peak"] for one in pulling if one["peak"] is not None]
    seconds = [one["seconds"] for one in pulling]
    size = parsing[0]["bytes"]
    return Result(
        method=(
            f"Stand-in without latency in a process of its own, {WORLD.days} days of {WORLD.pages} pages × "
            f"{WORLD.queries} queries, answers encoded beforehand ({size / 1e6:,.0f} MB), pace off, {WORKERS} "
            f"workers. Time from the start of the pull to the published snapshot ({rows:,} rows in five tables), "
            "against the time that `json.loads` alone takes for the same bytes in the same run.",
        ),
        columns=("", "median", "lowest", "highest"),
        rows=(
            ("`json.loads` of all replies (s)", *_spread([one["seconds"] for one in parsing])),
            ("first request to published snapshot (s)", *_spread(seconds)),
            ("ratio", *_spread(ratios)),
            ("rows per second", *_spread([rows / value for value in seconds], ",.0f")),
            ("peak memory of the extractor (MB)", *(_spread(peaks, ".0f") if peaks else ("–",) * 3)),
        ),
        goals=(
            Goal("every row and sum arrives", "complete" if complete else "incomplete", complete),
            Goal(
                f"at most {MOST_TIMES_PARSING} × the time of `json.loads`",
                f"{median(ratios):.2f} ×",
                median(ratios) <= MOST_TIMES_PARSING,
            ),
            Goal(
                f"peak memory under {MOST_MEGABYTES:.0f} MB for 5 million rows",
                f"{max(peaks):.0f} MB" if peaks else "not measured on this system",
                bool(peaks) and max(peaks) < MOST_MEGABYTES,
            ),
        ),
    )


def _spread(values: list[float], form: str = ".2f") -> tuple[str, str, str]:
    return (f"{median(values):{form}}", f"{min(values):{form}}", f"{max(values):{form}}")


PART = Part(
    name="extractor-raw",
    title="Extractor without latency: time against parsing, memory",
    run=run,
    packages=("google-api-python-client", "httplib2", "msgspec", "pyarrow", "duckdb"),
)
