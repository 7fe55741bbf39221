from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest

from etl.demo.world.apportion import Outcome, days_of
from etl.demo.world.expectation import DAYS, WINDOW, day_range
from etl.demo.world.row_types import Rows
from etl.demo.world.world import DemoWorld, build_world
from portalkompass.settings import DEMO_SITE

TOP_FIVE = {
    "/leistung/wunschkennzeichen": 18_925,
    "/leistung/anmeldung-oder-ummeldung-ihres-wohnsitzes": 17_316,
    "/leistung/bewohnerparkausweis": 15_902,
    "/leistung/wohngeld": 14_050,
    "/organisationseinheit/auslaenderwesen-abteilung-333": 13_812,
}
PENDING = (
    "meldebescheinigungen",
    "statusabfrage-ausweisdokumente",
    "pflegewohngeld",
    "hundesteuer",
    "bauportal",
    "reitkennzeichen",
    "fischereischeine",
    "abfallentsorgung",
)
SOME_DAYS = [dt.date(2024, 7, 9), dt.date(2024, 12, 25), dt.date(2025, 6, 2), dt.date(2025, 12, 17)]


def month_position(outcome: Outcome, month: str) -> float:
    """Impression-weighted mean position of the property in a month (YYYY-MM)."""
    days = days_of(month)
    return float(outcome.depth[:, days].sum() / outcome.impressions[:, days].sum()) + 1


def totals(rows: Rows) -> tuple[int, int, float]:
    assert rows.sum_position is not None
    return int(rows.clicks.sum()), int(rows.impressions.sum()), round(float(rows.sum_position.sum()), 6)


def web(world: DemoWorld, day: dt.date, *dimensions: str, by_page: bool = False) -> Rows:
    return world.rows(DEMO_SITE, "web", day, dimensions, by_page)


@pytest.mark.parametrize(("month", "position"), [("2024-10", 23.9), ("2025-10", 8.8)])
def test_calibrated_months_have_the_reports_position(world: DemoWorld, month: str, position: float) -> None:
    assert abs(month_position(world.outcome, month) - position) < 0.005


def test_top_five_pages_have_the_reports_clicks_and_lead_clearly(world: DemoWorld) -> None:
    ranked = sorted(world.clicks_by_page(*WINDOW).items(), key=lambda item: -item[1])
    assert dict(ranked[:5]) == TOP_FIVE
    assert ranked[5][1] < 10_000


def test_every_page_gets_exactly_the_clicks_of_the_catalogue(world: DemoWorld) -> None:
    assert world.clicks_by_page(*WINDOW) == {page.path: page.clicks for page in world.pages}


def test_the_path_between_the_calibrated_months_only_improves(world: DemoWorld) -> None:
    months = sorted({day.isoformat()[:7] for day in DAYS})
    positions = [month_position(world.outcome, month) for month in months]
    assert all(later < earlier for earlier, later in itertools.pairwise(positions))
    assert max(earlier - later for earlier, later in itertools.pairwise(positions)) < 6


@pytest.mark.parametrize("day", SOME_DAYS)
def test_segments_sum_to_the_property(world: DemoWorld, day: dt.date) -> None:
    assert totals(web(world, day, "country", "device")) == totals(web(world, day))
    assert totals(web(world, day, "device")) == totals(web(world, day))


@pytest.mark.parametrize("day", SOME_DAYS)
def test_queries_by_device_keep_the_sums_of_each_query(world: DemoWorld, day: dt.date) -> None:
    crossed = web(world, day, "query", "device")
    alone = web(world, day, "query")
    sums: dict[str, int] = {}
    for query, count in zip(crossed.keys[0], crossed.impressions.tolist(), strict=True):
        sums[query] = sums.get(query, 0) + count
    assert sums == dict(zip(alone.keys[0], alone.impressions.tolist(), strict=True))


def test_pages_count_more_than_the_property(world: DemoWorld) -> None:
    outcome = world.outcome
    page_clicks = outcome.page_clicks.sum() + outcome.rival_clicks.sum()
    page_impressions = outcome.page_impressions.sum() + outcome.rival_impressions.sum()
    assert outcome.clicks.sum() < page_clicks < 1.01 * outcome.clicks.sum()
    assert 1.02 < page_impressions / outcome.impressions.sum() < 1.10
    for day in SOME_DAYS:
        assert totals(web(world, day, "page", by_page=True))[0] >= totals(web(world, day))[0]


def test_listed_queries_cover_58_to_62_percent_of_the_years_clicks(world: DemoWorld) -> None:
    inside = day_range(*WINDOW)
    listed = world.page_queries.query >= 0
    clicks = world.outcome.clicks[:, inside]
    assert 0.58 < clicks[listed].sum() / clicks.sum() < 0.62


def test_queries_never_exceed_the_property_on_any_day(world: DemoWorld) -> None:
    listed = world.page_queries.query >= 0
    assert (world.outcome.clicks[listed].sum(axis=0) <= world.outcome.clicks.sum(axis=0)).all()


def test_page_query_rows_hold_exactly_the_listed_queries(world: DemoWorld) -> None:
    day = dt.date(2025, 10, 14)
    pairs, queries = web(world, day, "page", "query", by_page=True), web(world, day, "query")
    assert set(pairs.keys[1]) == set(queries.keys[0])
    assert 500 <= len(pairs) <= 900


def test_clicks_never_exceed_impressions_and_positions_are_at_least_one(world: DemoWorld) -> None:
    for cells in (world.property_cells, world.page_cells):
        assert (cells.clicks <= cells.impressions).all()
        assert cells.clicks.min() >= 0
        assert cells.depth.min() >= 0


def test_the_end_of_num_100_costs_desktop_impressions_but_no_clicks(world: DemoWorld) -> None:
    def desktop(first: dt.date, last: dt.date) -> float:
        days = day_range(first, last)
        return float(world.segments.impressions[days, 0::3].sum() / world.segments.impressions[days].sum())

    before = (dt.date(2025, 8, 25), dt.date(2025, 9, 7))
    after = (dt.date(2025, 9, 15), dt.date(2025, 9, 28))
    clicks = world.outcome.clicks.sum(axis=0)
    assert desktop(*before) - desktop(*after) > 0.04
    assert 0.9 < clicks[day_range(*after)].sum() / clicks[day_range(*before)].sum() < 1.15


def test_weekends_are_quieter(world: DemoWorld) -> None:
    clicks = world.outcome.clicks.sum(axis=0)[day_range(dt.date(2025, 9, 1), dt.date(2025, 9, 28))]
    week = clicks.reshape(4, 7).sum(axis=0)
    assert week[5:].mean() < 0.75 * week[:5].mean()


def test_demand_of_the_pending_services_differs_clearly(world: DemoWorld) -> None:
    clicks = dict.fromkeys(PENDING, 0)
    for page in world.pages:
        if page.service_id in clicks:
            clicks[page.service_id] += page.clicks
    ranked = sorted(clicks, key=lambda service: -clicks[service])
    assert ranked == [
        "abfallentsorgung",
        "hundesteuer",
        "meldebescheinigungen",
        "bauportal",
        "statusabfrage-ausweisdokumente",
        "fischereischeine",
        "pflegewohngeld",
        "reitkennzeichen",
    ]
    assert clicks["reitkennzeichen"] < 100
    assert clicks["meldebescheinigungen"] > 8_000


def test_the_same_seed_gives_the_same_world_and_another_seed_another(world: DemoWorld) -> None:
    again = build_world()
    assert np.array_equal(again.outcome.clicks, world.outcome.clicks)
    assert np.array_equal(again.outcome.depth, world.outcome.depth)
    assert np.array_equal(again.segments.impressions, world.segments.impressions)
    other = build_world(seed=1)
    assert not np.array_equal(other.outcome.impressions[:5], world.outcome.impressions[:5])
    assert other.clicks_by_page(*WINDOW)["/leistung/wohngeld"] == 14_050


def test_days_outside_the_world_and_other_search_types_are_empty(world: DemoWorld) -> None:
    assert len(web(world, dt.date(2024, 7, 8))) == 0
    assert len(world.rows(DEMO_SITE, "image", dt.date(2025, 1, 1), ("page",), True)) == 0
    assert len(world.rows("https://andere.example/", "web", dt.date(2025, 1, 1), (), False)) == 0
