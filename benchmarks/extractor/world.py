"""A synthetic property of any size whose row counts and sums are known beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from etl.demo.world.row_types import Floats, Ints, Rows

SITE = "sc-domain:messung.example"
LAST_DAY = dt.date(2025, 3, 18)
TODAY = LAST_DAY + dt.timedelta(days=2)
_HOST = "https://portal.messung.example"
_COUNTRIES = ("deu", "aut", "che", "nld", "bel", "fra", "pol", "tur", "ita", "esp")
_DEVICES = ("DESKTOP", "MOBILE", "TABLET")
_PAGES_PER_QUERY = 4
_HIDDEN_SHARE = 0.4
GROUPINGS: dict[str, tuple[str, ...]] = {
    "search_site_day": (),
    "search_segment_day": ("country", "device"),
    "search_query_day": ("query",),
    "search_page_day": ("page",),
    "search_page_query_day": ("page", "query"),
}


@dataclass(frozen=True, slots=True)
class Sums:
    """What must arrive of one table."""

    rows: int
    clicks: int
    impressions: int


@dataclass(frozen=True)
class BenchWorld:
    """``pages`` × ``queries`` rows a day over ``days`` days up to ``LAST_DAY``; implements ``rows.World``.

    Every row has impressions, so counts are exact: a day has pages × queries rows by page and query,
    ``pages`` by page, a quarter of the first by query (each query leads to four pages), 30 segments, one total.
    """

    pages: int
    queries: int
    days: int

    @property
    def sites(self) -> tuple[str, ...]:
        """The one property."""
        return (SITE,)

    @property
    def last_day(self) -> dt.date:
        """Newest day, already final on ``TODAY``."""
        return LAST_DAY

    @property
    def first_day(self) -> dt.date:
        """Oldest day."""
        return LAST_DAY - dt.timedelta(days=self.days - 1)

    @property
    def rows_per_day(self) -> int:
        """Rows of the five grains of one day."""
        listed = self.pages * self.queries
        return listed + self.pages + self._distinct_queries + len(_COUNTRIES) * len(_DEVICES) + 1

    @property
    def all_days(self) -> list[dt.date]:
        """Every day, oldest first."""
        return [self.first_day + dt.timedelta(days=number) for number in range(self.days)]

    def truth(self) -> dict[str, Sums]:
        """Rows, clicks and impressions that a complete archive holds, per table."""
        found = {}
        for table, dimensions in GROUPINGS.items():
            days = [self.rows(SITE, "web", day, dimensions, "page" in dimensions) for day in self.all_days]
            found[table] = Sums(
                sum(len(rows) for rows in days),
                sum(int(rows.clicks.sum()) for rows in days),
                sum(int(rows.impressions.sum()) for rows in days),
            )
        return found

    @property
    def _distinct_queries(self) -> int:
        return self.pages * self.queries // _PAGES_PER_QUERY

    @cached_property
    def _page_names(self) -> list[str]:
        return [f"{_HOST}/leistungen/bereich-{n % 17}/leistung-{n:04d}" for n in range(self.pages)]

    @cached_property
    def _query_names(self) -> list[str]:
        return [f"antrag leistung {n:05d} stadt" for n in range(self._distinct_queries)]

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        """Page number and query number of every pair; a page's queries are all different."""
        pairs = np.arange(self.pages * self.queries, dtype=np.int64)
        return pairs // self.queries, pairs % self._distinct_queries

    @cached_property
    def _pair_keys(self) -> tuple[list[str], list[str]]:
        page, query = self._pairs
        return (
            [self._page_names[n] for n in page.tolist()],
            [self._query_names[n] for n in query.tolist()],
        )

    def rows(
        self, site: str, search_type: str, day: dt.date, dimensions: tuple[str, ...], by_page: bool
    ) -> Rows:
        """One day grouped; sums agree over all groupings, and queries leave the hidden share out."""
        if site != SITE or search_type != "web" or "searchAppearance" in dimensions:
            return Rows(tuple([] for _ in dimensions), *(np.zeros(0, np.int64),) * 2, np.zeros(0))
        clicks, impressions, depth = self._listed(day)
        page, query = self._pairs
        match dimensions:
            case ("page", "query"):
                return Rows(self._pair_keys, clicks, impressions, depth)
            case ("query",):
                return _summed(query, self._query_names, clicks, impressions, depth)
            case ("page",):
                hidden = _with_hidden(clicks, impressions, depth)
                return _summed(page, self._page_names, *hidden)
            case ("country", "device"):
                segments = [(c, d) for c in _COUNTRIES for d in _DEVICES]
                place = np.arange(len(clicks), dtype=np.int64) % len(segments)
                summed = _summed(place, ["" for _ in segments], *_with_hidden(clicks, impressions, depth))
                keys = ([c for c, _ in segments], [d for _, d in segments])
                return Rows(keys, summed.clicks, summed.impressions, summed.sum_position)
            case ():
                totals = _with_hidden(clicks, impressions, depth)
                return _summed(np.zeros(len(clicks), np.int64), [""], *totals, keyless=True)
        raise ValueError(f"the benchmark world is not grouped by {dimensions}")

    def _listed(self, day: dt.date) -> tuple[Ints, Ints, Floats]:
        chance = np.random.default_rng(day.toordinal())
        impressions = 1 + chance.geometric(0.08, self.pages * self.queries).astype(np.int64)
        clicks = chance.binomial(impressions, 0.06).astype(np.int64)
        return clicks, impressions, chance.gamma(2.0, 4.0, len(clicks)) * impressions


def _with_hidden(clicks: Ints, impressions: Ints, depth: Floats) -> tuple[Ints, Ints, Floats]:
    more = np.ceil(impressions * _HIDDEN_SHARE).astype(np.int64)
    return clicks + more // 20, impressions + more, depth * (1.0 + more / impressions)


def _summed(
    place: Ints, names: list[str], clicks: Ints, impressions: Ints, depth: Floats, *, keyless: bool = False
) -> Rows:
    size = len(names)
    return Rows(
        () if keyless else (names,),
        np.bincount(place, clicks, size).astype(np.int64),
        np.bincount(place, impressions, size).astype(np.int64),
        np.bincount(place, depth, size).astype(np.float64),
    )
