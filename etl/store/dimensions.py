"""Dimensions that follow from the facts: calendar, sites and pages. Completed before each publication."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from portalkompass.schema import PAGES, STAFF_PAGES
from portalkompass.settings import Settings
from portalkompass.urls import host_of, page_kind, path_of

_FACTS_WITH_URL = ("search_page_day", "search_page_query_day", "portal_page", "url_inspection")
_PATTERNS = "page_kinds"
_RULES = 1
"""To be raised when titles or kinds of known pages are to be worked out anew."""
_ENDING = re.compile(r"\.\w{2,5}$")
_FACTS_WITH_DATE = (("search_site_day", "date"), ("portal_site_day", "date"), ("portal_page", "period_start"))


def complete_dimensions(connection: Connection, settings: Settings) -> None:
    """Bring calendar, sites and pages in step with the facts, in one transaction."""
    connection.begin()
    _calendar(connection, settings)
    _sites(connection, settings)
    _pages(connection, settings)
    connection.commit()


def _calendar(connection: Connection, settings: Settings) -> None:
    firsts = " UNION ALL ".join(
        f"SELECT min({column}) AS day FROM {table}" for table, column in _FACTS_WITH_DATE
    )
    today = settings.current_day()
    first = connection.execute(f"SELECT coalesce(min(day), ?) FROM ({firsts})", [today]).fetchall()[0][0]
    # One year earlier than the data, so that last year's weeks exist for comparisons.
    begin, end = dt.date(first.year - 1, 1, 1), dt.date(today.year + 1, 12, 31)
    connection.execute("DELETE FROM calendar")
    connection.execute(
        """
        INSERT INTO calendar BY NAME
        SELECT day::DATE AS date, date_trunc('week', day)::DATE AS iso_week_start,
               date_trunc('month', day)::DATE AS month, isodow(day) AS weekday
        FROM range(?::TIMESTAMP, ?::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY) AS days(day)
        """,
        [begin, end],
    )


def _sites(connection: Connection, settings: Settings) -> None:
    connection.execute(
        """
        INSERT INTO sites BY NAME
        SELECT DISTINCT site, ? AS municipality FROM (
            SELECT site FROM search_site_day UNION SELECT site FROM portal_page
            UNION SELECT site FROM ingest_ledger WHERE source = 'search_console' AND site <> '' AND rows > 0
            UNION SELECT site FROM portal_site_day UNION SELECT site FROM search_window
            UNION SELECT site FROM search_ai UNION SELECT site FROM portal_search)
        WHERE site NOT IN (SELECT site FROM sites)
        """,
        [settings.city.municipality],
    )
    # Asked first: an update that changes nothing would still write every row anew.
    stored = dict(connection.execute("SELECT site, municipality FROM sites").fetchall())
    for municipality in settings.municipalities:
        for site in municipality.sites:
            if site in stored and stored[site] != municipality.key:
                connection.execute(
                    "UPDATE sites SET municipality = ? WHERE site = ?", [municipality.key, site]
                )


def _pages(connection: Connection, settings: Settings) -> None:
    """Every URL of any fact gets a row, others go; titles without a source are derived from the address.

    Kinds are judged for new URLs only, and for all when the patterns of the settings have changed.
    """
    union = " UNION ".join(f"SELECT site, url FROM {table}" for table in _FACTS_WITH_URL)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE named_pages AS {union}")
    connection.execute("DELETE FROM pages WHERE (site, url) NOT IN (SELECT (site, url) FROM named_pages)")
    fingerprint = _fingerprint(settings)
    judged_by = connection.execute("SELECT value FROM warehouse_info WHERE name = ?", [_PATTERNS]).fetchone()
    if judged_by != (fingerprint,):
        connection.execute("UPDATE pages SET page_kind = NULL")
        connection.execute("DELETE FROM warehouse_info WHERE name = ?", [_PATTERNS])
        connection.execute("INSERT INTO warehouse_info VALUES (?, ?)", [_PATTERNS, fingerprint])
    unfinished = connection.execute(
        """
        SELECT site, url, title, title_source, google_url FROM named_pages LEFT JOIN pages USING (site, url)
        WHERE page_kind IS NULL OR title_source IS NULL OR (host IS NULL AND url <> ?) ORDER BY ALL
        """,
        [STAFF_PAGES],
    ).fetchall()
    if unfinished:
        _complete(connection, [_row(page, settings) for page in unfinished])
    connection.execute("DROP TABLE named_pages")


def _complete(connection: Connection, rows: list[dict[str, str | None]]) -> None:
    schema = pa.schema([(name, pa.string()) for name in PAGES.names])
    connection.register("completed_pages", pa.Table.from_pylist(rows, schema))
    connection.execute("DELETE FROM pages WHERE (site, url) IN (SELECT (site, url) FROM completed_pages)")
    connection.execute("INSERT INTO pages BY NAME SELECT * FROM completed_pages")
    connection.unregister("completed_pages")


def _row(page: tuple[Any, ...], settings: Settings) -> dict[str, str | None]:
    site, url, title, source, google_url = page
    row = {"site": site, "url": url, "title_source": source or "url"}
    if url == STAFF_PAGES:
        title = "Mitarbeiterseiten (zusammengefasst)"
        return row | {"title": title, "title_source": "url", "page_kind": "Mitarbeiter"}
    # Stored addresses are normalised already, so one look at the parts is enough.
    parts = urlsplit(url) if url.startswith("https://") else None
    path = (unquote(parts.path).rstrip("/") or "/") if parts else path_of(url)
    return row | {
        "title": title_from_path(path) if row["title_source"] == "url" else title,
        "page_kind": page_kind(path, settings.page_kinds),
        "host": parts.netloc if parts else host_of(url),
        "google_url": google_url,
    }


def _fingerprint(settings: Settings) -> str:
    """Tells whether patterns, or the rules behind them, are those the pages were judged by."""
    patterns = [(kind.kind, kind.pattern) for kind in settings.page_kinds]
    return hashlib.sha256(repr((_RULES, patterns)).encode()).hexdigest()[:16]


def title_from_path(path: str) -> str:
    """A readable stand-in for a missing title: the last speaking part of the path, percent encoding undone.

    ``…/leistung/hund-anmelden`` → ``Hund anmelden``; umlauts are left as the path spells them.
    """
    stripped = path.strip("/")
    parts = [
        part for part in stripped.split("/") if part and not part.isdigit() and part not in {"show", "-"}
    ]
    if not parts:
        return "Startseite"
    words = _ENDING.sub("", parts[-1]).replace("-", " ").replace("_", " ").strip()
    return (words[:1].upper() + words[1:]) if words else stripped
