"""How much each scale holds. Figures are rows a day, as Search Console would deliver them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from etl.sources.rounds import days_between
from portalkompass.settings import DEMO_SITE

LAST_DAY = dt.date(2025, 12, 15)
"""Last final day; as in the small sample the day after is provisional."""
PROVISIONAL = LAST_DAY + dt.timedelta(days=1)
MONTHS_16 = 486
"""Days that Google keeps."""
GOOGLE_LIMIT = 50_000
"""Rows of one day and grain that Google hands out; what is left out is rare, and the day is called capped."""


class Scale(StrEnum):
    """The scales that ``python -m etl demo --scale`` knows."""

    CITY = "city"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Size:
    """One property, and ``municipalities`` small ones beside it.

    ``queries`` and ``pages`` are what the whole time knows, ``queries_a_day`` what a usual day lists.
    """

    days: int
    pages: int
    queries: int
    queries_a_day: int
    municipalities: int = 0


SIZES = {
    Scale.CITY: Size(MONTHS_16, pages=600, queries=6_000, queries_a_day=900),
    Scale.LARGE: Size(MONTHS_16, pages=4_000, queries=120_000, queries_a_day=21_000, municipalities=300),
}


@dataclass(frozen=True, slots=True)
class Property:
    """One property to draw. ``seed`` is all its chance; ``home`` is the name that local queries carry."""

    site: str
    municipality: str
    home: str
    seed: int
    pages: int
    queries: int
    queries_a_day: float


def properties(size: Size) -> tuple[Property, ...]:
    """The large property first, then the small ones, whose sizes differ by a factor of fifteen."""
    main = Property(DEMO_SITE, "leverkusen", "leverkusen", 0, size.pages, size.queries, size.queries_a_day)
    small = (
        Property(
            f"https://gemeinde-{number:03d}.example/",
            f"gemeinde-{number:03d}",
            f"gemeinde {number:03d}",
            seed=number,
            pages=24,
            queries=60,
            # From villages with hardly a listed query to towns: most are small.
            queries_a_day=2.0 + 28.0 * ((number * 37 % 300) / 300) ** 2,
        )
        for number in range(1, size.municipalities + 1)
    )
    return (main, *small)


def days(size: Size) -> tuple[dt.date, ...]:
    """All days with data, the provisional one last."""
    return tuple(days_between(PROVISIONAL - dt.timedelta(days=size.days - 1), PROVISIONAL))
