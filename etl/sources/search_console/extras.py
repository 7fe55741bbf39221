"""Beside the day grains: search appearances, hours, sitemaps and the index state of service pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
from msgspec.structs import asdict

from etl.sources.search_console.client import Client
from etl.sources.search_console.fetch import fetch_table
from etl.sources.search_console.store import keyed
from etl.sources.tables import rows_of, with_texts
from etl.store.ledger import utc_now
from etl.store.load import append, replace_slice, transaction
from portalkompass.schema import (
    PAGES,
    SEARCH_APPEARANCE_DAY,
    SEARCH_HOUR,
    SITEMAPS,
    STAFF_PAGES,
    URL_INSPECTION,
)
from portalkompass.settings import Settings

HOURS_KEPT_BY_GOOGLE = dt.timedelta(days=10)
_WITHOUT_HOURS = frozenset({"discover", "googleNews"})


class _Sitemap(msgspec.Struct, rename="camel"):
    path: str
    last_submitted: dt.datetime | None = None
    last_downloaded: dt.datetime | None = None
    is_pending: bool = False
    warnings: int = 0
    errors: int = 0
    contents: list[dict[str, str]] = []


class _Sitemaps(msgspec.Struct):
    sitemap: list[_Sitemap] = []


class _IndexStatus(msgspec.Struct, rename="camel"):
    """Named as in ``url_inspection``."""

    verdict: str = ""
    coverage_state: str = ""
    indexing_state: str = ""
    robots_state: str = msgspec.field(default="", name="robotsTxtState")
    page_fetch_state: str = ""
    google_canonical: str = ""
    user_canonical: str = ""
    last_crawl: dt.datetime | None = msgspec.field(default=None, name="lastCrawlTime")


class _InspectionResult(msgspec.Struct, rename="camel"):
    index_status_result: _IndexStatus = msgspec.field(default_factory=_IndexStatus)


class _Inspection(msgspec.Struct, rename="camel"):
    inspection_result: _InspectionResult


_read_inspection = msgspec.json.Decoder(_Inspection).decode
_read_sitemaps = msgspec.json.Decoder(_Sitemaps, strict=False).decode
"""Google writes counts as text."""


def pull_appearances(
    connection: duckdb.DuckDBPyConnection,
    client: Client,
    site: str,
    search_type: str,
    first: dt.date,
    last: dt.date,
) -> int:
    """Clicks per search appearance and day, in two steps; returns rows stored.

    The dimension cannot be combined with another one: first the names, then each as a filter with days.
    """
    span = {
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
        "type": search_type,
        "dataState": "final",
    }
    listed = fetch_table(client, site, {**span, "dimensions": ["searchAppearance"]}, ["appearance"])
    parts = []
    for name in listed["appearance"].to_pylist():
        condition = {"dimension": "searchAppearance", "operator": "equals", "expression": name}
        table = fetch_table(
            client,
            site,
            {**span, "dimensions": ["date"], "dimensionFilterGroups": [{"filters": [condition]}]},
            ["date"],
        )
        table = table.set_column(0, "date", table["date"].cast(pa.date32()))
        parts.append(keyed(with_texts(table, appearance=name), site, search_type))
    with transaction(connection):
        connection.execute(
            "DELETE FROM search_appearance_day WHERE site = ? AND search_type = ? AND date BETWEEN ? AND ?",
            [site, search_type, first, last],
        )
        return sum(append(connection, SEARCH_APPEARANCE_DAY, rows) for rows in parts)


def pull_hours(
    connection: duckdb.DuckDBPyConnection, client: Client, site: str, search_type: str, today: dt.date
) -> int:
    """Hours of the last ten days, replaced whole; earlier hours stay in the archive. Returns rows stored."""
    if search_type in _WITHOUT_HOURS:
        return 0
    first = today - HOURS_KEPT_BY_GOOGLE
    table = fetch_table(
        client,
        site,
        {
            "startDate": first.isoformat(),
            "endDate": today.isoformat(),
            "type": search_type,
            "dataState": "hourly_all",
            "dimensions": ["hour"],
        },
        ["hour"],
    )
    # "2025-12-15T07:00:00-08:00": the wall clock of Google's day is kept, its offset is known to be Pacific.
    hours = [dt.datetime.fromisoformat(text).replace(tzinfo=None) for text in table["hour"].to_pylist()]
    table = table.set_column(0, "hour", pa.array(hours, pa.timestamp("us")))
    with transaction(connection):
        connection.execute(
            "DELETE FROM search_hour WHERE site = ? AND search_type = ? AND hour >= ?",
            [site, search_type, first],
        )
        return append(connection, SEARCH_HOUR, keyed(table, site, search_type))


def pull_sitemaps(
    connection: duckdb.DuckDBPyConnection, client: Client, site: str, today: dt.date | None
) -> int:
    """The property's sitemaps as Google sees them now; returns their number."""
    reply = client.send(site, lambda service: service.sitemaps().list(siteUrl=site), _read_sitemaps)
    rows = [
        asdict(sitemap)
        | {"urls_submitted": sum(int(part.get("submitted", "0")) for part in sitemap.contents)}
        for sitemap in reply.sitemap
    ]
    listed = rows_of(SITEMAPS, rows, site=site, checked_at=utc_now(today))
    with transaction(connection):
        return replace_slice(connection, SITEMAPS, {"site": site}, listed)


def inspect_pages(
    connection: duckdb.DuckDBPyConnection,
    client: Client,
    site: str,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Index state of the service pages that were asked longest ago, within the day's limit; returns their number."""
    due = _pages_to_inspect(connection, site, settings)
    states: list[tuple[str, _IndexStatus]] = []
    try:
        for number, (url, google_url) in enumerate(due, start=1):
            body = {"inspectionUrl": google_url, "siteUrl": site, "languageCode": "de"}
            reply = client.send(site, partial(_inspection_request, body), _read_inspection)
            states.append((url, reply.inspection_result.index_status_result))
            if progress:
                progress(number, len(due))
    finally:
        # Also when Google refuses in the middle: what was answered is kept.
        _keep_inspections(connection, site, states, settings.today)
    return len(states)


def remember_spellings(
    connection: duckdb.DuckDBPyConnection, site: str, spellings: Mapping[str, str]
) -> None:
    """Keep how Google spells each page: index checks need that spelling, facts need the normalised one."""
    rows = [{"url": url, "google_url": raw} for url, raw in spellings.items() if url != STAFF_PAGES]
    table = rows_of(PAGES, rows, site=site).select(["site", "url", "google_url"])
    connection.register("google_spellings", table)
    with transaction(connection):
        connection.execute(
            """
            UPDATE pages SET google_url = s.google_url FROM google_spellings s
            WHERE pages.site = s.site AND pages.url = s.url AND pages.google_url IS DISTINCT FROM s.google_url
            """
        )
        connection.execute(
            "INSERT INTO pages BY NAME SELECT * FROM google_spellings ANTI JOIN pages USING (site, url)"
        )
    connection.unregister("google_spellings")


def _inspection_request(body: Mapping[str, str], service: Any) -> Any:  # noqa: ANN401 Google's client is untyped
    return service.urlInspection().index().inspect(body=dict(body))


def _pages_to_inspect(
    connection: duckdb.DuckDBPyConnection, site: str, settings: Settings
) -> list[tuple[str, str]]:
    console = settings.search_console
    now = utc_now(settings.today)
    asked_today = connection.execute(
        "SELECT count(*) FROM url_inspection WHERE site = ? AND checked_at::DATE = ?", [site, now.date()]
    ).fetchall()[0][0]
    return connection.execute(
        """
        SELECT url, google_url FROM pages LEFT JOIN url_inspection USING (site, url)
        WHERE site = ? AND page_kind = 'Leistung' AND google_url IS NOT NULL
          AND (checked_at IS NULL OR checked_at < ?)
        ORDER BY checked_at NULLS FIRST, url LIMIT ?
        """,
        [
            site,
            now - dt.timedelta(days=console.inspection_interval_days),
            max(0, console.inspections_per_day - asked_today),
        ],
    ).fetchall()


def _keep_inspections(
    connection: duckdb.DuckDBPyConnection,
    site: str,
    states: Sequence[tuple[str, _IndexStatus]],
    today: dt.date | None,
) -> None:
    rows = [
        {"url": url} | {name: value or None for name, value in asdict(state).items()} for url, state in states
    ]
    urls = [url for url, _ in states]
    with transaction(connection):
        connection.execute(
            "DELETE FROM url_inspection WHERE site = ? AND url IN (SELECT unnest(?::VARCHAR[]))", [site, urls]
        )
        append(
            connection, URL_INSPECTION, rows_of(URL_INSPECTION, rows, site=site, checked_at=utc_now(today))
        )
