"""What an event did to a page: before and after, against the same weeks of the year before and against pages alike.

For each week after the event the log ratio of the page's clicks to those of the pages alike is compared with
the same ratio 52 weeks earlier; where the archive does not reach back, with the mean of the weeks just before.
What moves all pages (Google, holidays, growth) and what returns every year cancels out. The interval holds the
scatter from week to week (neighbouring weeks are alike, which widens it) and the scatter between the pages
alike, each measured as if the event had happened to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from portalkompass.estimates.panels import ADDED, YEAR, variance_of_mean, year_before

LEAST_WEEKS = 8
"""Whole weeks after the event below which the figures are called too short."""
SCATTERING = 2
"""Weeks of which a scatter can be told: one alone has no interval, so nothing is measured."""
LEAST_CLICKS = 5.0
"""Mean clicks a week below which a page alike says too little."""
PAGES_ALIKE = 8
"""Pages that are compared with: those that moved most alike before."""
SIZE_FACTOR = 10.0
"""A page alike has at least a tenth and at most ten times the clicks."""
_T95_TO_10 = (12.7, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)
_T95 = {**dict(enumerate(_T95_TO_10, start=1)), 15: 2.13, 20: 2.09}
"""Half the width of a 95 % interval in standard errors, by the number of independent weeks less one (from … on)."""


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """Relative change (0.35: 35 % more) with a 95 % interval, and the weekly course behind it.

    ``course`` has week, actual and expected clicks (what the pages alike and the year before led to expect,
    with low and high) for the weeks after. ``yearly``: compared with the year before; else with the weeks before.
    """

    change: float
    low: float
    high: float
    weeks: int
    yearly: bool
    alike: tuple[str, ...]
    course: pd.DataFrame

    @property
    def short(self) -> bool:
        """Whether the weeks are too few to rely on."""
        return self.weeks < LEAST_WEEKS

    @property
    def sure(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def effect(panel: pd.DataFrame, page: str, since: pd.Timestamp, candidates: list[str]) -> Effect | None:
    """The effect since that week on one column of the panel; None where nothing can be compared.

    ``candidates`` are columns to choose the pages alike from.
    """
    first = int(panel.index.searchsorted(since))
    after = np.arange(first, len(panel))
    earlier = year_before(pd.DatetimeIndex(panel.index))
    paired = after[(earlier[after] >= 0) & (earlier[after] < first)]
    yearly = len(paired) >= min(LEAST_WEEKS, max(len(after), 1))
    if not len(after) or (not yearly and first < LEAST_WEEKS):
        return None
    chosen = alike(panel.iloc[:first], page, candidates)
    if not chosen or panel[page].iloc[:first].sum() == 0:
        return None
    used = paired if yearly else after
    if len(used) < SCATTERING:
        return None
    base = earlier[used] if yearly else np.arange(max(0, first - YEAR), first)
    own = _difference(panel, page, chosen, used, base, yearly)
    placebos = [
        _difference(panel, other, tuple(name for name in chosen if name != other), used, base, yearly).mean()
        for other in chosen
        if len(chosen) > 1
    ]
    between = float(np.var(placebos, ddof=1)) if len(placebos) > 1 else 0.0
    variance, free = variance_of_mean(own)
    mean, reach = (
        float(own.mean()),
        next(width for least, width in reversed(_T95.items()) if free >= least)
        * float(np.sqrt(variance + between)),
    )
    course = _course(panel, page, used, own - mean, mean, reach)
    change, low, high = (float(np.expm1(value)) for value in (mean, mean - reach, mean + reach))
    return Effect(change, low, high, len(used), yearly, chosen, course)


def alike(before: pd.DataFrame, page: str, candidates: list[str]) -> tuple[str, ...]:
    """The pages of similar size whose weekly clicks moved most alike before the event, best first."""
    values, own = before.to_numpy(), before.columns.get_indexer(pd.Index([page]))[0]
    means = values.mean(axis=0)
    least, most = max(LEAST_CLICKS, means[own] / SIZE_FACTOR), means[own] * SIZE_FACTOR
    places = before.columns.get_indexer(pd.Index(candidates))
    fit = places[(places != own) & (means[places] >= least) & (means[places] <= most)]
    if not len(fit) or len(before) < LEAST_WEEKS:
        return ()
    apart = np.log(values[:, fit] + ADDED) - np.log(values[:, [own]] + ADDED)
    nearest = np.argsort(apart.std(axis=0, ddof=1), kind="stable")[:PAGES_ALIKE]
    return tuple(before.columns[fit[nearest]])


def _difference(
    panel: pd.DataFrame,
    page: str,
    others: tuple[str, ...],
    used: np.ndarray,
    base: np.ndarray,
    yearly: bool,
) -> np.ndarray:
    """Per week used: log ratio to the pages alike, minus the same in its week of ``base``, or on average there."""
    logs = np.log(panel[[page, *others]].to_numpy() + ADDED)
    ratio = logs[:, 0] - (logs[:, 1:].mean(axis=1) if others else 0.0)
    return np.asarray(ratio[used] - (ratio[base] if yearly else ratio[base].mean()))


def _course(
    panel: pd.DataFrame, page: str, used: np.ndarray, scatter: np.ndarray, mean: float, reach: float
) -> pd.DataFrame:
    """Actual clicks, and those without the event: the actual ones divided by the effect of that week."""
    actual = panel[page].to_numpy()[used]
    without = (actual + ADDED) * np.exp(-(mean + scatter))
    return pd.DataFrame(
        {
            "week": panel.index[used],
            "actual": actual,
            "expected": without,
            "low": without * np.exp(-reach),
            "high": without * np.exp(reach),
        }
    )
