"""Child process: one run of the extractor into an empty warehouse, with time, memory and what arrived."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection
from pathlib import Path

import duckdb

from benchmarks.child import peak_megabytes
from benchmarks.extractor.world import SITE, TODAY
from etl.sources.search_console import job
from etl.sources.search_console import pull as pulling
from etl.sources.search_console.grains import Grain, day_grains
from portalkompass.schema import DAY_GRAINS
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published

PACE_OFF = 1e6


def settings_for(folder: Path, endpoint: str, credentials: str, workers: int) -> Settings:
    """Shipped settings, pointed at the stand-in, without pace and without what is not a day grain."""
    settings = Settings(data_dir=folder, today=TODAY)
    console = settings.search_console.model_copy(
        update={
            "site": SITE,
            "search_types": ("web",),
            "queries_per_second": PACE_OFF,
            "credentials_file": credentials,
            "api_endpoint": endpoint,
            "appearances": False,
            "inspections_per_day": 0,
            "workers": workers,
        }
    )
    return settings.model_copy(update={"search_console": console})


def arrived(settings: Settings) -> dict[str, tuple[int, int, int]]:
    """Rows, clicks and impressions of each day table in the published snapshot."""
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return {}
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        found = {}
        for table in DAY_GRAINS:
            sums = connection.table(table.name).aggregate(
                "count(*), sum(clicks)::BIGINT, sum(impressions)::BIGINT"
            )
            rows, clicks, impressions = sums.fetchall()[0]
            found[table.name] = (rows, clicks, impressions)
    return found


def restrict(tables: list[str]) -> None:
    """Let the extractor ask for these tables only, for a comparison with a tool that fetches nothing else."""

    def some(search_type: str, devices: Collection[str] = ()) -> tuple[Grain, ...]:
        return tuple(grain for grain in day_grains(search_type, devices) if grain.table.name in tables)

    vars(job)["day_grains"] = some


def main() -> None:
    """Wall time runs from the start of the pull, before its first request, to the published snapshot."""
    order = json.loads(sys.argv[1])
    settings = settings_for(Path(order["folder"]), order["endpoint"], order["credentials"], order["workers"])
    if order.get("only"):
        restrict(order["only"])
    begin = time.perf_counter()
    report = pulling.pull(settings)
    seconds = time.perf_counter() - begin
    peak = peak_megabytes()
    answer = {"seconds": seconds, "peak": peak, "requests": report.requests, "tables": arrived(settings)}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
