"""The monthly tables: sums of the query grains, brought in step with the days before each publication; and lists of
the days and queries of these grains, which a filter asks for first and would otherwise look for among millions of rows.

Only months whose days have changed are made anew; a fingerprint over all rows of a month tells, whichever load
changed them. Rows of a month lie in the order of their keys, so that one property and month is read without the
others; the query before the page, so that equal texts lie together: a filter by queries then takes a third of the
processor time, and one by pages no more than before.
"""

from __future__ import annotations

from collections.abc import Collection

from duckdb import DuckDBPyConnection as Connection

from etl.store.load import transaction
from portalkompass.schema import MONTH_GRAINS, Table

_PART = ("grain", "site", "search_type", "month")


def complete_months(connection: Connection) -> None:
    """Make the months anew whose days have changed, drop those without days; in one transaction."""
    with transaction(connection):
        for days, months in MONTH_GRAINS.items():
            _changed(connection, days, months)
            _replace(connection, days, months)
            _list_days(connection, days)
            _list_queries(connection, days, months)
        connection.execute("DROP TABLE IF EXISTS month_now")


def stale_months(connection: Connection, days: str) -> int:
    """How many months of the grain do not belong to its days (`verify` calls that a fault)."""
    months = MONTH_GRAINS[days]
    return int(
        connection.execute(
            f"""
            WITH d AS (SELECT site, search_type, date_trunc('month', date)::DATE AS month, sum(clicks) AS clicks,
                              sum(impressions) AS impressions FROM "{days}" GROUP BY ALL),
            m AS (SELECT site, search_type, month, sum(clicks) AS clicks, sum(impressions) AS impressions
                  FROM "{months.name}" GROUP BY ALL)
            SELECT count(*) FROM d FULL JOIN m USING (site, search_type, month)
            WHERE d.clicks IS DISTINCT FROM m.clicks OR d.impressions IS DISTINCT FROM m.impressions
            """
        ).fetchall()[0][0]
    )


def stale_lists(connection: Connection, days: str) -> tuple[int, int]:
    """How many days and queries of the grain are listed without a row, or have rows and are not listed."""
    counts = []
    for table, names in (
        ("search_grain_days", "site, search_type, date"),
        ("search_grain_queries", "site, query"),
    ):
        there = f'SELECT DISTINCT {names} FROM "{days}"'
        listed = f"SELECT {names} FROM {table} WHERE grain = '{days}'"
        differing = f"(({there}) EXCEPT ({listed})) UNION ALL (({listed}) EXCEPT ({there}))"
        counts.append(int(connection.execute(f"SELECT count(*) FROM ({differing})").fetchall()[0][0]))
    return counts[0], counts[1]


def _changed(connection: Connection, days: str, months: Table) -> None:
    """month_now: the state of every month by its days; the known states of months that changed are removed."""
    keys = _listed(months.names)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE month_now AS
        SELECT '{days}' AS grain, site, search_type, date_trunc('month', date)::DATE AS month, count(*) AS rows,
               bit_or(1::BIGINT << day(date)) AS days,
               concat_ws(' ', bit_xor(hash(date, {keys})), sum(hash(date, {keys}) % 1000003)) AS fingerprint
        FROM "{days}" GROUP BY ALL
        """
    )
    connection.execute(
        """
        DELETE FROM search_month_state s WHERE grain = ? AND NOT EXISTS (
            SELECT 1 FROM month_now f WHERE f.site = s.site AND f.search_type = s.search_type
            AND f.month = s.month AND f.rows = s.rows AND f.fingerprint = s.fingerprint)
        """,
        [days],
    )


def _replace(connection: Connection, days: str, months: Table) -> None:
    """Positions are rounded far below what can be seen: threads add in any order, two builds must be identical."""
    unchanged = "(SELECT site, search_type, month FROM search_month_state WHERE grain = ?)"
    connection.execute(
        f'DELETE FROM "{months.name}" m WHERE NOT EXISTS (SELECT 1 FROM search_month_state s WHERE s.grain = ? '
        "AND s.site = m.site AND s.search_type = m.search_type AND s.month = m.month)",
        [days],
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE month_due AS SELECT site, search_type, month FROM month_now "
        f"WHERE (site, search_type, month) NOT IN {unchanged}",
        [days],
    )
    grain = _listed(months.key)
    # One after the other: the memory that sums take is that of a month, however long the archive is.
    due = connection.execute("SELECT DISTINCT month FROM month_due ORDER BY month").fetchall()
    for (month,) in due:
        connection.execute(
            f"""
            INSERT INTO "{months.name}" BY NAME
            SELECT site, search_type, $month AS month, {grain}, sum(impressions)::BIGINT AS impressions,
                   sum(clicks)::BIGINT AS clicks, round(sum(sum_position), 6) AS sum_position
            FROM "{days}" SEMI JOIN (SELECT site, search_type FROM month_due WHERE month = $month)
                 USING (site, search_type)
            WHERE date >= $month AND date < $month + INTERVAL 1 MONTH
            GROUP BY ALL ORDER BY site, search_type, {grain}
            """,
            {"month": month},
        )
    names = ", ".join((*_PART, "rows", "fingerprint"))
    connection.execute(
        f"INSERT INTO search_month_state ({names}) SELECT {names} FROM month_now "
        "SEMI JOIN month_due USING (site, search_type, month)"
    )
    connection.execute("DROP TABLE month_due")


def _list_days(connection: Connection, days: str) -> None:
    """Those of months that do not list their very days: whatever version loaded these, an older one knows no list."""
    month = "date_trunc('month', date)::DATE"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE list_due AS
        SELECT site, search_type, month FROM month_now FULL JOIN (
            SELECT site, search_type, {month} AS month, bit_or(1::BIGINT << day(date)) AS listed
            FROM search_grain_days WHERE grain = $grain GROUP BY ALL) USING (site, search_type, month)
        WHERE days IS DISTINCT FROM listed
        """,
        {"grain": days},
    )
    connection.execute(
        f"DELETE FROM search_grain_days WHERE grain = $grain AND (site, search_type, {month}) IN (FROM list_due)",
        {"grain": days},
    )
    connection.execute(
        f"""
        INSERT INTO search_grain_days BY NAME
        SELECT DISTINCT $grain AS grain, site, search_type, date
        FROM (SELECT site, search_type, date, {month} AS month FROM "{days}")
             SEMI JOIN list_due USING (site, search_type, month)
        ORDER BY ALL
        """,
        {"grain": days},
    )
    connection.execute("DROP TABLE list_due")


def _list_queries(connection: Connection, days: str, months: Table) -> None:
    """Only what differs is written: the list is long and seldom another one."""
    listed = f"SELECT DISTINCT '{days}' AS grain, site, query FROM \"{months.name}\""
    known = f"SELECT grain, site, query FROM search_grain_queries WHERE grain = '{days}'"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE query_now AS {listed}")
    connection.execute(
        f"DELETE FROM search_grain_queries q WHERE grain = '{days}' AND NOT EXISTS "
        "(SELECT 1 FROM query_now n WHERE n.site = q.site AND n.query = q.query)"
    )
    connection.execute(
        f"INSERT INTO search_grain_queries BY NAME SELECT * FROM query_now EXCEPT {known} ORDER BY site, query"
    )
    connection.execute("DROP TABLE query_now")


def _listed(names: Collection[str]) -> str:
    """The columns beside property, search type and month, in the order of rows; another order is another state."""
    own = [name for name in names if name not in _PART]
    return ", ".join(f'"{name}"' for name in sorted(own, key=lambda name: name != "query"))
