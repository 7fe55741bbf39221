"""Google's Bulk Data Export (BigQuery) as files -> the same day tables as the API.

Two tables: ``searchdata_site_impression`` (byProperty) fills site, segment and query grains;
``searchdata_url_impression`` (byPage) fills page and page × query. Keys repeat and are summed. Anonymised
rows carry no query: they count in totals, so the hidden share stays visible. Positions are zero-based sums.
Source: https://support.google.com/webmasters/answer/12917991
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from etl.errors import LoadError
from etl.ledger import Run, utc_now
from etl.reports import counted
from etl.search_console.plan import SOURCE
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
TableKind = Literal["site", "url"]

_REQUIRED: dict[TableKind, frozenset[str]] = {
    "site": frozenset(
        {"data_date", "site_url", "query", "is_anonymized_query", "country", "search_type", "device",
         "impressions", "clicks", "sum_top_position"}
    ),
    "url": frozenset(
        {"data_date", "site_url", "url", "query", "is_anonymized_query", "country", "search_type", "device",
         "impressions", "clicks", "sum_position"}
    ),
}  # fmt: skip
_KEYS: dict[TableKind, tuple[tuple[Table, tuple[str, ...], bool], ...]] = {
    "site": (
        (SEARCH_SITE_DAY, (), False),
        (SEARCH_SEGMENT_DAY, ("country", "device"), False),
        (SEARCH_QUERY_DAY, ("query",), True),
    ),
    "url": ((SEARCH_PAGE_DAY, ("url",), False), (SEARCH_PAGE_QUERY_DAY, ("url", "query"), True)),
}


@dataclass(frozen=True, slots=True)
class BulkFile:
    """What a bulk export file holds."""

    kind: TableKind
    sites: tuple[str, ...]
    first: dt.date
    last: dt.date
    rows: int


def kind_of(columns: set[str]) -> TableKind | None:
    """Which of the two tables these columns are; None if neither."""
    for kind in ("url", "site"):
        if _REQUIRED[kind] <= columns:
            return kind
    return None


def open_file(connection: duckdb.DuckDBPyConnection, path: Path) -> BulkFile:
    """Make the file readable as view ``bulk`` and describe it; nothing is loaded yet.

    Raises:
        LoadError: not readable, not a bulk export, no rows, or rows that cannot be (negative counts,
            a day in the future of the file's own making is left to the caller).
    """
    reader = "read_parquet(?)" if path.suffix.lower() == ".parquet" else "read_csv(?, sample_size = -1)"
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE bulk_raw AS SELECT * FROM {reader}", [str(path)])
    except duckdb.Error as error:
        raise LoadError(f"{path.name} lässt sich nicht lesen: {str(error).splitlines()[0]}") from None
    columns = {row[0] for row in connection.execute("DESCRIBE bulk_raw").fetchall()}
    kind = kind_of(columns)
    if kind is None:
        raise LoadError(
            f"{path.name} ist kein Bulk-Export der Search Console: erwartet werden die Spalten von "
            "searchdata_site_impression oder searchdata_url_impression."
        )
    position = "sum_top_position" if kind == "site" else "sum_position"
    try:
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE bulk AS
            SELECT data_date::DATE AS date, site_url AS site, {"url," if kind == "url" else ""}
                   coalesce(query, '') AS query, is_anonymized_query::BOOLEAN AS anonymous,
                   lower(coalesce(country, '')) AS country, upper(coalesce(device, '')) AS device,
                   CASE upper(search_type) WHEN 'GOOGLE_NEWS' THEN 'googleNews'
                        ELSE lower(search_type) END AS search_type,
                   impressions::BIGINT AS impressions, clicks::BIGINT AS clicks,
                   {position}::DOUBLE AS sum_position
            FROM bulk_raw
            """
        )
    except duckdb.ConversionException as error:
        raise LoadError(f"{path.name} enthält unbrauchbare Werte: {str(error).splitlines()[0]}") from None
    rows, first, last, bad = connection.execute(
        """
        SELECT count(*), min(date), max(date),
               count(*) FILTER (impressions < 0 OR clicks < 0 OR sum_position < 0 OR date IS NULL OR site IS NULL
                                OR impressions IS NULL OR clicks IS NULL) FROM bulk
        """
    ).fetchall()[0]
    if not rows:
        raise LoadError(f"{path.name} enthält keine Zeilen.")
    if bad:
        raise LoadError(
            f"{path.name}: {counted(bad, 'Zeile', 'Zeilen')} mit fehlenden oder negativen Werten; nichts wurde geladen."
        )
    sites = tuple(
        row[0] for row in connection.execute("SELECT DISTINCT site FROM bulk ORDER BY 1").fetchall()
    )
    return BulkFile(kind, sites, first, last, rows)


def load_opened(
    connection: duckdb.DuckDBPyConnection, run: Run, file: BulkFile, normalise: Callable[[str], str]
) -> int:
    """Replace every day of the opened file in its grains; returns rows stored. Call it in a transaction.

    ``normalise`` is the same folding of URLs that the API rows get.
    """
    if file.kind == "url":
        _fold_urls(connection, normalise)
    return sum(
        _replace(connection, run, table, keys, listed_only) for table, keys, listed_only in _KEYS[file.kind]
    )


def _fold_urls(connection: duckdb.DuckDBPyConnection, normalise: Callable[[str], str]) -> None:
    urls = [row[0] for row in connection.execute("SELECT DISTINCT url FROM bulk").fetchall()]
    folded = pa.table(
        {"raw": pa.array(urls), "folded": pa.array([normalise(url) for url in urls], pa.string())}
    )
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


def _replace(
    connection: duckdb.DuckDBPyConnection, run: Run, table: Table, keys: tuple[str, ...], listed_only: bool
) -> int:
    """Whole days are replaced; anonymised rows are no listed queries."""
    staff = f" OR url = '{STAFF_PAGES}'" if "url" in keys else ""
    listed = f"WHERE NOT anonymous{staff}" if listed_only else ""
    columns = ", ".join(("site", "search_type", "date", *keys))
    days = "(site, search_type, date) IN (SELECT DISTINCT site, search_type, date FROM bulk)"
    connection.execute(f'DELETE FROM "{table.name}" WHERE {days}')
    connection.execute(
        f"""
        INSERT INTO "{table.name}" BY NAME
        SELECT {columns}, sum(impressions)::BIGINT AS impressions, sum(clicks)::BIGINT AS clicks,
               CASE WHEN search_type = 'discover' THEN NULL ELSE sum(sum_position) END
                   AS sum_position,
               '{ORIGIN}' AS origin
        FROM bulk {listed} GROUP BY {columns}
        """
    )
    connection.execute(
        f"DELETE FROM ingest_ledger WHERE source = '{SOURCE}' AND grain = ? AND {days}", [table.name]
    )
    connection.execute(
        f"""
        INSERT INTO ingest_ledger BY NAME
        WITH days AS (SELECT DISTINCT site, search_type, date FROM bulk),
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
