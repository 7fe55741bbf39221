"""Invented weekly panels in which nothing happened, and the same with one planted effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST_MONDAY = pd.Timestamp("2024-07-15")
YEAR = 52
TYPICAL, BIG = slice(0, 2), slice(2, 4)
"""Pages with the median of clicks, and with ``BIG_FACTOR`` times as many; the others differ by chance."""
BIG_FACTOR = 5.0


@dataclass(frozen=True, slots=True)
class World:
    """What a portal is like in which no page loses or gains for good.

    ``autocorrelation`` of neighbouring weeks and ``scatter`` belong to the logarithm of a page's clicks, ``season`` is
    the usual height of its own yearly wave, ``trend`` the growth of all pages over the whole series, ``typical`` the
    median of a page's clicks a week. ``tail`` are the degrees of freedom of the weekly shocks (0: normal); in
    ``gaps`` many weeks are missing.
    """

    name: str
    autocorrelation: float = 0.2
    scatter: float = 0.12
    season: float = 0.0
    trend: float = 0.0
    typical: float = 40.0
    tail: int = 0
    gaps: int = 0
    weeks: int = 72
    pages: int = 80


WORLDS = (
    World("ruhig", autocorrelation=0.0),
    World("Nachbarwochen ähnlich (0,5)", autocorrelation=0.5),
    World("Nachbarwochen sehr ähnlich (0,8)", autocorrelation=0.8),
    World("Jahreswellen", autocorrelation=0.3, season=0.3),
    World("Trend des Portals", autocorrelation=0.3, trend=1.0),
    World("kleine Zahlen", autocorrelation=0.3, typical=10.0),
    World("schwere Ränder", autocorrelation=0.3, tail=4),
    World("Lücken", autocorrelation=0.3, season=0.3, gaps=6),
    World("drei Jahre", autocorrelation=0.5, season=0.3, trend=1.0, weeks=156),
    World("ein halbes Jahr", autocorrelation=0.5, weeks=26),
)


def log_levels(world: World, rng: np.random.Generator) -> np.ndarray:
    """Logarithm of the clicks to be expected: weeks × pages."""
    weeks = np.arange(world.weeks)[:, np.newaxis]
    size = rng.normal(np.log(world.typical), 1.0, world.pages)
    size[TYPICAL] = np.log(world.typical)
    size[BIG] = np.log(BIG_FACTOR * world.typical)
    waves = rng.normal(0.0, world.season, world.pages) if world.season else np.zeros(world.pages)
    wave = waves * np.sin((weeks / YEAR + rng.uniform(0, 1, world.pages)) * 2 * np.pi)
    growth = world.trend * weeks / world.weeks
    shared = 0.1 * np.sin(weeks / YEAR * 2 * np.pi) + rng.normal(0.0, 0.05, (world.weeks, 1))
    return np.asarray(size + wave + growth + shared + _neighbours(world, rng))


def _neighbours(world: World, rng: np.random.Generator) -> np.ndarray:
    shape = (world.weeks + 50, world.pages)
    shocks = rng.standard_t(world.tail, shape) if world.tail else rng.standard_normal(shape)
    spread = np.sqrt(world.tail / (world.tail - 2)) if world.tail else 1.0
    shocks *= world.scatter * np.sqrt(1 - world.autocorrelation**2) / spread
    for week in range(1, len(shocks)):
        shocks[week] += world.autocorrelation * shocks[week - 1]
    return np.asarray(shocks[50:])


def panel(world: World, rng: np.random.Generator, planted: np.ndarray | float = 0.0) -> pd.DataFrame:
    """Clicks by week and page; ``planted`` (weeks × pages) is added to the logarithm of what is expected."""
    counts = rng.poisson(np.exp(log_levels(world, rng) + planted)).astype(float)
    index = pd.date_range(FIRST_MONDAY, periods=world.weeks, freq="7D", name="week")
    clicks = pd.DataFrame(counts, index=index, columns=pd.Index([f"p{n:03d}" for n in range(world.pages)]))
    missing = rng.choice(np.arange(10, world.weeks - 4), world.gaps, replace=False)
    return clicks.drop(index=index[missing])
