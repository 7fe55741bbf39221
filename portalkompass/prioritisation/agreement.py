"""Several voices: how far ballots lie apart, and the median that a group may adopt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from portalkompass.prioritisation.criteria import PrioritisationError

_LEAST_ROOM = 1e-9
LEAST_IN_COMMON = 2
"""Criteria on which both must have an opinion: on one alone any two weigh alike."""


@dataclass(frozen=True)
class Agreement:
    """``spread``: criterion (index), median, low, high (quartiles), least, most; shares 0 … 1 of a ballot, NaN where
    nobody has an opinion; opinions: how many have one.

    ``overlap``: 0 … 1, the share of their weight that two participants distribute alike, on average over all
    pairs that have an opinion on the same two criteria or more; NaN without such a pair. ``chance``: what it would be
    if everybody gave the same weights to criteria by lot; ``beyond_chance``: (overlap − chance) / (1 − chance), 1
    alike, 0 as by lot, NaN where nobody tells criteria apart.
    """

    ballots: int
    spread: pd.DataFrame
    overlap: float
    chance: float = float("nan")

    @property
    def beyond_chance(self) -> float:
        """Agreement that chance does not give, as kappa measures it."""
        room = 1.0 - self.chance
        return (self.overlap - self.chance) / room if room > _LEAST_ROOM else float("nan")


def agreement(ballots: pd.DataFrame, opinions: pd.DataFrame | None = None) -> Agreement:
    """Spread and agreement of ballots (participants × criteria, points ≥ 0; only ratios count).

    ``opinions`` (same shape) says which points are an opinion; without it all are. Overlap of two ballots with shares
    a and b of the criteria on which both have one: 1 − ½ Σ|aᵢ − bᵢ| (1 alike, 0 nothing in common). Ballots without
    any points are left out.
    """
    shares = _shares(ballots, opinions)
    quartiles = {"median": 0.5, "low": 0.25, "high": 0.75, "least": 0.0, "most": 1.0}
    spread = pd.DataFrame({name: shares.quantile(at) for name, at in quartiles.items()}, index=shares.columns)
    spread["opinions"] = shares.count()
    return Agreement(len(shares), spread, *_overlap_and_chance(shares.to_numpy(dtype="float64")))


def median_weights(ballots: pd.DataFrame, opinions: pd.DataFrame | None = None) -> dict[str, float]:
    """The median share of each criterion, scaled to sum 1.

    Of the ballots with an opinion on it (see ``agreement``); where nobody has one, of where its slider began.

    Raises:
        PrioritisationError: there is no ballot, or every median is 0 (everybody chose something else).
    """
    shares = _shares(ballots, opinions)
    if shares.empty:
        raise PrioritisationError("Es liegt noch keine Stimme vor.")
    median = shares.median().fillna(_shares(ballots).median())
    if median.sum() <= 0:
        raise PrioritisationError(
            "Der Median ist bei jedem Kriterium 0; die Stimmen liegen zu weit auseinander."
        )
    return {str(name): float(value) for name, value in (median / median.sum()).items()}


def _shares(ballots: pd.DataFrame, opinions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Shares of a whole ballot, NaN for what is no opinion."""
    sums = ballots.sum(axis=1)
    shares = ballots[sums > 0].div(sums[sums > 0], axis=0)
    return shares if opinions is None else shares.where(opinions[sums > 0])


def _overlap_and_chance(shares: np.ndarray) -> tuple[float, float]:
    """Means over all pairs with two opinions in common: their overlap, and what it would be by lot.

    By lot each puts its own weights on these criteria: exact, over all orders. Each weight of one then meets each of
    the other equally often: the mean of Σ|aᵢ − b_π(i)| is Σᵢⱼ|aᵢ − bⱼ| / n.
    """
    overlap, chance, pairs = 0.0, 0.0, 0
    # ballot by ballot: all pairs at once would take hundreds of megabytes with 500 ballots
    for place, own in enumerate(shares):
        others = shares[place + 1 :]
        both = ~np.isnan(own) & ~np.isnan(others)
        mine, theirs = np.where(both, own, 0.0), np.where(both, others, 0.0)
        sums = mine.sum(axis=1), theirs.sum(axis=1)
        usable = (both.sum(axis=1) >= LEAST_IN_COMMON) & (sums[0] > 0) & (sums[1] > 0)
        both = both[usable]
        mine = mine[usable] / sums[0][usable, None]
        theirs = theirs[usable] / sums[1][usable, None]
        met = np.abs(mine[:, :, None] - theirs[:, None, :]) * both[:, :, None] * both[:, None, :]
        overlap += float((1.0 - np.abs(mine - theirs).sum(axis=1) / 2).sum())
        chance += float((1.0 - met.sum(axis=(1, 2)) / (2 * both.sum(axis=1))).sum())
        pairs += len(both)
    return (overlap / pairs, chance / pairs) if pairs else (float("nan"), float("nan"))
