"""Typed reading of Search Analytics replies: bytes -> rows -> Arrow columns."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence

import msgspec
import pyarrow as pa

from etl.sources.search_console.positions import sum_positions


class Row(msgspec.Struct, gc=False):
    """One row; Discover has no position. Keys are a tuple: a list each costs as much as all the rest."""

    clicks: float
    impressions: float
    keys: tuple[str, ...] = ()
    position: float | None = None


class Metadata(msgspec.Struct, rename="camel"):
    """What Google says about unfinished days; older replies spell the names with underscores."""

    first_incomplete_date: dt.date | None = None
    first_incomplete_date_old: dt.date | None = msgspec.field(default=None, name="first_incomplete_date")


class Reply(msgspec.Struct, rename="camel"):
    """One page; ``rows`` is absent, not empty, when there are none."""

    rows: list[Row] = []
    metadata: Metadata | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def first_incomplete_date(self) -> dt.date | None:
        """First day whose figures may still change."""
        if self.metadata is None:
            return None
        return self.metadata.first_incomplete_date or self.metadata.first_incomplete_date_old


read_reply = msgspec.json.Decoder(Reply).decode
_reading = threading.Lock()


def read_columns(content: bytes, key_names: Sequence[str]) -> pa.Table:
    """A reply as columns, see `columns`.

    One thread at a time: rows as objects take ten times the memory of their columns, and the
    interpreter would only switch between the threads, not run them side by side.
    """
    with _reading:
        return columns(read_reply(content).rows, key_names)


def columns(rows: Sequence[Row], key_names: Sequence[str]) -> pa.Table:
    """Rows as an Arrow table: key columns, impressions, clicks, sum_position (zero-based).

    Raises:
        pa.ArrowInvalid: a count is not a whole number.
    """
    data = {name: pa.array([row.keys[i] for row in rows], pa.string()) for i, name in enumerate(key_names)}
    impressions = pa.array([row.impressions for row in rows], pa.float64())
    positions = pa.array([row.position for row in rows], pa.float64())
    data["impressions"] = impressions.cast(pa.int64())
    data["clicks"] = pa.array([row.clicks for row in rows], pa.float64()).cast(pa.int64())
    data["sum_position"] = sum_positions(positions, impressions)
    return pa.table(data)
