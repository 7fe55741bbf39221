"""A run: ask for the website, plan, fetch spans of days newest first, load whole days, publish.

Each round works on one draft and publishes it; a long back-fill takes several rounds, so that its newest
months can be seen while the rest is on its way.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from duckdb import DuckDBPyConnection as Connection

from etl.console import Step
from etl.errors import LoadError
from etl.reports import Rejection, german_count
from etl.sources.matomo.client import Client
from etl.sources.matomo.describe import (
    aside_warnings,
    short_warning,
    silent_warning,
    skipped_warnings,
    unanswered_warning,
)
from etl.sources.matomo.fetch import DayReports, fetch_days
from etl.sources.matomo.page_reports import Aside, day_pages, is_sum, page_namer
from etl.sources.matomo.plan import (
    SOURCE,
    Due,
    Plan,
    make_plan,
    read_ledger,
    read_occupied,
    searched_elsewhere,
)
from etl.sources.matomo.search_reports import day_searches
from etl.sources.matomo.store import DayRows, store, with_figures
from etl.sources.matomo.website import Website, find_website
from etl.sources.pace import Pace
from etl.sources.retries import Stopped
from etl.sources.rounds import Tally, play_round
from etl.sources.source import Day, PullReport
from etl.sources.waiting import Tell, teller
from etl.store.ledger import Run, start_run
from etl.store.publish import published_state
from portalkompass.settings import Settings
from portalkompass.warehouse import waiting

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
    since: Day
    until: Day
    progress: Step | None = None
    asked: set[dt.date] = field(default_factory=set)
    skipped: dict[dt.date, str] = field(default_factory=dict)
    unanswered: list[dt.date] = field(default_factory=list)
    short: list[dt.date] = field(default_factory=list)
    kept: set[dt.date] = field(default_factory=set)
    doubted: set[dt.date] = field(default_factory=set)
    aside: Aside = field(default_factory=Aside)
    searched_elsewhere: set[dt.date] = field(default_factory=set)
    """Days whose searches an imported file counts already."""

    def plan(self, connection: Connection) -> Plan:
        """What is left to fetch."""
        site, today, first_day = self.website.site, self.settings.current_day(), self.website.first_day
        return make_plan(
            site,
            read_ledger(connection, site),
            read_occupied(connection, site, first_day, today),
            first_day=first_day,
            today=today,
            rolling_days=self.settings.matomo.rolling_days,
            since=self.since,
            until=self.until,
            asked=self.asked,
        )

    def warnings(self) -> list[str]:
        """German sentences on all that was met and not loaded."""
        return [
            *skipped_warnings(self.skipped),
            *unanswered_warning(self.unanswered),
            *silent_warning(sorted(self.kept | (self.doubted & self.asked))),
            *short_warning(self.short),
            *aside_warnings(self.aside),
        ]


def plan_run(settings: Settings, since: Day = None, until: Day = None, progress: Step | None = None) -> Plan:
    """The plan, without fetching reports (`--dry-run`); errors as `Source.describe`."""
    job = _job(settings, since, until, teller(None, progress))
    with published_state(settings) as connection:
        return job.plan(connection)


def pull_matomo(
    settings: Settings, *, since: Day = None, until: Day = None, progress: Step | None = None
) -> PullReport:
    """Bring the figures of the configured website up to date; errors as `Source.pull`."""
    job = _job(settings, since, until, teller(settings, progress), progress)
    report = PullReport()
    try:
        while _round(job, report):
            pass
    finally:
        waiting.over(settings.warehouse_dir)
    report.requests = job.pace.requests
    report.warnings = job.warnings()
    return report


def _job(settings: Settings, since: Day, until: Day, tell: Tell, progress: Step | None = None) -> Job:
    pace = Pace(settings.matomo.requests_per_second, tell)
    client = Client(settings.matomo, pace)
    # Asked before the draft is opened: a refusal must not even copy the warehouse.
    try:
        website = find_website(client, settings)
    except Stopped as stop:
        raise LoadError(str(stop)) from None
    name = page_namer(website.site, settings.page_kinds)
    return Job(client, settings, website, pace, name, since, until, progress)


def _round(job: Job, report: PullReport) -> bool:
    """One draft from plan to publication; True if the plan needs another round."""
    run = start_run(SOURCE, site=job.website.site)
    tally = Tally(idle_message="Alle Tage waren schon geladen.")
    with play_round(job.settings, run, job.pace, tally) as connection:
        plan = job.plan(connection)
        job.searched_elsewhere = searched_elsewhere(
            connection, job.website.site, [due.day for due in plan.due]
        )
        job.skipped.update(plan.skipped)
        unfinished = _work_off(connection, job, run, plan, tally)
    report.days += len(tally.days)
    report.rows += tally.rows
    return unfinished


def _work_off(connection: Connection, job: Job, run: Run, plan: Plan, tally: Tally) -> bool:
    """Fetch and load the plan span by span; True if time ran out before its end."""
    matomo = job.settings.matomo
    deadline = time.monotonic() + matomo.publish_every_seconds
    aside = Aside()
    done = 0
    for span in plan.spans(matomo.days_per_request):
        if done and time.monotonic() >= deadline:
            return True
        _load_span(connection, job, run, span, tally, aside)
        done += len(span)
        if job.progress:
            job.progress(f"Matomo ({job.website.site})", done, len(plan.due))
    return False


def _load_span(
    connection: Connection, job: Job, run: Run, span: tuple[Due, ...], tally: Tally, aside_in_round: Aside
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
    # What was counted once is no zero because Matomo says nothing about it today.
    kept = with_figures(connection, run.site, [report.day for report in reports if report.silent])
    days = [
        _day_rows(job, report, state[report.day] == "provisional", aside)
        for report in reports
        if report.day not in kept
    ]
    window = job.settings.current_day() - dt.timedelta(days=job.settings.matomo.rolling_days)
    doubted = store(connection, run, days, window, job.settings.today)
    job.asked.update(state)
    job.unanswered += sorted(state.keys() - {report.day for report in reports})
    job.kept |= kept
    job.doubted = set(doubted)
    for report in reports:
        listed = sum(row.nb_hits for row in report.pages if not is_sum(row))
        if listed < LISTED_SHARE * report.page_views and state[report.day] != "provisional":
            job.short.append(report.day)
    for seen in (job.aside, aside_in_round):
        seen.add(aside)
    tally.idle_message = "Matomo hat keinen Tag beantwortet."
    tally.days += [day.day for day in days if day.day not in job.doubted]
    tally.rows += sum(day.row_count for day in days)
    tally.rows_in += sum(len(report.pages) for report in reports)
    tally.rows_aside = aside_in_round.rows.total()
    tally.rejections = _rejections(aside_in_round)


def _day_rows(job: Job, report: DayReports, provisional: bool, aside: Aside) -> DayRows:
    pages = day_pages(report, job.website, job.name, job.settings.matomo.service_hosts, aside)
    searches = {} if report.day in job.searched_elsewhere else day_searches(report)
    return DayRows(report.day, provisional, report.visits, report.page_views, pages, report.silent, searches)


def _rejections(aside: Aside) -> list[Rejection]:
    """What was kept aside, one entry per value and reason: rare pages would fill the table day by day."""
    return [
        Rejection(
            "", None, "label", value, f"{reason} {german_count(aside.views[value, reason])} Seitenaufrufe."
        )
        for value, reason in sorted(aside.rows)
    ]
