"""Error rates, coverage and power of the estimates in invented worlds (`worlds`, `climbing`), with fixed seeds.

Works with the library that is imported, so that an older one can be measured by the same worlds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from portalkompass.estimates import steps as decay_method
from portalkompass.estimates.impact import effect
from portalkompass.estimates.outliers import outliers
from tests.estimates.simulation import climbing
from tests.estimates.simulation.worlds import BIG, TYPICAL, World, panel

PLANTED, SPIKED = ("p000", "p001"), ("p002", "p003")
"""Pages of usual size that lose or gain for good, big pages that have one odd week."""
SINCE = 0.6
"""The planted change begins after this part of the series."""
LOSS, GAIN = 0.6, 1.35
"""A planted loss leaves so much; a planted event brings so much."""
SPIKE = 3.0
"""The odd week has so many times the clicks."""
JUDGED = 52


@dataclass(slots=True)
class Rate:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def add(self, hits: int, of: int) -> None:
        """Count more."""
        self.hits += int(hits)
        self.of += int(of)

    @property
    def share(self) -> float:
        """NaN without any."""
        return self.hits / self.of if self.of else float("nan")


def decay(world: World, runs: int) -> dict[str, Rate]:
    """False losses of pages without one; found and covered of pages that lost 40 % of their clicks."""
    false, found, covered = Rate(), Rate(), Rate()
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        nothing = decay_method.steps(panel(world, rng))
        false.add(len(_lost(nothing)), len(nothing))
        rows = decay_method.steps(panel(world, rng, _planted(world, LOSS)))
        own = rows[rows["key"].isin(PLANTED)]
        found.add(len(_lost(own)), len(own))
        covered.add(((own["low"] <= LOSS - 1) & (own["high"] >= LOSS - 1)).sum(), len(own))
    return {"false": false, "found": found, "covered": covered}


def _lost(rows: pd.DataFrame) -> pd.DataFrame:
    """What the screen lists; the rule stood in the answer up to version 0.9."""
    if hasattr(decay_method, "lost"):
        return decay_method.lost(rows)
    fewer = rows["clicks_after"] < rows["clicks_before"]
    return rows[(rows["lasting"] <= -0.1) & (rows["lost_low"] > 0) & fewer]


def _planted(world: World, factor: float) -> np.ndarray:
    added = np.zeros((world.weeks, world.pages))
    added[int(world.weeks * SINCE) :, TYPICAL] = np.log(factor)
    return added


def outlying(world: World, runs: int) -> dict[str, Rate]:
    """Screens and weeks with a report though nothing happened; found of big pages' weeks of three times the clicks."""
    screens, weeks, found = Rate(), Rate(), Rate()
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        clicks = panel(world, rng)
        false = len(outliers(clicks, JUDGED))
        screens.add(false > 0, 1)
        weeks.add(false, int((clicks.mean() >= 10).sum()) * min(JUDGED, world.weeks - 8))
        added = np.zeros((world.weeks, world.pages))
        added[-2, BIG] = np.log(SPIKE)
        with_spike = panel(world, rng, added)
        told = outliers(with_spike, JUDGED)
        newest = told[told["week"] == with_spike.index[-2]]
        found.add(newest["key"].isin(SPIKED).sum(), len(SPIKED))
    return {"screens": screens, "weeks": weeks, "found": found}


def happened(world: World, runs: int) -> dict[str, Rate]:
    """Events without effect that are called sure; found and covered of events that brought 35 %."""
    false, found, covered = Rate(), Rate(), Rate()
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        for factor in (1.0, GAIN):
            clicks = panel(world, rng, _planted(world, factor))
            since = clicks.index[int(len(clicks) * SINCE)]
            for name in clicks.columns[: len(PLANTED) if factor > 1 else 10]:
                seen = effect(clicks, name, since, list(clicks.columns))
                if seen is None or seen.short:
                    continue
                if factor > 1:
                    found.add(seen.low > 0, 1)
                    covered.add(seen.low <= factor - 1 <= seen.high, 1)
                else:
                    false.add(seen.sure, 1)
    return {"false": false, "found": found, "covered": covered}


def promised(portal: climbing.Portal, runs: int) -> dict[str, Rate]:
    """Of queries that reached their target: those whose clicks lie inside the interval."""
    covered = Rate()
    for seed in range(runs):
        reached, inside = climbing.covered(portal, seed)
        covered.add(inside, reached)
    return {"covered": covered}
