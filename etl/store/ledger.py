"""The ledger: what was fetched or loaded when, which rows were kept aside, and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.reports import Rejection
from etl.store.load import append, rows_of
from portalkompass.schema import INGEST_LEDGER, INGEST_RUNS, REJECTED_ROWS

VALUE_LIMIT = 200
"""Characters of a rejected value that are kept."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one source; ``run_id`` also serves as import_id of the rows it loads."""

    run_id: str
    source: str
    site: str
    file_name: str
    started_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; ``message`` is one German sentence."""

    state: str
    message: str
    requests: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    first_date: dt.date | None = None
    last_date: dt.date | None = None


def utc_now(today: dt.date | None = None) -> dt.datetime:
    """Now in UTC without zone, as the warehouse stores it; on a fixed day if the settings name one."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return dt.datetime.combine(today, now.time()) if today else now


def start_run(source: str, *, site: str = "", file_name: str = "") -> Run:
    """Begin a run; nothing is written until `finish_run`."""
    now = utc_now()
    return Run(f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}", source, site, file_name, now)


def finish_run(connection: Connection, run: Run, outcome: Outcome) -> None:
    """Write the run with its outcome."""
    values = {**asdict(run), **asdict(outcome), "finished_at": utc_now()}
    append(connection, INGEST_RUNS, rows_of(INGEST_RUNS, [values]))


def keep_aside(connection: Connection, run: Run, rejections: Sequence[Rejection]) -> None:
    """Keep the rows that could not be used, with their reason."""
    rows = [
        {
            "row": number,
            "file_name": rejection.file_name,
            "line": rejection.line,
            "column_name": rejection.column,
            "value": rejection.value[:VALUE_LIMIT],
            "reason": rejection.reason,
        }
        for number, rejection in enumerate(rejections, start=1)
    ]
    append(connection, REJECTED_ROWS, rows_of(REJECTED_ROWS, rows, run_id=run.run_id, source=run.source))


def ledger_rows(
    run: Run, entries: Iterable[Mapping[str, object]], today: dt.date | None, **constants: object
) -> pa.Table:
    """Rows of the ledger that a run leaves; entries name at least grain, date, state and rows."""
    of_run = {"source": run.source, "site": run.site, "run_id": run.run_id, "search_type": ""}
    return rows_of(INGEST_LEDGER, entries, **{**of_run, "fetched_at": utc_now(today), **constants})
