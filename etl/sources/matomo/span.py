"""One span of days: fetched, turned into rows, stored; and what a round notes of its spans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from etl.reports import Rejection, counted, german_count
from etl.sources.matomo.client import Client
from etl.sources.matomo.fetch import DayReports, fetch_days
from etl.sources.matomo.page_reports import Aside, day_pages
from etl.sources.matomo.plan import Due
from etl.sources.matomo.store import DayRows, store
from etl.sources.matomo.website import Website
from etl.sources.pace import Pace
from etl.store.ledger import Outcome, Run
from portalkompass.settings import Settings

LISTED_SHARE = 0.99
"""Share of the day's page views that its page report must hold; views without an address are few."""


@dataclass
class Job:
    """All that a run needs, and what it has met so far."""

    client: Client
    settings: Settings
    website: Website
    pace: Pace
    name: Callable[[str], str | None]
    asked: set[dt.date] = field(default_factory=set)
    skipped: dict[dt.date, str] = field(default_factory=dict)
    unanswered: list[dt.date] = field(default_factory=list)
    short: list[dt.date] = field(default_factory=list)
    aside: Aside = field(default_factory=Aside)


@dataclass
class Tally:
    """What one round loaded."""

    days: list[dt.date] = field(default_factory=list)
    rows_in: int = 0
    rows: int = 0
    aside: Aside = field(default_factory=Aside)


def load_span(
    connection: duckdb.DuckDBPyConnection, job: Job, run: Run, span: tuple[Due, ...], tally: Tally
) -> None:
    """Fetch neighbouring days (newest first) and replace them in one transaction.

    Raises:
        Refused, Stopped: as the client; nothing of this span is stored then.
    """
    goals = tuple(job.website.goal_pages)
    reports = fetch_days(job.client, job.settings.matomo, goals, span[-1].day, span[0].day)
    state = {due.day: due.reason for due in span}
    aside = Aside()
    days = [_day_rows(job, report, state[report.day] == "provisional", aside) for report in reports]
    store(connection, run, days, job.settings.today)
    job.asked.update(state)
    job.unanswered += sorted(state.keys() - {day.day for day in days})
    job.short += [
        report.day for report in reports if _is_short(report) and state[report.day] != "provisional"
    ]
    for seen in (job.aside, tally.aside):
        seen.add(aside)
    tally.days += [day.day for day in days]
    tally.rows += sum(day.row_count for day in days)
    tally.rows_in += sum(len(report.pages) for report in reports)


def _day_rows(job: Job, report: DayReports, provisional: bool, aside: Aside) -> DayRows:
    pages = day_pages(
        report,
        site=job.website.site,
        name=job.name,
        service_hosts=job.settings.matomo.service_hosts,
        goal_pages=job.website.goal_pages,
        aside=aside,
    )
    return DayRows(report.day, provisional, report.visits, report.page_views, pages)


def _is_short(report: DayReports) -> bool:
    return sum(row.nb_hits for row in report.pages) < LISTED_SHARE * report.page_views


def rejections(aside: Aside) -> list[Rejection]:
    """What was kept aside, one entry per value and reason: rare pages would fill the table day by day."""
    return [
        Rejection(
            "", None, "label", value, f"{reason} {german_count(aside.views[value, reason])} Seitenaufrufe."
        )
        for value, reason in sorted(aside.rows)
    ]


def outcome(tally: Tally, stopped: str, requests: int) -> Outcome:
    """How the round ended; rows are those of the page reports: read = loaded + kept aside."""
    message = (
        f"{counted(len(tally.days), 'Tag', 'Tage')} geladen."
        if tally.days
        else "Alle Tage waren schon geladen."
    )
    rejected = tally.aside.rows.total()
    return Outcome(
        "partial" if stopped else "done",
        stopped or message,
        requests=requests,
        rows_in=tally.rows_in,
        rows_loaded=tally.rows_in - rejected,
        rows_rejected=rejected,
        first_date=min(tally.days, default=None),
        last_date=max(tally.days, default=None),
    )
