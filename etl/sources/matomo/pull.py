"""A run: ask for the website, plan, fetch spans of days newest first, load whole days, publish.

Each round works on one draft and publishes it; a long back-fill takes several rounds, so that its newest
months can be seen while the rest is on its way.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from etl.errors import LoadError
from etl.sources.matomo.client import Client, Stopped
from etl.sources.matomo.describe import aside_warnings, short_warning, skipped_warnings, unanswered_warning
from etl.sources.matomo.page_reports import page_namer
from etl.sources.matomo.plan import SOURCE, Plan, make_plan, read_ledger, read_occupied
from etl.sources.matomo.span import Job, Tally, load_span, outcome, rejections
from etl.sources.matomo.website import find_website
from etl.sources.pace import Pace
from etl.store.ledger import Run, finish_run, keep_aside, start_run
from etl.store.publish import draft
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total) after each loaded span."""


@dataclass
class Report:
    """What a run did: days and rows loaded, what to know about them, and why it stopped, if it did."""

    days: int = 0
    rows: int = 0
    requests: int = 0
    warnings: list[str] = field(default_factory=list)
    stopped: str = ""


def plan_run(settings: Settings, since: dt.date | None = None, until: dt.date | None = None) -> Plan:
    """The plan, without fetching reports (`--dry-run`).

    Raises:
        LoadError: not configured, refused or not reachable.
    """
    job = _job(settings)
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return _plan(None, job, since, until)
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return _plan(connection, job, since, until)


def pull_matomo(
    settings: Settings,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring the figures of the configured website up to date.

    Raises:
        LoadError: not configured, refused or not reachable; what was complete before is published.
    """
    job = _job(settings)
    report = Report()
    while _round(job, report, since, until, progress):
        pass
    report.requests = job.pace.requests
    report.warnings = [
        *skipped_warnings(job.skipped),
        *unanswered_warning(job.unanswered),
        *short_warning(job.short),
        *aside_warnings(job.aside),
    ]
    if report.stopped:
        raise LoadError(report.stopped)
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
    connection: duckdb.DuckDBPyConnection | None, job: Job, since: dt.date | None, until: dt.date | None
) -> Plan:
    site, today, first_day = job.website.site, job.settings.current_day(), job.website.first_day
    return make_plan(
        site,
        read_ledger(connection, site) if connection else {},
        read_occupied(connection, site, first_day, today) if connection else {},
        first_day=first_day,
        today=today,
        rolling_days=job.settings.matomo.rolling_days,
        since=since,
        until=until,
        asked=job.asked,
    )


def _round(
    job: Job, report: Report, since: dt.date | None, until: dt.date | None, progress: Progress | None
) -> bool:
    """One draft from plan to publication; True if the plan needs another round."""
    snapshot = published(job.settings.warehouse_dir)
    run = start_run(SOURCE, site=job.website.site)
    requests_before = job.pace.requests
    tally = Tally()
    with draft(job.settings) as connection:
        plan = _plan(connection, job, since, until)
        job.skipped.update(plan.skipped)
        try:
            unfinished = _work_off(connection, job, run, plan, tally, progress)
        except (Stopped, LoadError, KeyboardInterrupt) as stop:
            sentence = str(stop) or "Abgebrochen; ein späterer Lauf setzt fort."
            if not tally.days and snapshot is None:
                raise LoadError(sentence) from None
            report.stopped, unfinished = sentence, False
        report.days += len(tally.days)
        report.rows += tally.rows
        keep_aside(connection, run, rejections(tally.aside))
        finish_run(connection, run, outcome(tally, report.stopped, job.pace.requests - requests_before))
    return unfinished


def _work_off(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    run: Run,
    plan: Plan,
    tally: Tally,
    progress: Progress | None,
) -> bool:
    """Fetch and load the plan span by span; True if time ran out before its end."""
    matomo = job.settings.matomo
    deadline = time.monotonic() + matomo.publish_every_seconds
    done = 0
    for span in plan.spans(matomo.days_per_request):
        if done and time.monotonic() >= deadline:
            return True
        load_span(connection, job, run, span, tally)
        done += len(span)
        if progress:
            progress(f"Matomo ({job.website.site})", done, len(plan.due))
    return False
