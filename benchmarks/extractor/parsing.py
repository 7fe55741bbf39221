"""Child process: the yardstick. The same replies, fetched one by one, only `json.loads` timed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.extractor.pulling import PACE_OFF, settings_for
from benchmarks.extractor.serving import request_bodies
from benchmarks.extractor.world import SITE, BenchWorld
from etl.sources.pace import Pace
from etl.sources.search_console.client import Client
from etl.sources.search_console.fetch import ROW_LIMIT


def main() -> None:
    """Every reply that the extractor gets, the empty ones too; each result is dropped at once."""
    order = json.loads(sys.argv[1])
    settings = settings_for(Path(), order["endpoint"], order["credentials"], 1)
    client = Client(settings.search_console, Pace(PACE_OFF))
    seconds, size = 0.0, 0

    def parse(content: bytes) -> int:
        nonlocal seconds, size
        begin = time.perf_counter()
        value = json.loads(content)
        seconds += time.perf_counter() - begin
        size += len(content)
        return len(value.get("rows", ()))

    for body in request_bodies(BenchWorld(**order["world"])):
        start_row = 0
        while rows := client.query(SITE, {**body, "rowLimit": ROW_LIMIT, "startRow": start_row}, parse):
            start_row += rows
    sys.stdout.write(json.dumps({"seconds": seconds, "bytes": size}) + "\n")


if __name__ == "__main__":
    main()
