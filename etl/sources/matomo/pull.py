"""A run: ask for the website, plan, fetch spans of days newest first, load whole days, publish.

Each round works on one draft and publishes it; a long back-fill takes several rounds, so that its newest
months can be seen while the rest is on its way.
"""

from __future__ import annotations

import datetime as dt
import time

import duckdb

from etl.console import Step
from etl.errors import LoadError
from etl.sources.matomo.client import Client
from etl.sources.matomo.page_reports import Aside, page_namer
from etl.sources.matomo.plan import SOURCE, Plan, make_plan, read_ledger, read_occupied
from etl.sources.matomo.span import Job, load_span
from etl.sources.matomo.website import find_website
from etl.sources.pace import Pace
from etl.sources.published_state import published_state
from etl.sources.retries import Stopped
from etl.sources.rounds import Tally, play_round
from etl.sources.source import PullReport
from etl.store.ledger import Run, start_run
from portalkompass.settings import Settings


def plan_run(settings: Settings, since: dt.date | None = None, until: dt.date | None = None) -> Plan:
    """The plan, without fetching reports (`--dry-run`).

    Raises:
        LoadError: not configured, refused or not reachable.
    """
    job = _job(settings)
    with published_state(settings) as connection:
        return _plan(connection, job, since, until)


def pull_matomo(
    settings: Settings,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    progress: Step | None = None,
) -> PullReport:
    """Bring the figures of the configured website up to date.

    Raises:
        LoadError: not configured, refused or not reachable; what was complete before is published.
    """
    job = _job(settings)
    report = PullReport()
    while _round(job, report, since, until, progress):
        pass
    report.requests = job.pace.requests
    report.warnings = job.warnings()
    return report


def _job(settings: Settings) -> Job:
    pace = Pace(settings.matomo.requests_per_second)
    client = Client(settings.matomo, pace)
    # Asked before the draft is opened: a refusal must not even copy the warehouse.
    try:
        website = find_website(client, settings)
    except Stopped as stop:
        raise LoadError(str(stop)) from None
    return Job(client, settings, website, pace, page_namer(website.site, settings.page_kinds))


def _plan(
    connection: duckdb.DuckDBPyConnection, job: Job, since: dt.date | None, until: dt.date | None
) -> Plan:
    site, today, first_day = job.website.site, job.settings.current_day(), job.website.first_day
    return make_plan(
        site,
        read_ledger(connection, site),
        read_occupied(connection, site, first_day, today),
        first_day=first_day,
        today=today,
        rolling_days=job.settings.matomo.rolling_days,
        since=since,
        until=until,
        asked=job.asked,
    )


def _round(
    job: Job, report: PullReport, since: dt.date | None, until: dt.date | None, progress: Step | None
) -> bool:
    """One draft from plan to publication; True if the plan needs another round."""
    run = start_run(SOURCE, site=job.website.site)
    tally = Tally(idle_message="Alle Tage waren schon geladen.")
    with play_round(job.settings, run, job.pace, tally) as connection:
        plan = _plan(connection, job, since, until)
        job.skipped.update(plan.skipped)
        unfinished = _work_off(connection, job, run, plan, tally, progress)
    report.days += len(tally.days)
    report.rows += tally.rows
    return unfinished


def _work_off(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    run: Run,
    plan: Plan,
    tally: Tally,
    progress: Step | None,
) -> bool:
    """Fetch and load the plan span by span; True if time ran out before its end."""
    matomo = job.settings.matomo
    deadline = time.monotonic() + matomo.publish_every_seconds
    aside = Aside()
    done = 0
    for span in plan.spans(matomo.days_per_request):
        if done and time.monotonic() >= deadline:
            return True
        load_span(connection, job, run, span, tally, aside)
        done += len(span)
        if progress:
            progress(f"Matomo ({job.website.site})", done, len(plan.due))
    return False
