"""Dimensions that follow from the facts: calendar, sites and pages. Completed before each publication."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa

from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import Settings
from portalkompass.urls import host_of, page_kind, path_of

_FACTS_WITH_URL = ("search_page_day", "search_page_query_day", "portal_page", "url_inspection")
_FACTS_WITH_DATE = (("search_site_day", "date"), ("portal_site_day", "date"), ("portal_page", "period_start"))


def complete_dimensions(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Bring calendar, sites and pages in step with the facts, in one transaction."""
    connection.begin()
    _calendar(connection, settings)
    _sites(connection, settings)
    _pages(connection, settings)
    connection.commit()


def _calendar(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    firsts = [
        connection.execute(f"SELECT min({column}) FROM {table}").fetchone()
        for table, column in _FACTS_WITH_DATE
    ]
    today = settings.current_day()
    first = min((row[0] for row in firsts if row and row[0]), default=today)
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


def _sites(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    connection.execute(
        """
        INSERT INTO sites BY NAME
        SELECT DISTINCT site, ? AS municipality FROM (
            SELECT site FROM search_site_day UNION SELECT site FROM portal_page
            UNION SELECT site FROM portal_site_day UNION SELECT site FROM search_window)
        WHERE site NOT IN (SELECT site FROM sites)
        """,
        [settings.city.municipality],
    )


def _pages(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Every URL of any fact gets a row; kinds are judged anew so that a changed pattern takes effect."""
    union = " UNION ".join(f"SELECT site, url FROM {table}" for table in _FACTS_WITH_URL)
    known = connection.execute(
        f"""
        SELECT f.site, f.url, p.title, p.title_source, p.google_url
        FROM ({union}) f LEFT JOIN pages p USING (site, url) ORDER BY ALL
        """
    ).fetchall()
    rows: list[tuple[str | None, ...]] = []
    for site, url, title, source, google_url in known:
        if url == STAFF_PAGES:
            rows.append((site, url, "Mitarbeiterseiten (zusammengefasst)", "url", "Mitarbeiter", None, None))
            continue
        derived = source in (None, "url")
        rows.append(
            (
                site,
                url,
                title_from_url(url) if derived else title,
                "url" if derived else source,
                page_kind(path_of(url), settings.page_kinds),
                host_of(url),
                google_url,
            )
        )
    names = ("site", "url", "title", "title_source", "page_kind", "host", "google_url")
    table = pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})
    connection.execute("DELETE FROM pages")
    connection.register("completed_pages", table)
    connection.execute("INSERT INTO pages BY NAME SELECT * FROM completed_pages")
    connection.unregister("completed_pages")


def title_from_url(url: str) -> str:
    """A readable stand-in for a missing title: the last speaking part of the path.

    ``…/leistung/hund-anmelden`` → ``Hund anmelden``; umlauts are left as the path spells them.
    """
    path = unquote(urlsplit(url).path).strip("/")
    parts = [part for part in path.split("/") if part and not part.isdigit() and part not in {"show", "-"}]
    if not parts:
        return "Startseite"
    words = re.sub(r"\.\w{2,5}$", "", parts[-1]).replace("-", " ").replace("_", " ").strip()
    return (words[:1].upper() + words[1:]) if words else path
