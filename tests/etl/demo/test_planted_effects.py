"""Each planted effect must be measurable in what the stand-in serves."""

from __future__ import annotations

import datetime as dt

import numpy as np

from etl.demo.world.expectation import WINDOW, day_range
from etl.demo.world.row_types import Ints
from etl.demo.world.world import DemoWorld

WEEK = dt.timedelta(days=7)


def weeks_of_clicks(world: DemoWorld, path: str, start: dt.date, count: int) -> int:
    return world.clicks_by_page(start, start + count * WEEK - dt.timedelta(days=1))[path]


def page_sums(world: DemoWorld, first: dt.date, last: dt.date) -> tuple[Ints, Ints, Ints]:
    """Clicks, impressions and position sums per page number, byPage."""
    days, cells, count = day_range(first, last), world.page_cells, len(world.pages)
    span = slice(int(cells.start[days.start]), int(cells.start[days.stop]))
    page = cells.page[span]
    return (
        np.bincount(page, cells.clicks[span], count).astype(np.int64),
        np.bincount(page, cells.impressions[span], count).astype(np.int64),
        np.bincount(page, cells.depth[span], count).astype(np.int64),
    )


def test_effect_dates_are_mondays_and_paths_exist(world: DemoWorld) -> None:
    effects = world.effects
    starts = (effects.decay.start, effects.cannibalisation.start, effects.go_live.start)
    assert [start.weekday() for start in starts] == [0, 0, 0]
    named = {
        effects.decay.path,
        effects.cannibalisation.path,
        effects.cannibalisation.rival,
        effects.ctr_outlier.path,
        effects.go_live.path,
        *effects.go_live.comparable,
        effects.unmet.landing,
    }
    assert named <= {page.path for page in world.pages}


def test_decay_halves_the_page_while_the_site_grows(world: DemoWorld) -> None:
    decay = world.effects.decay
    floor = decay.start + decay.weeks_to_floor * WEEK
    before = weeks_of_clicks(world, decay.path, decay.start - 8 * WEEK, 8)
    after = weeks_of_clicks(world, decay.path, floor, 8)
    others_before = world.clicks_by_page(decay.start - 8 * WEEK, decay.start - dt.timedelta(days=1))
    others_after = world.clicks_by_page(floor, floor + 8 * WEEK - dt.timedelta(days=1))
    growth = sum(others_after.values()) / sum(others_before.values())
    assert 0.45 < after / before / growth < 0.55


def test_rival_pages_share_the_query_group_from_the_given_week_on(world: DemoWorld) -> None:
    plan = world.effects.cannibalisation
    rival = [page.path for page in world.pages].index(plan.rival)
    queries = {number for number, text in enumerate(world.queries) if plan.query_contains in text}

    def rival_share(first: dt.date, last: dt.date) -> float:
        days, cells = day_range(first, last), world.page_cells
        span = slice(int(cells.start[days.start]), int(cells.start[days.stop]))
        fought = np.isin(cells.query[span], sorted(queries))
        mine = fought & (cells.page[span] == rival)
        return float(cells.impressions[span][mine].sum() / cells.impressions[span][fought].sum())

    assert rival_share(plan.start - 12 * WEEK, plan.start - dt.timedelta(days=1)) < 0.02
    assert 0.38 < rival_share(plan.start, plan.start + 12 * WEEK) < 0.55


def test_ctr_outlier_is_the_only_page_so_far_below_its_peers(world: DemoWorld) -> None:
    clicks, impressions, depth = page_sums(world, *WINDOW)
    position, rate = depth / impressions + 1, clicks / impressions
    outlier = [page.path for page in world.pages].index(world.effects.ctr_outlier.path)
    good = np.flatnonzero((position < 6) & (impressions > 5_000))
    assert 2.0 < position[outlier] < 3.0
    assert rate[outlier] < 0.5 * min(rate[page] for page in good if page != outlier)


def test_go_live_brings_35_percent_against_comparable_pages(world: DemoWorld) -> None:
    live = world.effects.go_live

    def growth(paths: tuple[str, ...], before: dt.date, after: dt.date, weeks: int) -> float:
        first = sum(weeks_of_clicks(world, path, before, weeks) for path in paths)
        return sum(weeks_of_clicks(world, path, after, weeks) for path in paths) / first

    for before, after, weeks in (
        (live.start - 16 * WEEK, live.start, 16),
        # the same weeks of its own previous year, which begin with the portal in July 2024
        (dt.date(2024, 9, 2), dt.date(2025, 9, 1), 14),
    ):
        gain = growth((live.path,), before, after, weeks) / growth(live.comparable, before, after, weeks)
        assert abs(gain - live.clicks_factor) < 0.05


def test_unmet_topic_has_many_impressions_far_back_on_the_search_page_only(world: DemoWorld) -> None:
    unmet, cells, days = world.effects.unmet, world.page_cells, day_range(*WINDOW)
    span = slice(int(cells.start[days.start]), int(cells.start[days.stop]))
    numbers = [world.queries.index(text) for text in unmet.queries]
    asked = np.isin(cells.query[span], numbers)
    impressions = cells.impressions[span][asked]
    assert set(cells.page[span][asked].tolist()) == {[p.path for p in world.pages].index(unmet.landing)}
    assert abs(impressions.sum() / unmet.impressions_per_year - 1) < 0.08
    assert cells.depth[span][asked].sum() / impressions.sum() + 1 > 20
    assert all(any(word in text for word in unmet.query_contains) for text in unmet.queries)
