"""What is to be expected of each page query on each day, before chance: impressions, clicks, positions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from etl.demo.world.catalogue import Page
from etl.demo.world.page_queries import PageQueries, cannibalised
from etl.demo.world.planted_effects import Decay, GoLive, PlantedEffects
from etl.demo.world.rhythm import calendar_factor, season
from etl.demo.world.row_types import Floats, Ints
from etl.sources.rounds import days_between

FIRST_DAY = dt.date(2024, 7, 9)
LAST_DAY = dt.date(2025, 12, 17)
DAYS = days_between(FIRST_DAY, LAST_DAY)
WINDOW = (dt.date(2024, 12, 1), dt.date(2025, 11, 30))
"""The twelve months for which a page's clicks are given."""

_POSITIONS = (
    # the site's mean position: a young site in summer 2024, the step is the end of num=100:
    # people found the site no better after it, so clicks must not jump
    (dt.date(2024, 7, 9), 41.0),
    (dt.date(2024, 8, 20), 31.0),
    (dt.date(2024, 10, 16), 23.9),
    (dt.date(2024, 12, 15), 19.4),
    (dt.date(2025, 2, 15), 16.2),
    (dt.date(2025, 4, 15), 14.2),
    (dt.date(2025, 6, 30), 12.8),
    (dt.date(2025, 9, 9), 12.0),
    (dt.date(2025, 9, 15), 9.3),
    (dt.date(2025, 10, 16), 8.8),
    (dt.date(2025, 12, 17), 8.3),
)
_NUM_100_END = (dt.date(2025, 9, 10), dt.date(2025, 9, 15))
_INFLATION_BEGIN = dt.date(2025, 5, 13)
_INFLATION = 1.06
_CRAWL_DAYS = 50
_DEEP_RATIO = 0.117
DEEP_DEPTH = 34.0
"""Zero-based position of impressions that only 100 results a page caused: clicks never came from there."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """PageQueries × days. `depth` is the zero-based position of the first page, `rival_depth` of the second.

    `deep` are impressions that only tools with 100 results a page caused: desktop, without clicks.
    """

    impressions: Floats
    deep: Floats
    clicks: Floats
    rival_clicks: Floats
    depth: Floats
    rival_depth: Floats
    only_rival: Floats
    both: Floats


def index_of(day: dt.date) -> int:
    """Column of a day in every matrix."""
    return (day - FIRST_DAY).days


def day_range(first: dt.date, last: dt.date) -> slice:
    """Columns of a range of days, both included."""
    return slice(index_of(first), index_of(last) + 1)


YEAR = day_range(*WINDOW)
"""Columns of the window."""


def site_position() -> Floats:
    """The mean position that the site has on each day."""
    given_days = [index_of(day) for day, _ in _POSITIONS]
    depth = np.log([position - 1 for _, position in _POSITIONS])
    return np.asarray(1 + np.exp(np.interp(np.arange(len(DAYS)), given_days, depth)), dtype=np.float64)


def click_rate(depth: Floats) -> Floats:
    """The share of impressions that is clicked at a zero-based position: this site's own curve."""
    return np.asarray(0.34 * (1.0 + depth) ** -1.15, dtype=np.float64)


def _demand(pages: tuple[Page, ...], rng: np.random.Generator) -> Floats:
    seasons = {name: season(name, DAYS) for name in sorted({page.season for page in pages})}
    own = np.array([seasons[page.season] for page in pages])
    noise = np.exp(rng.normal(0.0, 0.10, own.shape))
    common = calendar_factor(DAYS) * np.exp(rng.normal(0.0, 0.035, len(DAYS)))
    crawled = np.clip(0.12 + np.arange(len(DAYS)) / _CRAWL_DAYS, 0.0, 1.0)
    return np.asarray(own * noise * common * crawled, dtype=np.float64)


def _deep_ratio() -> Floats:
    """Impressions that only 100 results a page caused, per other impression and day."""
    start, end = (index_of(day) for day in _NUM_100_END)
    ratio = np.interp(np.arange(len(DAYS)), [start - 1, end], [_DEEP_RATIO, 0.0])
    return np.asarray(ratio, dtype=np.float64)


def _deep(page_queries: PageQueries, impressions: Floats, depth: Floats) -> Floats:
    """Deep impressions by page query: mostly where the site stands far back anyway."""
    weight = impressions / (1.0 + np.exp((8.0 - depth) / 3.0))
    weight[page_queries.pinned] = 0.0
    day_total = _deep_ratio() * impressions.sum(axis=0)
    return np.asarray(weight * (day_total / weight.sum(axis=0)), dtype=np.float64)


def _visibility(depth: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + (depth / 70.0) ** 2), dtype=np.float64)


def _depths(page_queries: PageQueries, demand: Floats, page_clicks: Floats) -> Floats:
    """Positions per page query and day whose mean over expected impressions follows the site's path."""
    goal = site_position() - 1
    progress = goal / goal[index_of(dt.date(2025, 10, 16))]
    depth = page_queries.depth[:, None] * np.power(progress[None, :], page_queries.speed[:, None])
    depth[page_queries.pinned] = page_queries.depth[page_queries.pinned, None]
    free = ~page_queries.pinned
    for _ in range(4):
        weight = _impressions(page_queries, demand, depth, page_clicks)
        deep = _deep_ratio() * weight.sum(axis=0)
        settled = (weight[~free] * depth[~free]).sum(axis=0) + deep * DEEP_DEPTH
        scale = (goal * (weight.sum(axis=0) + deep) - settled) / (weight[free] * depth[free]).sum(axis=0)
        depth[free] *= scale
    return np.asarray(depth, dtype=np.float64)


def _impressions(page_queries: PageQueries, demand: Floats, depth: Floats, page_clicks: Floats) -> Floats:
    """Yearly as many as a page query is given, else as many as its clicks need at its positions."""
    shape = demand[page_queries.page] * _visibility(depth)
    clicked = (shape * (click_rate(depth) * page_queries.ctr_factor[:, None]))[:, YEAR].sum(axis=1)
    fixed = page_queries.fixed_impressions
    volume = np.where(np.isnan(fixed), page_clicks / clicked, fixed / shape[:, YEAR].sum(axis=1))
    return np.asarray(shape * volume[:, None], dtype=np.float64)


def _ramp(start: dt.date, days: int, factor: float) -> Floats:
    begin = index_of(start)
    path = np.interp(np.arange(len(DAYS)), [begin, begin + max(days, 1)], [1.0, factor])
    return np.asarray(path, dtype=np.float64)


def _since(start: dt.date, factor: float) -> Floats:
    return np.where(np.arange(len(DAYS)) >= index_of(start), factor, 1.0)


@dataclass(frozen=True, slots=True)
class _Planting:
    """The matrices while effects are planted into them."""

    page_queries: PageQueries
    number_of: dict[str, int]
    impressions: Floats
    clicks: Floats
    depth: Floats

    def rows(self, *paths: str) -> Ints:
        """The page queries of these pages."""
        return np.flatnonzero(np.isin(self.page_queries.page, [self.number_of[path] for path in paths]))

    def decay(self, plan: Decay) -> None:
        """A page that sinks and loses clicks."""
        rows, length = self.rows(plan.path), 7 * plan.weeks_to_floor
        goal = self.clicks[rows].sum(axis=0) * _ramp(plan.start, length, plan.clicks_factor)
        self.depth[rows] *= _ramp(plan.start, length, plan.position_factor)
        rate = click_rate(self.depth[rows])
        self.clicks[rows] = self.impressions[rows] * rate * self.page_queries.ctr_factor[rows, None]
        self.steer(rows, goal)

    def go_live(self, plan: GoLive) -> None:
        """A page that gains clicks against its peers from a day on."""
        rows = self.rows(plan.path)
        goal = self.clicks[self.rows(*plan.comparable)].sum(axis=0) * _since(plan.start, plan.clicks_factor)
        goal *= self.clicks[rows][:, YEAR].sum() / goal[YEAR].sum()
        self.steer(rows, goal)

    def steer(self, rows: Ints, goal: Floats) -> None:
        """Scale the queries of one page so that its daily clicks follow the goal."""
        factor = goal / self.clicks[rows].sum(axis=0)
        self.clicks[rows] *= factor
        self.impressions[rows] *= factor


def expect(
    pages: tuple[Page, ...], page_queries: PageQueries, effects: PlantedEffects, rng: np.random.Generator
) -> Expectation:
    """The whole model before chance, with the planted effects in it."""
    number_of = {page.path: number for number, page in enumerate(pages)}
    page_clicks = np.array([float(page.clicks) for page in pages])[page_queries.page] * page_queries.clicks
    ctr_factor = page_queries.ctr_factor[:, None]
    demand = _demand(pages, rng)
    depth = _depths(page_queries, demand, page_clicks)
    impressions = _impressions(page_queries, demand, depth, page_clicks)
    clicks = impressions * click_rate(depth) * ctr_factor

    planting = _Planting(page_queries, number_of, impressions, clicks, depth)
    planting.decay(effects.decay)
    planting.go_live(effects.go_live)

    deep = _deep(page_queries, impressions, depth)
    impressions *= _since(_INFLATION_BEGIN, _INFLATION)
    only_rival = np.repeat(page_queries.only_rival[:, None], len(DAYS), axis=1)
    both = np.repeat(page_queries.both[:, None], len(DAYS), axis=1)
    fought = cannibalised(page_queries, number_of, effects)
    early = np.arange(len(DAYS)) < index_of(effects.cannibalisation.start)
    only_rival[np.ix_(fought, early)] = 0.0
    both[np.ix_(fought, early)] = 0.0

    rival_depth = 1.4 * depth + 1.2
    rival_clicks = impressions * (click_rate(rival_depth) * ctr_factor) * (only_rival + 0.25 * both)
    clicks *= 1.0 - only_rival
    return Expectation(impressions, deep, clicks, rival_clicks, depth, rival_depth, only_rival, both)
