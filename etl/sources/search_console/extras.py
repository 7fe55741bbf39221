"""After the days of a run: search appearances, hours, sitemaps and index states of service pages, each on its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection
from msgspec.structs import asdict

from etl.files.hours import parse_hour
from etl.sources.retries import Refused
from etl.sources.search_console.fetch import fetch_table, query_body
from etl.sources.search_console.job import Job, Report
from etl.sources.search_console.plan import Plan
from etl.sources.search_console.store import keyed
from etl.store.dimensions import complete_dimensions
from etl.store.ledger import utc_now
from etl.store.load import append, replace_slice, rows_of, transaction, with_texts
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


def pull_extras(connection: Connection, job: Job, plan: Plan, report: Report) -> None:
    """Appearances, hours, sitemaps and index states; a refusal of one is a warning: the days are there."""
    console = job.settings.search_console
    _remember_spellings(connection, job)
    steps: list[Callable[[], None]] = []
    if console.appearances and plan.last_final:
        steps.append(partial(_pull_appearances, connection, job, plan, plan.last_final))
    if console.hourly and job.search_type not in _WITHOUT_HOURS:
        steps.append(partial(_pull_hours, connection, job))
    if job.search_type == console.search_types[0]:
        steps.append(partial(_pull_sitemaps, connection, job))
        steps.append(partial(_inspect_pages, connection, job))
    for step in steps:
        try:
            step()
        except Refused as refusal:
            if str(refusal) not in report.warnings:
                report.warnings.append(str(refusal))


def _remember_spellings(connection: Connection, job: Job) -> None:
    """Keep how Google spells each page: index checks need that spelling, facts need the normalised one."""
    rows = [{"url": url, "google_url": raw} for url, raw in job.spellings.items() if url != STAFF_PAGES]
    table = rows_of(PAGES, rows, site=job.site).select(["site", "url", "google_url"])
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


def _pull_appearances(connection: Connection, job: Job, plan: Plan, last: dt.date) -> None:
    """Clicks per search appearance and day.

    From the first final day of this run on, or from where an earlier run ended before it came to this step. The
    dimension cannot be combined with another one: first the names, then each as a filter with days.
    """
    days = [due.day for due in plan.due if due.state == "final" and due.totals]
    if not days:
        return
    newest = connection.execute(
        "SELECT max(date) FROM search_appearance_day WHERE site = ? AND search_type = ?",
        [job.site, job.search_type],
    ).fetchall()[0][0]
    oldest = job.settings.current_day() - dt.timedelta(days=job.settings.search_console.retention_days)
    first = min(*days, max(oldest, newest or oldest))
    names = query_body(job.search_type, first, last, ("searchAppearance",), "final")
    by_day = query_body(job.search_type, first, last, ("date",), "final")
    parts = []
    for name in fetch_table(job.client, job.site, names, ["appearance"])["appearance"].to_pylist():
        condition = {"dimension": "searchAppearance", "operator": "equals", "expression": name}
        body = {**by_day, "dimensionFilterGroups": [{"filters": [condition]}]}
        table = fetch_table(job.client, job.site, body, ["date"])
        table = table.set_column(0, "date", table["date"].cast(pa.date32()))
        parts.append(keyed(with_texts(table, appearance=name), job.site, job.search_type))
    with transaction(connection):
        connection.execute(
            "DELETE FROM search_appearance_day WHERE site = ? AND search_type = ? AND date BETWEEN ? AND ?",
            [job.site, job.search_type, first, last],
        )
        for rows in parts:
            append(connection, SEARCH_APPEARANCE_DAY, rows)


def _pull_hours(connection: Connection, job: Job) -> None:
    """Hours of the last ten days, replaced whole; earlier hours stay in the archive."""
    today = job.settings.current_day()
    first = today - HOURS_KEPT_BY_GOOGLE
    body = query_body(job.search_type, first, today, ("hour",), "hourly_all")
    table = fetch_table(job.client, job.site, body, ["hour"])
    try:
        hours = [parse_hour(text) for text in table["hour"].to_pylist()]
    except ValueError as error:
        raise Refused(
            f"Google nennt für „{job.site}“ eine Stunde, die sich nicht lesen lässt ({error}); Stunden wurden "
            "nicht geladen. Bitte search_console.hourly ausschalten und den Fall melden."
        ) from None
    table = table.set_column(0, "hour", pa.array([hour.local for hour in hours], pa.timestamp("us")))
    table = table.append_column("hour_utc", pa.array([hour.utc for hour in hours], pa.timestamp("us")))
    with transaction(connection):
        connection.execute(
            "DELETE FROM search_hour WHERE site = ? AND search_type = ? AND hour >= ?",
            [job.site, job.search_type, first],
        )
        append(connection, SEARCH_HOUR, keyed(table, job.site, job.search_type))


def _pull_sitemaps(connection: Connection, job: Job) -> None:
    """The property's sitemaps as Google sees them now."""
    site = job.site
    reply = job.client.send(site, lambda service: service.sitemaps().list(siteUrl=site), _read_sitemaps)
    rows = [
        asdict(sitemap)
        | {"urls_submitted": sum(int(part.get("submitted", "0")) for part in sitemap.contents)}
        for sitemap in reply.sitemap
    ]
    listed = rows_of(SITEMAPS, rows, site=site, checked_at=utc_now(job.settings.today))
    with transaction(connection):
        replace_slice(connection, SITEMAPS, {"site": site}, listed)


def _inspect_pages(connection: Connection, job: Job) -> None:
    """Index state of the service pages that were asked longest ago, within the day's limit."""
    # New pages need their kind before it is known which are service pages.
    complete_dimensions(connection, job.settings)
    due = _pages_to_inspect(connection, job.site, job.settings)
    states: list[tuple[str, _IndexStatus]] = []
    try:
        for number, (url, google_url) in enumerate(due, start=1):
            states.append((url, _index_state(job, google_url)))
            if job.progress:
                job.progress(f"{job.site} (Indexprüfung)", number, len(due))
    finally:
        # Also when Google refuses in the middle: what was answered is kept.
        _keep_inspections(connection, job, states)


def _index_state(job: Job, google_url: str) -> _IndexStatus:
    body = {"inspectionUrl": google_url, "siteUrl": job.site, "languageCode": "de"}
    reply = job.client.send(
        job.site, lambda service: service.urlInspection().index().inspect(body=body), _read_inspection
    )
    return reply.inspection_result.index_status_result


def _pages_to_inspect(connection: Connection, site: str, settings: Settings) -> list[tuple[str, str]]:
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


def _keep_inspections(connection: Connection, job: Job, states: Sequence[tuple[str, _IndexStatus]]) -> None:
    rows = [
        {"url": url} | {name: value or None for name, value in asdict(state).items()} for url, state in states
    ]
    checked = rows_of(URL_INSPECTION, rows, site=job.site, checked_at=utc_now(job.settings.today))
    with transaction(connection):
        connection.execute(
            "DELETE FROM url_inspection WHERE site = ? AND url IN (SELECT unnest(?::VARCHAR[]))",
            [job.site, [url for url, _ in states]],
        )
        append(connection, URL_INSPECTION, checked)
