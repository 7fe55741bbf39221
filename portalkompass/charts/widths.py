"""How wide a chart is drawn, for what is laid out before that: names of events, legends, values behind bars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

AXIS = 60.0
"""Pixels beside the plot that the labels of its axis take."""
NARROW = 600.0
"""A chart of fewer pixels across is half a slide: beside its category labels a legend has about half of them."""
_width: ContextVar[float] = ContextVar("width", default=880.0)


def width() -> float:
    """Pixels across that the chart is laid out for: those of a screen of 1280, unless a file is narrower."""
    return _width.get()


@contextmanager
def drawn_for(pixels: float) -> Iterator[None]:
    """Lay charts out for that many pixels across; wider ones only have more room."""
    token = _width.set(min(pixels, _width.get()))
    try:
        yield
    finally:
        _width.reset(token)
