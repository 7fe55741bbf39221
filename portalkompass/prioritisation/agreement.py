"""Several voices: how far ballots lie apart, and the median that a group may adopt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from portalkompass.prioritisation.criteria import PrioritisationError

_LEAST_ROOM = 1e-9


@dataclass(frozen=True)
class Agreement:
    """``spread``: criterion (index), median, low, high (quartiles), least, most; shares 0 … 1 of a ballot.

    ``overlap``: 0 … 1, the share of their weight that two participants distribute alike, on average over all
    pairs; NaN with fewer than two ballots. ``chance``: what it would be if everybody gave the same weights to criteria
    by lot; ``beyond_chance``: (overlap − chance) / (1 − chance), 1 alike, 0 as by lot, NaN where nobody tells
    criteria apart.
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


def touched(ballots: pd.DataFrame, start: Mapping[str, float]) -> pd.DataFrame:
    """The ballots on which at least one slider was moved from where it began; the others are no opinion."""
    begin = pd.Series(
        {name: float(start.get(name, float("nan"))) for name in ballots.columns}, dtype="float64"
    )
    return ballots[(ballots != begin).any(axis=1)]


def agreement(ballots: pd.DataFrame) -> Agreement:
    """Spread and agreement of ballots (participants × criteria, points ≥ 0; only ratios count).

    Overlap of two ballots with shares a and b: 1 − ½ Σ|aᵢ − bᵢ| (1 alike, 0 nothing in common). Ballots
    without any points are left out.
    """
    shares = _shares(ballots)
    quartiles = {"median": 0.5, "low": 0.25, "high": 0.75, "least": 0.0, "most": 1.0}
    spread = pd.DataFrame({name: shares.quantile(at) for name, at in quartiles.items()}, index=shares.columns)
    values = shares.to_numpy(dtype="float64")
    return Agreement(len(shares), spread, _overlap(values), _chance(values))


def median_weights(ballots: pd.DataFrame) -> dict[str, float]:
    """The median share of each criterion, scaled to sum 1.

    Raises:
        PrioritisationError: there is no ballot, or every median is 0 (everybody chose something else).
    """
    shares = _shares(ballots)
    if shares.empty:
        raise PrioritisationError("Es liegt noch keine Stimme vor.")
    median = shares.median()
    if median.sum() <= 0:
        raise PrioritisationError(
            "Der Median ist bei jedem Kriterium 0; die Stimmen liegen zu weit auseinander."
        )
    return {str(name): float(value) for name, value in (median / median.sum()).items()}


def _shares(ballots: pd.DataFrame) -> pd.DataFrame:
    sums = ballots.sum(axis=1)
    return ballots[sums > 0].div(sums[sums > 0], axis=0)


def _overlap(shares: np.ndarray) -> float:
    if len(shares) < 2:  # noqa: PLR2004
        return float("nan")
    apart = np.abs(shares[:, None, :] - shares[None, :, :]).sum(axis=2) / 2
    pairs = np.triu_indices(len(shares), 1)
    return float(1.0 - apart[pairs].mean())


def _chance(shares: np.ndarray) -> float:
    """The mean overlap of two ballots when each puts its own weights on criteria by lot: exact, over all orders.

    By lot each weight of one meets each of the other equally often: the mean of Σ|aᵢ − b_π(i)| is Σᵢⱼ|aᵢ − bⱼ| / n.
    """
    ballots, criteria = shares.shape
    if ballots < 2:  # noqa: PLR2004
        return float("nan")
    # ballot by ballot: all pairs at once would take hundreds of megabytes with 500 ballots
    apart = sum(
        float(np.abs(own[None, :, None] - shares[place + 1 :, None, :]).sum())
        for place, own in enumerate(shares)
    )
    pairs = ballots * (ballots - 1) / 2
    return float(1.0 - apart / (2 * criteria * pairs))
