"""How much of each month's clicks Google ties to no listed query."""

from __future__ import annotations

import datetime as dt

import duckdb

from etl.reports import german_count


def hidden_shares(connection: duckdb.DuckDBPyConnection, since: dt.date | None = None) -> tuple[str, ...]:
    """A sentence per property, search type and month with clicks, oldest first; from the month of ``since`` on.

    Only days whose queries were asked for and not cut by Google count: on others the share is unknown, not 100 %.
    """
    rows = connection.execute(
        """
        WITH asked AS (SELECT DISTINCT site, search_type, date FROM ingest_ledger
                       WHERE source = 'search_console' AND grain = 'search_query_day' AND state <> 'failed'
                         AND NOT coalesce(capped, false)),
        listed AS (SELECT site, search_type, date, sum(clicks) AS clicks FROM search_query_day GROUP BY ALL)
        SELECT site, search_type, date_trunc('month', date)::DATE AS month, sum(t.clicks)::BIGINT AS total,
               sum(t.clicks - coalesce(l.clicks, 0))::BIGINT AS hidden
        FROM search_site_day t SEMI JOIN asked USING (site, search_type, date)
        LEFT JOIN listed l USING (site, search_type, date)
        WHERE $1 IS NULL OR date >= date_trunc('month', $1::DATE)
        GROUP BY ALL HAVING total > 0 ORDER BY ALL
        """,
        [since],
    ).fetchall()
    return tuple(_sentence(*row) for row in rows)


def _sentence(site: str, search_type: str, month: dt.date, total: int, hidden: int) -> str:
    share = f"{100 * hidden / total:.1f}".replace(".", ",")
    kind = "" if search_type == "web" else f" ({search_type})"
    return (
        f"{site}{kind} {month:%m/%Y}: {share} % der Klicks ohne gelistete Suchanfrage "
        f"({german_count(hidden)} von {german_count(total)})."
    )
