"""The ledger: what was fetched or loaded when, which rows were kept aside, and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.reports import Rejection
from etl.store.load import append
from portalkompass.schema import REJECTED_ROWS

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
    marks = ", ".join("?" for _ in values)
    connection.execute(
        f"INSERT INTO ingest_runs ({', '.join(values)}) VALUES ({marks})", list(values.values())
    )


def keep_aside(connection: Connection, run: Run, rejections: Sequence[Rejection]) -> None:
    """Keep the rows that could not be used, with their reason."""
    count = len(rejections)
    texts = {
        "run_id": [run.run_id] * count,
        "source": [run.source] * count,
        "file_name": [rejection.file_name for rejection in rejections],
        "column_name": [rejection.column for rejection in rejections],
        "value": [rejection.value[:VALUE_LIMIT] for rejection in rejections],
        "reason": [rejection.reason for rejection in rejections],
    }
    columns = {name: pa.array(values, pa.string()) for name, values in texts.items()}
    columns["row"] = pa.array(range(1, count + 1), pa.int64())
    columns["line"] = pa.array([rejection.line for rejection in rejections], pa.int64())
    append(connection, REJECTED_ROWS, pa.table(columns))
