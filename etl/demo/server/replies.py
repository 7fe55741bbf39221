"""Encoded answers of the stand-in: made once, then sliced by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

import msgspec
import numpy as np

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


def encode(rows: Rows, question: Question) -> Encoded:
    """Rows as Google's JSON, numbers as doubles; Discover has no position."""
    shown = np.maximum(rows.impressions, 1)
    placed = question.search_type != "discover"
    positions = (rows.sum_position / shown + 1.0).tolist() if placed else [None] * len(rows)
    keys: Iterable[tuple[str, ...] | None] = zip(*rows.keys, strict=True) if rows.keys else repeat(None)
    clicks, impressions = rows.clicks.astype(float).tolist(), rows.impressions.astype(float).tolist()
    rates = (rows.clicks / shown).tolist()
    lines = zip(clicks, impressions, rates, keys, positions, strict=False)
    # One object a line; JSON escapes line breaks inside strings, so each break ends a row.
    blob = _ENCODER.encode_lines([_Row(*line) for line in lines])
    ends = np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == ord("\n")) + 1
    return Encoded(blob.replace(b"\n", b","), ends)
