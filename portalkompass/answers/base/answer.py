"""What every answer has in common: the filters it was asked with, and the parts it is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from portalkompass.answers.base.scope import WHOLE, Scope
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.trends import Grain

Compare = Literal["previous_year", "previous_period", "free", "none"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; hashable, so that it is part of the cache key. Days are inclusive.

    ``compare_from`` and ``compare_to`` are the days of a free comparison; without the last one it is as long as the
    period itself. ``as_of`` is the day on which the OZG list is looked at (None: its newest state).
    """

    site: str
    start: dt.date
    end: dt.date
    compare: Compare = "previous_year"
    grain: Grain = "month"
    search_type: str = "web"
    compare_from: dt.date | None = None
    compare_to: dt.date | None = None
    scope: Scope = WHOLE
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number on a card. ``change`` is written out in words beside it, never by colour alone.

    ``value`` and ``change`` are finished German text ("23,9", "15,1 Plätze besser als im Vorjahr");
    ``good`` says whether the change is an improvement (None: neither). ``trend`` is drawn as a small line
    without axes; the change in words says what it shows. ``id``, ``number`` and ``change_number`` are the same for
    scripts: unrounded, None where the text is no number, or where a small count is hidden; ``like_number`` and
    ``before_number`` are the two that the change compares. ``brief`` is the change with both values for a card
    ("15,7 Plätze besser (25,7 → 10,0)"), and ``compared`` the days of both ("Aug. bis Nov. 2025 gegenüber …").
    """

    label: str
    value: str
    help: str
    change: str = ""
    good: bool | None = None
    trend: tuple[float, ...] = ()
    id: str = ""
    number: float | None = None
    change_number: float | None = None
    like_number: float | None = None
    before_number: float | None = None
    brief: str = ""
    compared: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a page's question: a message sentence first, then figures, then exhibits.

    ``caveats`` are printed wherever the answer is shown (known anomalies, hidden shares, gaps);
    ``next_steps`` tell what to do where data are missing.
    """

    message: str
    exhibits: tuple[Exhibit, ...] = ()
    figures: tuple[Figure, ...] = ()
    caveats: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    data_date: dt.date | None = None
    sample: bool = False
