"""Five months before the archive, with 29 February 2024: the days of a year later, moved.

So the drawn world has a leap day; what is compared with a window that holds it must say so, or not be compared.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from tests.truth.oracle import Asked

FIRST = dt.date(2024, 2, 1)
TABLES = (
    *(
        "search_site_day",
        "search_segment_day",
        "search_query_day",
        "search_page_day",
        "search_page_query_day",
    ),
    *("search_page_device_day", "search_query_device_day", "search_appearance_day", "ingest_ledger"),
)
FEBRUARY = (
    Asked(dt.date(2025, 2, 1), dt.date(2025, 2, 28), "year"),  # 28 days against 29
    Asked(dt.date(2024, 2, 1), dt.date(2024, 2, 29), "previous"),  # January is not there: refused
    Asked(dt.date(2024, 3, 1), dt.date(2024, 3, 31), "previous"),
    Asked(
        dt.date(2025, 2, 27), dt.date(2025, 3, 2), "year", None, "day"
    ),  # 29 February among 364 days before
    Asked(dt.date(2025, 2, 1), dt.date(2025, 6, 30), "free", dt.date(2024, 2, 1), "week"),
)
"""Windows with 29 February on one side."""


def add_leap_year(db: duckdb.DuckDBPyConnection, site: str) -> None:
    """Days from 1 February to 8 July 2025 of every grain, 366 days earlier."""
    for table in TABLES:
        own = "source = 'search_console' AND " if table == "ingest_ledger" else ""
        db.execute(
            f"""INSERT INTO {table} SELECT * REPLACE ((date - 366)::DATE AS date) FROM {table}
                WHERE {own}site = ? AND date BETWEEN '2025-02-01' AND '2025-07-08'""",
            [site],
        )
