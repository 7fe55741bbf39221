"""A small website in Matomo: few rows a day, every expected table computed from them by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from portalkompass.settings import Matomo, Settings
from portalkompass.warehouse.snapshots import published
from tests.matomo_server.matomo_reports import Action, MatomoWebsite, WebsiteDay
from tests.matomo_server.matomo_server import (
    TOKEN,
    MatomoFaultPlan,
    MatomoStandIn,
    no_matomo_fault,
    serve_matomo,
)

HOST = "https://portal.stadt.example"
SITE = "sc-domain:stadt.example"
TODAY = dt.date(2025, 3, 20)
FIRST = dt.date(2025, 3, 9)

PageRow = tuple[dt.date, str, int | None, int | None, int | None, int | None]


def page(path: str, visits: int, hits: int) -> Action:
    return Action(path, f"{HOST}{path}", visits, hits)


def days_from(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def usual_day(number: int) -> WebsiteDay:
    """Three pages; the figures grow with the number, so that no two days are alike."""
    pages = (
        page("/", 20 + number, 30 + number),
        page("/leistung/hund-anmelden", 5 + number, 9 + number),
        page("/leistung/führerschein", 2, 3),
    )
    return WebsiteDay(visits=22 + number, page_views=sum(p.hits for p in pages), pages=pages)


def small_website(first: dt.date = FIRST, last: dt.date = TODAY) -> MatomoWebsite:
    days = {day: usual_day(number) for number, day in enumerate(days_from(first, last))}
    return MatomoWebsite(days=days, created=f"{first.isoformat()} 08:15:00")


def with_day(website: MatomoWebsite, day: dt.date, figures: WebsiteDay) -> MatomoWebsite:
    return replace(website, days={**website.days, day: figures})


def usual_pages(website: MatomoWebsite, last: dt.date = TODAY) -> list[PageRow]:
    """The rows of portal_page for a website of usual days."""
    normal = {
        f"{HOST}/": f"{HOST}/",
        f"{HOST}/leistung/hund-anmelden": f"{HOST}/leistung/hund-anmelden",
        f"{HOST}/leistung/führerschein": f"{HOST}/leistung/f%C3%BChrerschein",
    }
    return sorted(
        (day, normal[p.url], p.visits, p.hits, None, None)
        for day, figures in website.days.items()
        if day <= last
        for p in figures.pages
    )


def usual_site_days(website: MatomoWebsite, last: dt.date = TODAY) -> list[tuple[dt.date, int, int]]:
    return sorted((d, f.visits, f.page_views) for d, f in website.days.items() if d <= last and f.visits)


@contextmanager
def matomo(
    website: MatomoWebsite,
    tmp_path: Path,
    *,
    faults: MatomoFaultPlan = no_matomo_fault,
    token: str = TOKEN,
    **changes: object,
) -> Iterator[tuple[MatomoStandIn, Settings]]:
    """A running stand-in and live settings that point to it; ``changes`` are keys of [matomo]."""
    token_file = tmp_path / "matomo-token.txt"
    token_file.write_text(f"{token}\n", encoding="utf-8")
    with serve_matomo(website, faults) as server:
        keys = {
            "url": server.url,
            "site_id": 3,
            "token_file": str(token_file),
            "property": SITE,
            "requests_per_second": 10_000,
            "backoff_seconds": 0,
            "timeout_seconds": 5,
            "max_attempts": 4,
        }
        yield (
            server,
            Settings(
                data_dir=tmp_path / "data",
                writer_wait_seconds=0,
                today=TODAY,
                matomo=Matomo.model_validate(keys | changes),
            ),
        )


def changed(settings: Settings, **changes: object) -> Settings:
    """The same settings with other keys of [matomo]."""
    return settings.model_copy(update={"matomo": settings.matomo.model_copy(update=changes)})


def on(settings: Settings, today: dt.date) -> Settings:
    return settings.model_copy(update={"today": today})


def rows_of(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    """Rows of the published snapshot; none before the first load."""
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return []
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def loaded_pages(settings: Settings) -> list[tuple[object, ...]]:
    return rows_of(
        settings,
        "SELECT period_start, url, unique_page_views, page_views, service_starts, applications "
        "FROM portal_page WHERE source = 'matomo' AND period_start = period_end ORDER BY ALL",
    )


def loaded_site_days(settings: Settings) -> list[tuple[object, ...]]:
    return rows_of(
        settings,
        "SELECT date, visits, page_views FROM portal_site_day WHERE source = 'matomo' ORDER BY ALL",
    )


def ledger(settings: Settings) -> dict[object, set[object]]:
    """States per day over both grains."""
    states: dict[object, set[object]] = {}
    for day, state in rows_of(settings, "SELECT date, state FROM ingest_ledger WHERE source = 'matomo'"):
        states.setdefault(day, set()).add(state)
    return states


def asked_days(server: MatomoStandIn) -> list[str]:
    """Spans asked of the visit summary, in order."""
    return [request.form["date"] for request in server.asked("VisitsSummary.get")]
