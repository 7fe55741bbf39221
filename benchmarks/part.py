"""What a part of the benchmark is and what it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A promise with what was measured; ``met`` is decided by the part, on unrounded figures."""

    promise: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of a result: one bar a name, with the limit that was promised as a line (None: there is none)."""

    title: str
    values: tuple[tuple[str, float], ...]
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One part's outcome: what was done (paragraphs), a table, goals, notes below them, and a chart."""

    method: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[Goal, ...]
    notes: tuple[str, ...] = ()
    bars: Bars | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One benchmark, run by name. ``packages`` are the distributions whose versions matter to it."""

    name: str
    title: str
    run: Callable[[int], Result]
    packages: tuple[str, ...]
