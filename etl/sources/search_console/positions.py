"""Positions are added zero-based and weighted by impressions: position = sum_position / impressions + 1.

The same sum stands in Google's Bulk Data Export. Every other module of this folder goes through these three functions.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_FIRST_PLACE = 1.0


def sum_position(position: float | None, impressions: int) -> float | None:
    """The sum to be stored; None where Google gives no position."""
    return None if position is None else (position - _FIRST_PLACE) * impressions


def sum_positions(positions: pa.Array, impressions: pa.Array) -> pa.Array:
    """The same for whole columns."""
    return pc.multiply(pc.subtract(positions, _FIRST_PLACE), impressions)


def mean_position(total: float, impressions: int) -> float | None:
    """The position that a sum means; None without impressions."""
    return total / impressions + _FIRST_PLACE if impressions else None
