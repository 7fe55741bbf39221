"""The ledger: what was fetched or loaded when, which rows were kept aside, and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

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


def finish_run(connection: duckdb.DuckDBPyConnection, run: Run, outcome: Outcome) -> None:
    """Write the run with its outcome."""
    connection.execute(
        """
        INSERT INTO ingest_runs BY NAME SELECT
          ? AS run_id, ? AS source, ? AS site, ? AS file_name, ? AS started_at, ? AS finished_at, ? AS state,
          ? AS requests, ? AS rows_in, ? AS rows_loaded, ? AS rows_rejected, ? AS first_date, ? AS last_date,
          ? AS message
        """,
        [
            run.run_id,
            run.source,
            run.site,
            run.file_name,
            run.started_at,
            utc_now(),
            outcome.state,
            outcome.requests,
            outcome.rows_in,
            outcome.rows_loaded,
            outcome.rows_rejected,
            outcome.first_date,
            outcome.last_date,
            outcome.message,
        ],
    )


def keep_aside(connection: duckdb.DuckDBPyConnection, run: Run, rejections: Sequence[Rejection]) -> None:
    """Keep the rows that could not be used, with their reason."""
    count = len(rejections)
    append(
        connection,
        REJECTED_ROWS,
        pa.table(
            {
                "run_id": pa.array([run.run_id] * count, pa.string()),
                "row": pa.array(range(1, count + 1), pa.int64()),
                "source": pa.array([run.source] * count, pa.string()),
                "file_name": pa.array([r.file_name for r in rejections], pa.string()),
                "line": pa.array([r.line for r in rejections], pa.int64()),
                "column_name": pa.array([r.column for r in rejections], pa.string()),
                "value": pa.array([r.value[:VALUE_LIMIT] for r in rejections], pa.string()),
                "reason": pa.array([r.reason for r in rejections], pa.string()),
            }
        ),
    )
