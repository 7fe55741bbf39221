"""After the days of a run: appearances, hours, sitemaps and index states, each on its own.

A refusal of one is a warning and keeps neither the days nor the other steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import duckdb

from etl.console import Step
from etl.sources.retries import Refused
from etl.sources.search_console.extras import (
    inspect_pages,
    pull_appearances,
    pull_hours,
    pull_sitemaps,
    remember_spellings,
)
from etl.sources.search_console.job import Job, Report
from etl.sources.search_console.plan import Plan
from etl.store.dimensions import complete_dimensions


def pull_extras(
    connection: duckdb.DuckDBPyConnection, job: Job, plan: Plan, report: Report, progress: Step | None
) -> None:
    """Appearances, hours, sitemaps and index states; a refusal of one is a warning: the days are there."""
    console = job.settings.search_console
    remember_spellings(connection, job.site, job.spellings)
    steps: list[Callable[[], object]] = []
    if console.appearances and plan.last_final:
        steps.append(partial(_appearances, connection, job, plan, plan.last_final))
    if console.hourly:
        today = job.settings.current_day()
        steps.append(partial(pull_hours, connection, job.client, job.site, job.search_type, today))
    if job.search_type == console.search_types[0]:
        steps.append(partial(pull_sitemaps, connection, job.client, job.site, job.settings.today))
        steps.append(partial(_index_states, connection, job, progress))
    for step in steps:
        try:
            step()
        except Refused as refusal:
            if str(refusal) not in report.warnings:
                report.warnings.append(str(refusal))


def _appearances(connection: duckdb.DuckDBPyConnection, job: Job, plan: Plan, last: dt.date) -> None:
    """From the first final day of this run on, or from where an earlier run ended before it came to this step."""
    days = [due.day for due in plan.due if due.state == "final" and due.totals]
    if not days:
        return
    newest = connection.execute(
        "SELECT max(date) FROM search_appearance_day WHERE site = ? AND search_type = ?",
        [job.site, job.search_type],
    ).fetchall()[0][0]
    oldest = job.settings.current_day() - dt.timedelta(days=job.settings.search_console.retention_days)
    first = min(*days, max(oldest, newest or oldest))
    pull_appearances(connection, job.client, job.site, job.search_type, first, last)


def _index_states(connection: duckdb.DuckDBPyConnection, job: Job, progress: Step | None) -> None:
    # New pages need their kind before it is known which are service pages.
    complete_dimensions(connection, job.settings)
    label = f"{job.site} (Indexprüfung)"
    told = partial(progress, label) if progress else None
    inspect_pages(connection, job.client, job.site, job.settings, told)
