"""Addresses that were stored under an older rule of spelling: brought to today's before the next load adds to them.

Without it one page would be two: its past under ``…//x/index.html``, its future under ``…/x``. What meets under one
address is summed, as a load does. It happens once per rule; a mark in ``warehouse_info`` says which one holds.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from etl.store.load import transaction
from portalkompass.schema import (
    PORTAL_PAGE,
    SEARCH_PAGE_DAY,
    SEARCH_PAGE_DEVICE_DAY,
    SEARCH_PAGE_QUERY_DAY,
    Table,
)
from portalkompass.urls import RULES, normalise

_MARK = "url_rules"
_SUMMED = (SEARCH_PAGE_DAY, SEARCH_PAGE_QUERY_DAY, SEARCH_PAGE_DEVICE_DAY, PORTAL_PAGE)
_NAMED = (*(table.name for table in _SUMMED), "pages", "url_inspection")


def respell(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring all stored addresses to the one spelling; how many changed. All of it or nothing."""
    with transaction(connection):
        held = connection.execute("SELECT value FROM warehouse_info WHERE name = ?", [_MARK]).fetchone()
        if held == (str(RULES),):
            return 0
        union = " UNION ".join(f'SELECT url FROM "{name}"' for name in _NAMED)
        urls = [row[0] for row in connection.execute(union).fetchall()]
        clean = {url: spelled for url in urls if (spelled := normalise(url)) != url}
        if clean:
            _replace(connection, clean)
        connection.execute("DELETE FROM warehouse_info WHERE name = ?", [_MARK])
        connection.execute("INSERT INTO warehouse_info VALUES (?, ?)", [_MARK, str(RULES)])
        return len(clean)


def _replace(connection: duckdb.DuckDBPyConnection, clean: dict[str, str]) -> None:
    spellings = pa.table({"url": list(clean), "clean": list(clean.values())})
    connection.register("new_spellings", spellings)
    connection.execute("CREATE OR REPLACE TEMP TABLE respelled AS SELECT * FROM new_spellings")
    connection.unregister("new_spellings")
    for table in _SUMMED:
        _take_out(connection, table.name)
        _put_back_summed(connection, table)
        if "search_type" in table.names:
            _count_anew(connection, table.name)
    _take_out(connection, "url_inspection")
    connection.execute(
        """
        INSERT INTO url_inspection BY NAME SELECT * FROM met
        QUALIFY row_number() OVER (PARTITION BY site, url ORDER BY checked_at DESC NULLS LAST) = 1
        """
    )
    _take_out(connection, "pages")
    # Kinds, and titles that were read off the address, are worked out anew before publication.
    connection.execute(
        """
        INSERT INTO pages BY NAME
        SELECT site, url, max(google_url) AS google_url,
               max_by(title, title_source) FILTER (title_source <> 'url') AS title,
               max(title_source) FILTER (title_source <> 'url') AS title_source
        FROM met GROUP BY site, url
        """
    )
    connection.execute("DROP TABLE met")
    connection.execute("DROP TABLE respelled")


def _take_out(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """met: the rows of all addresses that change or are met, under their new address; the table lacks them then."""
    touched = "url IN (SELECT url FROM respelled UNION SELECT clean FROM respelled)"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE met AS
        SELECT t.* REPLACE (coalesce(r.clean, t.url) AS url)
        FROM (SELECT * FROM "{name}" WHERE {touched}) t LEFT JOIN respelled r ON t.url = r.url
        """
    )
    connection.execute(f'DELETE FROM "{name}" WHERE {touched}')


def _put_back_summed(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Counts and weighted positions are summed (missing only where all are); texts are those of one row."""
    others = ", ".join(
        f'{"sum" if column.type in ("BIGINT", "DOUBLE") else "max"}("{column.name}") AS "{column.name}"'
        for column in table.columns
        if not column.key
    )
    keys = ", ".join(f'"{name}"' for name in table.key)
    connection.execute(
        f'INSERT INTO "{table.name}" BY NAME SELECT {keys}, {others} FROM met GROUP BY {keys} ORDER BY {keys}'
    )


def _count_anew(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Two rows that became one are one in the ledger, too."""
    connection.execute(
        f"""
        UPDATE ingest_ledger l SET rows = f.rows
        FROM (SELECT site, search_type, date, count(*) AS rows FROM "{name}"
              WHERE (site, search_type, date) IN (SELECT DISTINCT (site, search_type, date) FROM met)
              GROUP BY site, search_type, date) f
        WHERE l.grain = $1 AND l.site = f.site AND l.search_type = f.search_type AND l.date = f.date
              AND l.rows <> f.rows
        """,
        [name],
    )
