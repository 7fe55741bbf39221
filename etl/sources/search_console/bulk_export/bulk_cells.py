"""Google's Bulk Data Export (BigQuery) as files -> the same day tables as the API.

Two tables: ``searchdata_site_impression`` (byProperty) fills site, segment and query grains;
``searchdata_url_impression`` (byPage) fills page and page × query. Keys repeat and are summed. Anonymised
rows carry no query: they count in totals, so the hidden share stays visible. Positions are zero-based sums.
Source: https://support.google.com/webmasters/answer/12917991
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.sources.search_console.bulk_export.bulk_files import BulkFile, TableKind
from etl.sources.search_console.grains import SOURCE, WITHOUT_QUERIES
from etl.store.ledger import Run, utc_now
from portalkompass.schema import (
    SEARCH_PAGE_DAY,
    SEARCH_PAGE_QUERY_DAY,
    SEARCH_QUERY_DAY,
    SEARCH_SEGMENT_DAY,
    SEARCH_SITE_DAY,
    STAFF_PAGES,
    Table,
)

ORIGIN = "bulk_export"

_KEYS: dict[TableKind, tuple[tuple[Table, tuple[str, ...], bool], ...]] = {
    "site": (
        (SEARCH_SITE_DAY, (), False),
        (SEARCH_SEGMENT_DAY, ("country", "device"), False),
        (SEARCH_QUERY_DAY, ("query",), True),
    ),
    "url": ((SEARCH_PAGE_DAY, ("url",), False), (SEARCH_PAGE_QUERY_DAY, ("url", "query"), True)),
}


def replaced_days(connection: Connection, file: BulkFile) -> int:
    """Days of the opened files that an earlier bulk export has filled."""
    return int(
        connection.execute(
            """
            SELECT count(*) FROM (SELECT DISTINCT site, search_type, date FROM bulk)
            SEMI JOIN (SELECT * FROM ingest_ledger WHERE origin = ? AND grain = ?) USING (site, search_type, date)
            """,
            [ORIGIN, _KEYS[file.kind][0][0].name],
        ).fetchall()[0][0]
    )


def load_opened(connection: Connection, run: Run, file: BulkFile, normalise: Callable[[str], str]) -> int:
    """Replace every day of the opened files in its grains; returns rows stored. Call it in a transaction.

    ``normalise`` is the same folding of URLs that the API rows get.
    """
    if file.kind == "url":
        _fold_urls(connection, normalise)
    return sum(
        _replace(connection, run, table, keys, listed_only) for table, keys, listed_only in _KEYS[file.kind]
    )


def _fold_urls(connection: Connection, normalise: Callable[[str], str]) -> None:
    urls = [row[0] for row in connection.execute("SELECT DISTINCT url FROM bulk").fetchall()]
    spelled = [normalise(url) if url else "" for url in urls]
    folded = pa.table({"raw": pa.array(urls, pa.string()), "folded": pa.array(spelled, pa.string())})
    connection.register("folded_urls", folded)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE bulk AS
        SELECT b.* REPLACE (f.folded AS url, CASE WHEN f.folded = ? THEN '' ELSE b.query END AS query)
        FROM bulk b JOIN folded_urls f ON b.url = f.raw
        """,
        [STAFF_PAGES],
    )
    connection.unregister("folded_urls")


def _replace(connection: Connection, run: Run, table: Table, keys: tuple[str, ...], listed_only: bool) -> int:
    """Whole days are replaced; anonymised rows are no listed queries, and Discover has none at all."""
    staff = f" OR url = '{STAFF_PAGES}'" if "url" in keys else ""
    listed = f"AND (NOT anonymous{staff})" if listed_only else ""
    # An anonymised Discover row names no page: it counts in the property's totals only.
    listed += " AND url <> ''" if "url" in keys else ""
    without = ", ".join(f"'{name}'" for name in sorted(WITHOUT_QUERIES)) if listed_only else "''"
    asked = f"(SELECT * FROM bulk WHERE search_type NOT IN ({without}))"
    columns = ", ".join(("site", "search_type", "date", *keys))
    days = f"(site, search_type, date) IN (SELECT DISTINCT site, search_type, date FROM {asked})"
    connection.execute(f'DELETE FROM "{table.name}" WHERE {days}')
    connection.execute(
        f"""
        INSERT INTO "{table.name}" BY NAME
        SELECT {columns}, sum(impressions)::BIGINT AS impressions, sum(clicks)::BIGINT AS clicks,
               CASE WHEN search_type = 'discover' THEN NULL ELSE sum(sum_position) END
                   AS sum_position,
               '{ORIGIN}' AS origin
        FROM {asked} WHERE true {listed} GROUP BY {columns}
        """
    )
    connection.execute(
        f"DELETE FROM ingest_ledger WHERE source = '{SOURCE}' AND grain = ? AND {days}", [table.name]
    )
    connection.execute(
        f"""
        INSERT INTO ingest_ledger BY NAME
        WITH days AS (SELECT DISTINCT site, search_type, date FROM {asked}),
        facts AS (SELECT site, search_type, date, count(*) AS rows, sum(clicks)::BIGINT AS clicks,
                         sum(impressions)::BIGINT AS impressions FROM "{table.name}" GROUP BY ALL)
        SELECT '{SOURCE}' AS source, site, search_type, ? AS grain, date,
               CASE WHEN rows > 0 THEN 'final' ELSE 'empty' END AS state, coalesce(rows, 0) AS rows,
               clicks, impressions, false AS capped, '{ORIGIN}' AS origin, ?::TIMESTAMP AS fetched_at, ? AS run_id
        FROM days LEFT JOIN facts USING (site, search_type, date)
        """,
        [table.name, utc_now(), run.run_id],
    )
    return int(connection.execute(f'SELECT count(*) FROM "{table.name}" WHERE {days}').fetchall()[0][0])
