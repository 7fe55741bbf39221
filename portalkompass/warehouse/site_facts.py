"""What days each property has: read once from a snapshot, printed beside every figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What days a property has (search type web); ``data_date`` is its last final day."""

    site: str
    first_day: dt.date | None
    data_date: dt.date | None
    provisional_days: tuple[dt.date, ...]


def read_facts(connection: Connection) -> dict[str, SiteFacts]:
    """Facts by property: those with search days first, most clicks first, then by name."""
    rows = connection.execute(
        """
        WITH provisional AS (
          SELECT site, date FROM ingest_ledger
          WHERE grain = 'search_site_day' AND state = 'provisional' AND search_type = 'web'),
        days AS (
          SELECT s.site, min(s.date) AS first_day, sum(s.clicks) AS clicks,
                 max(s.date) FILTER (p.date IS NULL) AS data_date,
                 list(s.date ORDER BY s.date) FILTER (p.date IS NOT NULL) AS provisional_days
          FROM search_site_day s LEFT JOIN provisional p ON p.site = s.site AND p.date = s.date
          WHERE s.search_type = 'web' GROUP BY s.site)
        SELECT sites.site, first_day, data_date, provisional_days
        FROM sites LEFT JOIN days USING (site) ORDER BY clicks DESC NULLS LAST, sites.site
        """
    ).fetchall()
    return {row[0]: SiteFacts(row[0], row[1], row[2], tuple(row[3] or ())) for row in rows}
