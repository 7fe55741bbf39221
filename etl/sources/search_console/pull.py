"""A run of the extractor: ask which days exist, plan, fetch in parallel, load whole days, publish.

Days are loaded newest first, so that a run that breaks off keeps the useful part. Each round
works on one draft and publishes it; a long back-fill takes several rounds, so that its first
months can be seen while the rest is on its way.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from duckdb import DuckDBPyConnection as Connection

from etl.console import Step
from etl.errors import LoadError
from etl.sources.folding import page_folder
from etl.sources.pace import Pace
from etl.sources.retries import Stopped
from etl.sources.rounds import Tally, play_round
from etl.sources.search_console.client import Client
from etl.sources.search_console.extras import pull_extras
from etl.sources.search_console.fetch import KnownDays, Slice, fetch_days, fetch_slice
from etl.sources.search_console.grains import SOURCE
from etl.sources.search_console.job import Job, Report
from etl.sources.search_console.plan import Due, Plan, make_plan, read_ledger
from etl.sources.search_console.store import DayRows, SliceFailed, forget, note_failure, store
from etl.sources.source import Day
from etl.sources.waiting import teller
from etl.store.ledger import Run, start_run
from etl.store.publish import published_state
from etl.store.reconciliation import hidden_shares, reconcile
from portalkompass.settings import Settings
from portalkompass.warehouse import waiting

_BATCH_ROWS = 50_000
_BATCH_DAYS = 30
_BATCH_SECONDS = 5.0
"""Complete days wait in memory no longer than this: a run that is killed has to fetch them again."""
_LOADING_MEMORY = "64MB"
"""DuckDB's own memory while whole days are loaded: nothing is read back, so more would only be kept."""


def plan_run(
    settings: Settings, since: Day = None, until: Day = None, progress: Step | None = None
) -> list[Plan]:
    """The plans of every configured property and search type, without fetching (`--dry-run`)."""
    pace = Pace(settings.search_console.queries_per_second, teller(None, progress))
    client = Client(settings.search_console, pace)
    plans = []
    for site, search_type in _targets(settings):
        job = Job(client, settings, site, search_type, pace, since, until)
        days_of_google = _ask(job)
        with published_state(settings) as connection:
            plans.append(_plan(connection, job, days_of_google))
    return plans


def pull(settings: Settings, *, since: Day = None, until: Day = None, progress: Step | None = None) -> Report:
    """Bring the archive up to date for every configured property and search type.

    Raises:
        LoadError: nothing is configured or Google refuses; what was complete before is published.
    """
    targets = _targets(settings)
    if not targets:
        raise LoadError(
            "Es ist keine Property eingerichtet. Bitte search_console.site setzen; "
            "die Anleitung steht in docs/handbuch.md."
        )
    report = Report()
    faults: list[str] = []
    for site, search_type in targets:
        # A pace of its own: quotas are per property, and a stop of one must not stop the next.
        pace = Pace(settings.search_console.queries_per_second, teller(settings, progress))
        client = Client(settings.search_console, pace)
        job = Job(client, settings, site, search_type, pace, since, until, progress)
        try:
            while _round(job, report):
                pass
        except LoadError as fault:
            faults.append(str(fault))
        waiting.over(settings.warehouse_dir)
        report.requests += pace.requests
    if faults:
        raise LoadError(" ".join(dict.fromkeys(faults)))
    return report


def _targets(settings: Settings) -> list[tuple[str, str]]:
    console = settings.search_console
    return [(site, search_type) for site in console.sites for search_type in console.search_types]


def _round(job: Job, report: Report) -> bool:
    """One draft from plan to publication; True if the plan needs another round.

    Raises:
        LoadError: the run ended early; what was complete is published.
    """
    # Asked before the draft is opened: a refusal must not even copy the warehouse.
    days_of_google = _ask(job)
    run = start_run(SOURCE, site=job.site)
    tally = Tally()
    with play_round(job.settings, run, job.pace, tally) as connection:
        plan = _plan(connection, job, days_of_google)
        report.plans.append(plan)
        if not plan.due:
            tally.idle_message = "Alle Tage waren schon vollständig geladen."
        try:
            unfinished = _work_off(connection, job, run, plan, tally)
        except SliceFailed as failed:
            note_failure(connection, run, job.search_type, failed, job.settings.today)
            raise
        if not unfinished:
            pull_extras(connection, job, plan, report)
            _add_new(report.warnings, reconcile(connection))
            if tally.days:
                _add_new(report.hidden, hidden_shares(connection, min(tally.days)))
    report.days += len(tally.days)
    report.rows += tally.rows
    report.capped_days += tally.capped
    return unfinished


def _add_new(sentences: list[str], more: Sequence[str]) -> None:
    sentences += [sentence for sentence in more if sentence not in sentences]


def _ask(job: Job) -> tuple[KnownDays, KnownDays]:
    """Final days and days including unfinished ones, over the whole span that Google keeps."""
    today = job.settings.current_day()
    start = today - dt.timedelta(days=job.settings.search_console.retention_days)
    try:
        final = fetch_days(job.client, job.site, job.search_type, start, today, "final")
        fresh = fetch_days(job.client, job.site, job.search_type, start, today, "all")
    except Stopped as stop:
        raise LoadError(str(stop)) from None
    return final, fresh


def _plan(connection: Connection, job: Job, days_of_google: tuple[KnownDays, KnownDays]) -> Plan:
    return make_plan(
        job.site,
        job.search_type,
        read_ledger(connection, job.site, job.search_type, job.grains),
        *days_of_google,
        today=job.settings.current_day(),
        rolling_days=job.settings.search_console.rolling_days,
        grains=job.grains,
        since=job.since,
        until=job.until,
    )


def _work_off(connection: Connection, job: Job, run: Run, plan: Plan, tally: Tally) -> bool:
    """Fetch and load the plan; True if time ran out before its end.

    Fetching overlaps loading; at most two days per worker wait in memory.
    """
    deadline = time.monotonic() + job.settings.search_console.publish_every_seconds
    due = [item for item in plan.due if item.reason != "vanished"]
    batch: list[DayRows] = []
    loaded_at = time.monotonic()

    def load_batch() -> None:
        nonlocal loaded_at
        loaded_at = time.monotonic()
        if not batch:
            return
        store(connection, run, job.search_type, batch, job.grains, plan.first_incomplete, job.settings.today)
        tally.days += [day.due.day for day in batch]
        tally.rows += sum(day.row_count for day in batch)
        tally.rows_in = tally.rows
        tally.capped += sum(day.capped for day in batch)
        batch.clear()
        if job.progress:
            job.progress(f"{job.site} ({job.search_type})", len(tally.days), len(plan.due))

    forget(
        connection, job.site, job.search_type, [item.day for item in plan.due if item.reason == "vanished"]
    )
    connection.execute(f"SET memory_limit = '{_LOADING_MEMORY}'")
    try:
        for day in _fetch_all(job, due, deadline):
            batch.append(day)
            waited = time.monotonic() - loaded_at
            full = len(batch) >= _BATCH_DAYS or sum(d.row_count for d in batch) >= _BATCH_ROWS
            if full or waited >= _BATCH_SECONDS:
                load_batch()
    finally:
        # Also when a fault ends the run: these days are complete.
        load_batch()
        connection.execute("RESET memory_limit")
    return len(tally.days) < len(due)


def _fetch_all(job: Job, due: list[Due], deadline: float) -> Iterator[DayRows]:
    """Complete days in about the order of ``due``; a worker's fault stops the others and is raised."""
    workers = job.settings.search_console.workers
    normal = page_folder(job.settings.page_kinds, job.spellings)
    waiting = iter(due)
    running: set[Future[DayRows]] = set()
    with ThreadPoolExecutor(workers, thread_name_prefix="search-console") as pool:
        try:
            while True:
                while len(running) < 2 * workers and time.monotonic() < deadline:
                    item = next(waiting, None)
                    if item is None:
                        break
                    running.add(pool.submit(_fetch_day, job, item, normal))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                # Complete days first, so that a fault in the same moment costs none of them.
                for future in sorted(done, key=lambda f: f.exception() is not None):
                    yield future.result()
        except BaseException as fault:
            job.pace.stop.set()
            # What other workers bring to an end is complete and need not be fetched again.
            for future in running if isinstance(fault, (Stopped, LoadError)) else ():
                if not future.cancel() and future.exception() is None:
                    yield future.result()
            raise


def _fetch_day(job: Job, due: Due, normal: Callable[[str], str]) -> DayRows:
    if due.totals is None:
        return DayRows(due, ())
    state = "final" if due.state == "final" else "all"
    slices: list[Slice] = []
    for grain in job.grains:
        if not due.takes(grain.table.name):
            continue
        try:
            slices.append(fetch_slice(job.client, job.site, job.search_type, due.day, grain, state, normal))
        except Stopped as stop:
            raise SliceFailed(str(stop), due.day, grain.table.name) from None
    return DayRows(due, tuple(slices))
