"""One span of days: fetched, turned into rows, stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from etl.reports import Rejection, german_count
from etl.sources.matomo.client import Client
from etl.sources.matomo.describe import aside_warnings, short_warning, skipped_warnings, unanswered_warning
from etl.sources.matomo.fetch import DayReports, fetch_days
from etl.sources.matomo.page_reports import Aside, day_pages
from etl.sources.matomo.plan import Due
from etl.sources.matomo.store import DayRows, store
from etl.sources.matomo.website import Website
from etl.sources.pace import Pace
from etl.sources.rounds import Tally
from etl.store.ledger import Run
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

    def warnings(self) -> list[str]:
        """German sentences on all that was met and not loaded."""
        return [
            *skipped_warnings(self.skipped),
            *unanswered_warning(self.unanswered),
            *short_warning(self.short),
            *aside_warnings(self.aside),
        ]


def load_span(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    run: Run,
    span: tuple[Due, ...],
    tally: Tally,
    aside_in_round: Aside,
) -> None:
    """Fetch neighbouring days (newest first) and replace them in one transaction.

    ``aside_in_round`` counts the rows of all spans so far that are no page of the property.

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
    for seen in (job.aside, aside_in_round):
        seen.add(aside)
    tally.days += [day.day for day in days]
    tally.rows += sum(day.row_count for day in days)
    tally.rows_in += sum(len(report.pages) for report in reports)
    tally.rows_aside = aside_in_round.rows.total()
    tally.rejections = _rejections(aside_in_round)


def _day_rows(job: Job, report: DayReports, provisional: bool, aside: Aside) -> DayRows:
    pages = day_pages(report, job.website, job.name, job.settings.matomo.service_hosts, aside)
    return DayRows(report.day, provisional, report.visits, report.page_views, pages)


def _is_short(report: DayReports) -> bool:
    return sum(row.nb_hits for row in report.pages) < LISTED_SHARE * report.page_views


def _rejections(aside: Aside) -> list[Rejection]:
    """What was kept aside, one entry per value and reason: rare pages would fill the table day by day."""
    return [
        Rejection(
            "", None, "label", value, f"{reason} {german_count(aside.views[value, reason])} Seitenaufrufe."
        )
        for value, reason in sorted(aside.rows)
    ]
