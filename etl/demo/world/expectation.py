"""What is to be expected of each slot on each day: impressions, clicks and positions, before chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from etl.demo.world.catalogue import Page
from etl.demo.world.page_queries import Slots, cannibalised
from etl.demo.world.planted_effects import Truths
from etl.demo.world.rhythm import calendar_factor, days_between, season
from etl.demo.world.row_types import Floats

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
    """Slots × days. `depth` is the zero-based position of the first page, `rival_depth` of the second.

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


def site_position() -> Floats:
    """The mean position that the site has on each day."""
    known = [index_of(day) for day, _ in _POSITIONS]
    depth = np.log([position - 1 for _, position in _POSITIONS])
    return np.asarray(1 + np.exp(np.interp(np.arange(len(DAYS)), known, depth)), dtype=np.float64)


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


def _deep(slots: Slots, impressions: Floats, depth: Floats) -> Floats:
    """Deep impressions by slot: mostly where the site stands far back anyway."""
    weight = impressions / (1.0 + np.exp((8.0 - depth) / 3.0))
    weight[slots.pinned] = 0.0
    day_total = _deep_ratio() * impressions.sum(axis=0)
    return np.asarray(weight * (day_total / weight.sum(axis=0)), dtype=np.float64)


def _visibility(depth: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + (depth / 70.0) ** 2), dtype=np.float64)


def _window() -> slice:
    return slice(index_of(WINDOW[0]), index_of(WINDOW[1]) + 1)


def _volume(slots: Slots, shape: Floats, page_clicks: Floats) -> Floats:
    """Yearly size of each slot: what its clicks need at its positions, or the impressions it is given."""
    inside = shape[:, _window()].sum(axis=1)
    volume = np.where(np.isnan(slots.fixed_impressions), page_clicks / inside, 0.0)
    return np.asarray(volume, dtype=np.float64)


def _depths(slots: Slots, demand: Floats, page_clicks: Floats) -> Floats:
    """Positions per slot and day whose mean over expected impressions follows the site's path."""
    goal = site_position() - 1
    progress = goal / goal[index_of(dt.date(2025, 10, 16))]
    depth = slots.depth[:, None] * np.power(progress[None, :], slots.speed[:, None])
    depth[slots.pinned] = slots.depth[slots.pinned, None]
    free = ~slots.pinned
    for _ in range(4):
        weight = _impressions(slots, demand, depth, page_clicks)
        deep = _deep_ratio() * weight.sum(axis=0)
        settled = (weight[~free] * depth[~free]).sum(axis=0) + deep * DEEP_DEPTH
        scale = (goal * (weight.sum(axis=0) + deep) - settled) / (weight[free] * depth[free]).sum(axis=0)
        depth[free] *= scale
    return np.asarray(depth, dtype=np.float64)


def _impressions(slots: Slots, demand: Floats, depth: Floats, page_clicks: Floats) -> Floats:
    shape = demand[slots.page] * _visibility(depth)
    rate = click_rate(depth) * slots.ctr_factor[:, None]
    volume = _volume(slots, shape * rate, page_clicks)
    fixed = ~np.isnan(slots.fixed_impressions)
    volume[fixed] = slots.fixed_impressions[fixed] / shape[fixed][:, _window()].sum(axis=1)
    return np.asarray(shape * volume[:, None], dtype=np.float64)


def _ramp(start: dt.date, days: int, factor: float) -> Floats:
    begin = index_of(start)
    path = np.interp(np.arange(len(DAYS)), [begin, begin + max(days, 1)], [1.0, factor])
    return np.asarray(path, dtype=np.float64)


def _steer(rows: np.ndarray, goal: Floats, *matrices: Floats) -> None:
    """Scale the slots of one page so that its daily clicks (first matrix) follow the goal."""
    factor = goal / matrices[0][rows].sum(axis=0)
    for matrix in matrices:
        matrix[rows] *= factor


def expect(pages: tuple[Page, ...], slots: Slots, truths: Truths, rng: np.random.Generator) -> Expectation:
    """The whole model before chance, with the planted truths in it."""
    number_of = {page.path: number for number, page in enumerate(pages)}
    page_clicks = np.array([page.clicks for page in pages], dtype=np.float64)[slots.page] * slots.clicks
    demand = _demand(pages, rng)
    depth = _depths(slots, demand, page_clicks)
    impressions = _impressions(slots, demand, depth, page_clicks)
    clicks = impressions * click_rate(depth) * slots.ctr_factor[:, None]

    decay = truths.decay
    falling = np.flatnonzero(slots.page == number_of[decay.path])
    before = clicks[falling].sum(axis=0)
    length = 7 * decay.weeks_to_floor
    depth[falling] *= _ramp(decay.start, length, decay.position_factor)
    clicks[falling] = impressions[falling] * click_rate(depth[falling]) * slots.ctr_factor[falling, None]
    _steer(falling, before * _ramp(decay.start, length, decay.clicks_factor), clicks, impressions)

    live = truths.go_live
    peers = np.isin(slots.page, [number_of[path] for path in live.comparable])
    lift = np.where(np.arange(len(DAYS)) >= index_of(live.start), live.clicks_factor, 1.0)
    lifted = np.flatnonzero(slots.page == number_of[live.path])
    goal = clicks[peers].sum(axis=0) * lift
    goal *= clicks[lifted][:, _window()].sum() / goal[_window()].sum()
    _steer(lifted, goal, clicks, impressions)

    deep = _deep(slots, impressions, depth)
    inflated = np.where(np.arange(len(DAYS)) >= index_of(_INFLATION_BEGIN), _INFLATION, 1.0)
    impressions *= inflated
    only_rival = np.repeat(slots.only_rival[:, None], len(DAYS), axis=1)
    both = np.repeat(slots.both[:, None], len(DAYS), axis=1)
    fought = cannibalised(slots, number_of, truths)
    early = np.arange(len(DAYS)) < index_of(truths.cannibalisation.start)
    only_rival[np.ix_(fought, early)] = 0.0
    both[np.ix_(fought, early)] = 0.0

    rival_depth = 1.4 * depth + 1.2
    rival_rate = click_rate(rival_depth) * slots.ctr_factor[:, None]
    rival_clicks = impressions * rival_rate * (only_rival + 0.25 * both)
    clicks *= 1.0 - only_rival
    return Expectation(impressions, deep, clicks, rival_clicks, depth, rival_depth, only_rival, both)
