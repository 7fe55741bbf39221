"""Encoded answers of the stand-in: made once, then sliced by page."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

import msgspec
import numpy as np

from etl.demo.server.collect import Supply, collect
from etl.demo.server.question import Question
from etl.demo.world.row_types import Ints, Rows

_ENCODER = msgspec.json.Encoder()


class _Row(msgspec.Struct, omit_defaults=True, gc=False):
    """One row on the wire; keys are absent without dimensions, position where there is none."""

    clicks: float
    impressions: float
    ctr: float
    keys: tuple[str, ...] | None = None
    position: float | None = None


@dataclass(frozen=True, slots=True)
class Encoded:
    """All rows of an answer as JSON, comma after each; row r is blob[ends[r - 1]:ends[r]]."""

    blob: bytes
    ends: Ints

    def page(self, start: int, count: int) -> bytes:
        """Rows start … start + count - 1 joined by commas; empty behind the last row."""
        last = min(start + count, len(self.ends))
        if start >= last:
            return b""
        begin = int(self.ends[start - 1]) if start else 0
        return self.blob[begin : int(self.ends[last - 1]) - 1]


class Archive:
    """Encoded answers, the least used dropped beyond `most_bytes`; safe to share between threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, Question, dt.date], Encoded] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def answer(self, site: str, question: Question, supply: Supply) -> Encoded:
        """The encoded answer, made on first use."""
        key = (site, question, supply.today)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        encoded = encode(collect(site, question, supply), question)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = encoded
                self._bytes += len(encoded.blob)
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.blob)
        return encoded


def encode(rows: Rows, question: Question) -> Encoded:
    """Rows as Google's JSON, numbers as doubles; Discover has no position."""
    shown = np.maximum(rows.impressions, 1)
    positions: list[float] | list[None] = [None] * len(rows)
    if rows.sum_position is not None and question.search_type != "discover":
        positions = (rows.sum_position / shown + 1.0).tolist()
    keys: Iterable[tuple[str, ...] | None] = zip(*rows.keys, strict=True) if rows.keys else repeat(None)
    clicks, impressions = rows.clicks.astype(float).tolist(), rows.impressions.astype(float).tolist()
    rates = (rows.clicks / shown).tolist()
    lines = zip(clicks, impressions, rates, keys, positions, strict=False)
    # One object a line; JSON escapes line breaks inside strings, so each break ends a row.
    blob = _ENCODER.encode_lines([_Row(*line) for line in lines])
    ends = np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == ord("\n")) + 1
    return Encoded(blob.replace(b"\n", b","), ends)
