"""The back-test of the click potential on sample data: estimates of each month against what came after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from tests.estimates.simulation.climbing import KNOWN, LATER, outcome
from tests.estimates.simulation.measured import Rate

CITY = "leverkusen"
FIRST = 6
"""Months before the first estimate."""
BY_MONTH = """
    SELECT query, date_trunc('month', date) AS month, sum(clicks) AS clicks, sum(impressions) AS impressions,
           sum(sum_position) / sum(impressions) + 1 AS position
    FROM search_query_day
    WHERE query <> '' AND search_type = 'web'
    GROUP BY ALL HAVING sum(impressions) > 0 ORDER BY ALL
"""


def cells(folder: str) -> pd.DataFrame:
    """query, month, clicks, impressions, position of the newest snapshot in that data folder; whole months only."""
    newest = max(Path(folder).glob("demo/warehouse/*.duckdb"))
    with (
        duckdb.connect() as connection
    ):  # of its own: another test of this process may hold the file open otherwise
        connection.execute(f"ATTACH '{newest}' AS snapshot (READ_ONLY)")
        connection.execute("USE snapshot")
        rows = connection.execute(BY_MONTH).df()
        last = connection.execute("SELECT max(date) FROM search_query_day").fetchone()
    assert last is not None
    rows = rows.astype({"clicks": "int64", "impressions": "int64"})
    return rows[rows["month"] < pd.Timestamp(last[0]).to_period("M").to_timestamp()].reset_index(drop=True)


def reached(folder: str) -> Iterator[tuple[str, Rate]]:
    """By month of the estimate: of the queries that reached their target then, those inside the interval."""
    rows = cells(folder)
    months = sorted(rows["month"].unique())
    fitting = ~rows["query"].str.contains(CITY)
    for now in range(FIRST, len(months) - LATER + 1):
        known = rows["month"].isin(months[max(0, now - KNOWN) : now])
        later = rows["month"].isin(months[now : now + LATER])
        found = outcome(rows, fitting, known, later)
        inside = (found["came"] >= found["low"]) & (found["came"] <= found["high"])
        yield f"{pd.Timestamp(months[now - 1]):%m.%Y}", Rate(int(inside.sum()), len(found))
