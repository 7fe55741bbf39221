"""What was promised, held against what came: hit, missed, not due, or not to be judged; and all verdicts together."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from portalkompass.estimates.forecast import LEVEL

ENOUGH_VERDICTS = 10
"""Due promises with an interval below which their share says nothing."""

Outcome = Literal["hit", "above", "below", "not_due", "no_data", "no_interval"]
Arrival = Literal["on_time", "late", "not_yet", "overdue"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure promised for the days from ``start`` to ``end``; low and high are None where no interval was given.

    ``value``, ``low``, ``high`` are a rate (clicks a day, cases a year), so that windows of unequal length compare.
    """

    value: float
    low: float | None
    high: float | None
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of ``due`` promises with an interval ``hits`` lay within; expected are ``least`` to ``most`` of as many.

    ``enough`` is False below ``ENOUGH_VERDICTS``: then no sentence may be made of it.
    """

    due: int
    hits: int
    least: int
    most: int

    @property
    def enough(self) -> bool:
        """Whether the share says anything."""
        return self.due >= ENOUGH_VERDICTS

    @property
    def fits(self) -> bool:
        """Whether as many lay within as intervals of this level let expect."""
        return self.least <= self.hits <= self.most


def outcome(promise: Promise, actual: float | None, data_day: dt.date) -> Outcome:
    """The verdict on a figure; ``actual`` has the unit of the promise, None where there are no data of the window.

    A promise is due once the data reach the end of its window; missing data are never taken for zero.
    """
    if data_day < promise.end:
        return "not_due"
    if actual is None or math.isnan(actual):
        return "no_data"
    if promise.low is None or promise.high is None:
        return "no_interval"
    if actual < promise.low:
        return "below"
    return "above" if actual > promise.high else "hit"


def arrival(promised: dt.date, happened: dt.date | None, today: dt.date) -> tuple[Arrival, int]:
    """Whether something came by the day it was promised for, and by how many days it was or is late (0 if not)."""
    day = today if happened is None else happened
    late = max((day - promised).days, 0)
    if happened is None:
        return ("overdue", late) if late else ("not_yet", 0)
    return ("late", late) if late else ("on_time", 0)


def calibration(outcomes: list[Outcome], level: float = LEVEL) -> Calibration:
    """How many of the due promises lay within their intervals, and how many are to be expected.

    Expected are the counts between the 5 % and the 95 % quantile of a binomial distribution with ``level``.
    """
    judged = [one for one in outcomes if one in ("hit", "above", "below")]
    due = len(judged)
    return Calibration(
        due,
        judged.count("hit"),
        _binomial_quantile(due, level, 0.05),
        _binomial_quantile(due, level, 0.95),
    )


def _binomial_quantile(trials: int, chance: float, share: float) -> int:
    """The least count up to which at least ``share`` of a binomial distribution lies."""
    below = 0.0
    for count in range(trials):
        below += math.comb(trials, count) * chance**count * (1.0 - chance) ** (trials - count)
        if below >= share:
            return count
    return trials
