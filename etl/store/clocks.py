"""Hours that an older version stored by their local time only: brought to UTC before the next load adds to them.

The night that summer time ends has one local hour twice. Of two rows the earlier one is the first of them; a
single row may be the sum of both, and stays one under the first, so that sums hold.
"""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.files.hours import PACIFIC, hour_at, is_double
from etl.store.load import transaction


def give_hours_their_utc(connection: Connection) -> int:
    """Complete the rows of ``search_hour`` that lack ``hour_utc``, all or none; how many. Rows that meet are summed."""
    told = connection.execute("SELECT DISTINCT hour FROM search_hour WHERE hour_utc IS NULL").fetchall()
    if not told:
        return 0
    with transaction(connection):
        return _complete(connection, [hour for (hour,) in told])


def _complete(connection: Connection, told: list[dt.datetime]) -> int:
    connection.register("clock", _clock(told))
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE hours_by_utc AS
        SELECT site, search_type, hour_utc, local AS hour, sum(impressions) AS impressions, sum(clicks) AS clicks,
               sum(sum_position) AS sum_position, max(origin) AS origin
        FROM (SELECT * EXCLUDE (hour_utc),
                     row_number() OVER (PARTITION BY site, search_type, hour ORDER BY rowid) > 1 AS again
              FROM search_hour WHERE hour_utc IS NULL)
        JOIN clock USING (hour, again) GROUP BY ALL
        """
    )
    connection.unregister("clock")
    deleted = connection.execute("DELETE FROM search_hour WHERE hour_utc IS NULL").fetchall()
    connection.execute("INSERT INTO search_hour BY NAME SELECT * FROM hours_by_utc")
    connection.execute("DROP TABLE hours_by_utc")
    return int(deleted[0][0])


def _clock(told: list[dt.datetime]) -> pa.Table:
    """Each stored hour, read the first time and again, with its UTC and what the clocks really showed then."""
    rows = []
    for hour in told:
        for again in (False, True):
            moment = hour.replace(tzinfo=PACIFIC, fold=again and is_double(hour))
            utc = moment.astimezone(dt.UTC).replace(tzinfo=None)
            rows.append({"hour": hour, "again": again, "hour_utc": utc, "local": hour_at(utc).local})
    moments = {name: pa.timestamp("us") for name in ("hour", "hour_utc", "local")}
    return pa.Table.from_pylist(rows, schema=pa.schema({**moments, "again": pa.bool_()}))
