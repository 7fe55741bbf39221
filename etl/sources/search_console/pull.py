"""A run of the extractor: ask which days exist, plan, fetch in parallel, load whole days, publish.

Days are loaded newest first, so that a run that breaks off keeps the useful part. Each round
works on one draft and publishes it; a long back-fill takes several rounds, so that its first
months can be seen while the rest is on its way.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import duckdb

from etl.errors import LoadError
from etl.reports import counted
from etl.sources.pace import Pace
from etl.sources.search_console.client import Client, Stopped
from etl.sources.search_console.extra_steps import pull_extras
from etl.sources.search_console.fetch import KnownDays, Slice, fetch_days, fetch_slice
from etl.sources.search_console.folding import page_folder
from etl.sources.search_console.grains import day_grains
from etl.sources.search_console.job import Job, Progress, Report
from etl.sources.search_console.plan import SOURCE, Due, Plan, make_plan, read_ledger
from etl.sources.search_console.store import DayRows, SliceFailed, forget, note_failure, store
from etl.store.hidden_shares import hidden_shares
from etl.store.ledger import Outcome, Run, finish_run, start_run
from etl.store.publish import draft
from etl.store.reconciliation import reconcile
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published

_BATCH_ROWS = 50_000
_BATCH_DAYS = 30
_BATCH_SECONDS = 5.0
"""Complete days wait in memory no longer than this: a run that is killed has to fetch them again."""
_LOADING_MEMORY = "64MB"
"""DuckDB's own memory while whole days are loaded: nothing is read back, so more would only be kept."""


def plan_run(settings: Settings, since: dt.date | None = None, until: dt.date | None = None) -> list[Plan]:
    """The plans of every configured property and search type, without fetching (`--dry-run`)."""
    pace = Pace(settings.search_console.queries_per_second)
    client = Client(settings.search_console, pace)
    snapshot = published(settings.warehouse_dir)
    plans = []
    for site, search_type in _targets(settings):
        job = Job(client, settings, site, search_type, pace)
        if snapshot is None:
            plans.append(_plan(None, job, _ask(job), since, until))
            continue
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            plans.append(_plan(connection, job, _ask(job), since, until))
    return plans


def pull(
    settings: Settings,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring the archive up to date for every configured property and search type.

    Raises:
        LoadError: nothing is configured or Google refuses; what was complete before is published.
    """
    targets = _targets(settings)
    if not targets:
        raise LoadError(
            "Es ist keine Property eingerichtet. Bitte search_console.site setzen; die Anleitung steht in der README."
        )
    report = Report()
    faults: list[str] = []
    for site, search_type in targets:
        # A pace of its own: quotas are per property, and a stop of one must not stop the next.
        pace = Pace(settings.search_console.queries_per_second)
        job = Job(Client(settings.search_console, pace), settings, site, search_type, pace)
        try:
            while _round(job, report, since, until, progress):
                pass
        except LoadError as fault:
            faults.append(str(fault))
        report.requests += pace.requests
    if faults:
        raise LoadError(" ".join(dict.fromkeys(faults)))
    return report


def _targets(settings: Settings) -> list[tuple[str, str]]:
    console = settings.search_console
    return [(site, search_type) for site in console.sites for search_type in console.search_types]


def _round(
    job: Job, report: Report, since: dt.date | None, until: dt.date | None, progress: Progress | None
) -> bool:
    """One draft from plan to publication; True if the plan needs another round.

    Raises:
        LoadError: the run ended early; what was complete is published.
    """
    # Asked before the draft is opened: a refusal must not even copy the warehouse.
    known = _ask(job)
    snapshot = published(job.settings.warehouse_dir)
    run = start_run(SOURCE, site=job.site)
    requests_before = job.pace.requests
    stopped = ""
    with draft(job.settings) as connection:
        plan = _plan(connection, job, known, since, until)
        report.plans.append(plan)
        deadline = time.monotonic() + job.settings.search_console.publish_every_seconds
        tally = _Tally()
        try:
            unfinished = _work_off(connection, job, run, plan, deadline, tally, progress)
            if not unfinished:
                pull_extras(connection, job, plan, report, progress)
        except (Stopped, LoadError, KeyboardInterrupt) as stop:
            if not tally.days and snapshot is None:
                raise LoadError(str(stop) or "Abgebrochen.") from None
            stopped = str(stop) or "Abgebrochen; ein späterer Lauf setzt fort."
            unfinished = False
            if isinstance(stop, SliceFailed):
                note_failure(connection, run, job.site, job.search_type, stop, job.settings.today)
        if not unfinished:
            report.warnings += [found for found in reconcile(connection) if found not in report.warnings]
            if tally.touched:
                shares = hidden_shares(connection, min(tally.touched))
                report.hidden += [found for found in shares if found not in report.hidden]
        report.days += tally.days
        report.rows += tally.rows
        report.capped_days += tally.capped
        finish_run(connection, run, _outcome(plan, tally, stopped, job.pace.requests - requests_before))
    if stopped:
        raise LoadError(stopped)
    return unfinished


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


def _plan(
    connection: duckdb.DuckDBPyConnection | None,
    job: Job,
    known: tuple[KnownDays, KnownDays],
    since: dt.date | None,
    until: dt.date | None,
) -> Plan:
    ledger = read_ledger(connection, job.site, job.search_type) if connection else {}
    return make_plan(
        job.site,
        job.search_type,
        ledger,
        *known,
        today=job.settings.current_day(),
        rolling_days=job.settings.search_console.rolling_days,
        since=since,
        until=until,
    )


@dataclass
class _Tally:
    days: int = 0
    rows: int = 0
    capped: int = 0
    touched: list[dt.date] = field(default_factory=list)


def _work_off(
    connection: duckdb.DuckDBPyConnection,
    job: Job,
    run: Run,
    plan: Plan,
    deadline: float,
    tally: _Tally,
    progress: Progress | None,
) -> bool:
    """Fetch and load the plan; True if time ran out before its end.

    Fetching overlaps loading; at most two days per worker wait in memory.
    """
    batch: list[DayRows] = []
    loaded_at = time.monotonic()

    def load_batch() -> None:
        nonlocal loaded_at
        loaded_at = time.monotonic()
        if not batch:
            return
        today = job.settings.today
        store(connection, run, job.site, job.search_type, batch, plan.first_incomplete, today)
        tally.days += len(batch)
        tally.rows += sum(day.row_count for day in batch)
        tally.capped += sum(day.capped for day in batch)
        tally.touched.extend(day.due.day for day in batch)
        batch.clear()
        if progress:
            progress(f"{job.site} ({job.search_type})", tally.days, len(plan.due))

    forget(connection, job.site, job.search_type, [d.day for d in plan.due if d.reason == "vanished"])
    connection.execute(f"SET memory_limit = '{_LOADING_MEMORY}'")
    try:
        for day in _fetch_all(job, [d for d in plan.due if d.reason != "vanished"], deadline):
            batch.append(day)
            waited = time.monotonic() - loaded_at
            full = len(batch) >= _BATCH_DAYS or sum(d.row_count for d in batch) >= _BATCH_ROWS
            if full or waited >= _BATCH_SECONDS:
                load_batch()
    finally:
        # Also when a fault ends the run: these days are complete.
        load_batch()
        connection.execute("RESET memory_limit")
    return tally.days < sum(1 for d in plan.due if d.reason != "vanished")


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
        except (Stopped, LoadError):
            job.pace.stop.set()
            # What other workers bring to an end is complete and need not be fetched again.
            for future in running:
                if not future.cancel() and future.exception() is None:
                    yield future.result()
            raise
        except BaseException:
            job.pace.stop.set()
            raise


def _fetch_day(job: Job, due: Due, normal: Callable[[str], str]) -> DayRows:
    if due.totals is None:
        return DayRows(due, ())
    state = "final" if due.state == "final" else "all"
    slices: list[Slice] = []
    for grain in day_grains(job.search_type):
        try:
            slices.append(fetch_slice(job.client, job.site, job.search_type, due.day, grain, state, normal))
        except Stopped as stop:
            raise SliceFailed(str(stop), due.day, grain.table.name) from None
    return DayRows(due, tuple(slices))


def _outcome(plan: Plan, tally: _Tally, stopped: str, requests: int) -> Outcome:
    if stopped:
        state, message = "partial", stopped
    elif not plan.due:
        state, message = "done", "Alle Tage waren schon vollständig geladen."
    else:
        state, message = "done", f"{counted(tally.days, 'Tag', 'Tage')} geladen."
    return Outcome(
        state,
        message,
        requests=requests,
        rows_in=tally.rows,
        rows_loaded=tally.rows,
        first_date=min(tally.touched, default=None),
        last_date=max(tally.touched, default=None),
    )
