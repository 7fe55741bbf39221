"""Child process in an environment of its own: the package `searchconsole`, one window per day.

Pointed at the stand-in from outside: the package builds Google's client without a way to name another
endpoint. Only the package's own work is timed; counting its rows is not.
"""

import functools
import json
import sys
import time

import searchconsole  # type: ignore[import-not-found]  # lives in another environment
from googleapiclient import discovery


def main() -> None:
    """Pull every grouping of every day, newest first, as the extractor does."""
    order = json.loads(sys.argv[1])
    discovery.build = functools.partial(
        discovery.build, static_discovery=True, client_options={"api_endpoint": order["endpoint"]}
    )
    begin = time.perf_counter()
    account = searchconsole.authenticate(service_account=order["credentials"])
    prop = account[order["site"]]
    seconds = 0.0
    tables = {name: [0, 0, 0] for name in order["groupings"]}
    for day in order["days"]:
        for name, dimensions in order["groupings"].items():
            query = prop.query.range(day, day).search_type("web").data_state("final")
            report = query.dimension(*dimensions).get()
            seconds += time.perf_counter() - begin
            sums = tables[name]
            sums[0] += len(report)
            sums[1] += sum(int(row.clicks) for row in report)
            sums[2] += sum(int(row.impressions) for row in report)
            begin = time.perf_counter()
    sys.stdout.write(json.dumps({"seconds": seconds, "tables": tables}) + "\n")


if __name__ == "__main__":
    main()
