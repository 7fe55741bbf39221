"""How two periods of unequal length or coverage are compared: sums per day with data, means and rates as they are.

A month of 28 days has fewer clicks than one of 31 without being worse, and a missing day takes its clicks away. So
sums are set side by side per day with data wherever the number of those days differs. Where the coverage itself is
too uneven, the days that are there need not stand for those that are not: then sums are not compared.
"""

from __future__ import annotations

from dataclasses import dataclass

UNEVEN = 0.05
"""Share of days by which the coverage of two periods may differ before sums are not compared."""

SMALL_BASE = 20
"""Counts below which a sentence says no percentage of them: 7 easily become 28."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Days with data of one grain in both periods, and the days that each period has in the calendar."""

    like: int
    before: int
    like_length: int
    before_length: int

    @property
    def comparable(self) -> bool:
        """Whether both sides have data, on about the same share of their days."""
        if not self.like or not self.before:
            return False
        return abs(self.like / self.like_length - self.before / self.before_length) <= UNEVEN

    @property
    def per_day(self) -> bool:
        """Whether sums are compared per day, because the numbers of days differ."""
        return self.like != self.before

    @property
    def factor(self) -> float | None:
        """What an earlier sum is multiplied with to stand for as many days; None where nothing is comparable."""
        return self.like / self.before if self.comparable else None


def relative(like: float | None, before: float | None, exposure: Exposure | None) -> float | None:
    """Change of a sum, 0.1 for 10 % more (per day with data); None where nothing was before or comparable."""
    factor = None if exposure is None else exposure.factor
    if like is None or not before or factor is None:
        return None
    return like / (before * factor) - 1


def difference(like: float | None, before: float | None) -> float | None:
    """Places or shares more than before; None where one is unknown."""
    return None if like is None or before is None else like - before
