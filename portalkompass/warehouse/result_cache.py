"""The one cache of results in memory: tables that questions share, answers with their charts, lists of names.

It is bounded: what was used longest ago goes first. Opening another published state empties it (see
``reader.open_published``), since nobody asks for what was read from an older one any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import pandas as pd
from cachetools import LRUCache, cached

CACHE_SIZE = 400
"""Results kept at most, of all screens and all people together."""

FRAME_BYTES = 128_000_000
"""Memory that long frames may take together; a longer one is made anew each time."""

Key = tuple[Hashable, ...]
T = TypeVar("T")

_RESULTS: LRUCache[Key, Any] = LRUCache(CACHE_SIZE)
_FRAMES: LRUCache[Key, pd.DataFrame] = LRUCache(
    FRAME_BYTES, getsizeof=lambda frame: int(frame.memory_usage(deep=True).sum())
)


@cached(_RESULTS, key=lambda key, _make: key, condition=threading.Condition())
def _result(_key: Key, make: Callable[[], Any]) -> Any:  # noqa: ANN401
    return make()


@cached(_FRAMES, key=lambda key, _make: key, condition=threading.Condition())
def _frame(_key: Key, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return make()


def once(key: Key, make: Callable[[], T]) -> T:
    """The result under ``key``, made if it is not there. Whoever gets it only reads it.

    Where several threads ask at the same moment, one makes it and the others wait. What ``make`` raises is passed on
    and nothing is kept.
    """
    return cast(T, _result(key, make))


def frame_once(key: Key, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """The same for frames of many rows, which are kept by the memory that they take."""
    return _frame(key, make)


def holds(key: Key) -> bool:
    """Whether a result is kept under ``key``."""
    return key in _RESULTS


def clear() -> None:
    """Keep nothing."""
    _result.cache_clear()
    _frame.cache_clear()
