"""Positions are added zero-based and weighted by impressions: position = sum_position / impressions + 1.

The same sum stands in Google's Bulk Data Export. Every other module of this folder goes through these functions.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_FIRST_PLACE = 1.0
_LAST_PLACE = 1000.0
"""Google lists no more results of one query."""


def checked_position(position: float) -> float:
    """The position as it is.

    Raises:
        ValueError: there is no such place; in German.
    """
    if position < _FIRST_PLACE:
        raise ValueError("eine Position ist mindestens 1")
    if position > _LAST_PLACE:
        raise ValueError(
            "so weit hinten gibt es keine Position; vermutlich hat Excel das Komma entfernt, bitte die Datei laden, "
            "wie sie exportiert wurde"
        )
    return position


def sum_position(position: float | None, impressions: int) -> float | None:
    """The sum to be stored; None where Google gives no position."""
    return None if position is None else (position - _FIRST_PLACE) * impressions


def sum_positions(positions: pa.Array, impressions: pa.Array) -> pa.Array:
    """The same for whole columns."""
    return pc.multiply(pc.subtract(positions, _FIRST_PLACE), impressions)


def mean_position(total: float, impressions: int) -> float | None:
    """The position that a sum means; None without impressions."""
    return total / impressions + _FIRST_PLACE if impressions else None
