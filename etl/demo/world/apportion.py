"""From expectation to whole numbers: every page's yearly clicks come out exactly as given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.demo.world.catalogue import Page
from etl.demo.world.expectation import DAYS, DEEP_DEPTH, YEAR, Expectation
from etl.demo.world.page_queries import PageQueries
from etl.demo.world.row_types import Floats, Ints

CALIBRATED = {"2024-10": 23.9, "2025-10": 8.8}
"""Months whose impression-weighted mean position (byProperty) is given."""


def days_of(month: str) -> Ints:
    """Columns of a month's days (YYYY-MM)."""
    return np.flatnonzero([day.isoformat().startswith(month) for day in DAYS])


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whole numbers, page queries × days: the property, its first page, the second page. Depths are sums."""

    clicks: Ints
    impressions: Ints
    depth: Ints
    deep_impressions: Ints
    page_clicks: Ints
    page_impressions: Ints
    page_depth: Ints
    rival_clicks: Ints
    rival_impressions: Ints
    rival_depth: Ints


def _apportion(expected: Floats, total: int | None, start: float) -> Ints:
    """Whole numbers that follow `expected` cell by cell and sum to `total` (systematic rounding)."""
    flat = expected.ravel()
    if total is not None:
        flat = flat * (total / flat.sum())
    steps = np.floor(np.cumsum(flat) + start)
    return np.diff(steps, prepend=0.0).astype(np.int64).reshape(expected.shape)


def _scale(expectation: Expectation, pages: tuple[Page, ...], page_queries: PageQueries) -> Floats:
    """Factor per page query with which each page's clicks as first and as second page meet its figure."""
    own = expectation.clicks[:, YEAR].sum(axis=1)
    lent = expectation.rival_clicks[:, YEAR].sum(axis=1)
    goal = np.array([page.clicks for page in pages], dtype=np.float64)
    given = ~np.isnan(page_queries.fixed_impressions)
    scale = np.ones(len(pages))
    has_rival = page_queries.rival >= 0
    for _ in range(6):
        factor = np.where(given, 1.0, scale[page_queries.page])
        inflow = np.bincount(page_queries.rival[has_rival], (lent * factor)[has_rival], len(pages))
        settled = np.bincount(page_queries.page[given], own[given], len(pages))
        free = np.bincount(page_queries.page[~given], own[~given], len(pages))
        scale = np.maximum((goal - inflow - settled) / free, 0.05)
    return np.asarray(np.where(given, 1.0, scale[page_queries.page]), dtype=np.float64)


def _draw_clicks(
    own: Floats, lent: Floats, pages: tuple[Page, ...], page_queries: PageQueries, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    page_clicks = np.zeros(own.shape, dtype=np.int64)
    rival_clicks = np.zeros(own.shape, dtype=np.int64)
    for number, page in enumerate(pages):
        mine, lending = (
            np.flatnonzero(page_queries.page == number),
            np.flatnonzero(page_queries.rival == number),
        )
        expected = np.concatenate([own[mine], lent[lending]]).T
        parts = ((slice(0, YEAR.start), None), (YEAR, page.clicks), (slice(YEAR.stop, None), None))
        drawn = np.concatenate(
            [_apportion(expected[days], total, rng.uniform(0.1, 0.9)) for days, total in parts]
        ).T
        page_clicks[mine], rival_clicks[lending] = drawn[: len(mine)], drawn[len(mine) :]
    return page_clicks, rival_clicks


def _month_correction(depth_sum: Floats, impressions: Ints) -> Floats:
    """Factor per day that brings the calibrated months to their figure; smooth in between."""
    places, factors = [], []
    for month, position in sorted(CALIBRATED.items()):
        days = days_of(month)
        goal = (position - 1) * impressions[:, days].sum()
        places += [days[0], days[-1]]
        factors += [goal / depth_sum[:, days].sum()] * 2
    return np.asarray(np.interp(np.arange(len(DAYS)), places, factors), dtype=np.float64)


def draw(
    expectation: Expectation, pages: tuple[Page, ...], page_queries: PageQueries, rng: np.random.Generator
) -> Outcome:
    """One outcome of the model. Clicks never exceed impressions; the property counts a result page once."""
    scale = _scale(expectation, pages, page_queries)[:, None]
    own, lent = expectation.clicks * scale, expectation.rival_clicks * scale
    page_clicks, rival_clicks = _draw_clicks(own, lent, pages, page_queries, rng)
    clicks_at_most = page_clicks + rival_clicks
    unclicked = rng.poisson(np.maximum(expectation.impressions * scale - own - lent, 0.0))
    deep = rng.poisson(expectation.deep * scale)
    impressions = clicks_at_most + unclicked + deep

    has_rival = (page_queries.rival >= 0)[:, None]
    only_rival = np.where(has_rival, rng.binomial(rival_clicks + unclicked, expectation.only_rival), 0)
    page_impressions = impressions - only_rival
    beside = np.where(has_rival, rng.binomial(page_impressions, expectation.both), 0)
    rival_impressions = np.maximum(only_rival + beside, rival_clicks)
    together = np.minimum(page_clicks, rival_impressions - only_rival)
    twice = np.minimum(rng.binomial(rival_clicks, 0.15), together)
    clicks = clicks_at_most - twice

    wobble = np.exp(rng.normal(0.0, 0.12, impressions.shape))
    page_depth = expectation.depth * wobble * (page_impressions - deep) + DEEP_DEPTH * deep
    rival_mean = expectation.rival_depth * wobble
    correction = _month_correction(page_depth + rival_mean * only_rival, impressions)

    def whole(sums: Floats) -> Ints:
        return np.floor(sums * correction + rng.random(sums.shape)).astype(np.int64)

    page_sum, alone_sum = whole(page_depth), whole(rival_mean * only_rival)
    return Outcome(
        clicks=clicks,
        impressions=impressions,
        depth=page_sum + alone_sum,
        deep_impressions=deep,
        page_clicks=page_clicks,
        page_impressions=page_impressions,
        page_depth=page_sum,
        rival_clicks=rival_clicks,
        rival_impressions=rival_impressions,
        rival_depth=alone_sum + whole(rival_mean * (rival_impressions - only_rival)),
    )
