import datetime as dt

import numpy as np
import pandas as pd
import pytest

from portalkompass.estimates.ctr_curve import Curve, falling_rates, fit
from portalkompass.estimates.potential import (
    expected,
    factors,
    potential,
    rarely_clicked,
    recent_since,
    standing,
    target,
    usual_error,
)


def cells(*rows):
    return pd.DataFrame(rows, columns=["query", "position", "impressions", "clicks"])


def flat_curve():
    """10 % up to place 3, 1 % from place 10 on; a straight line on logarithmic scales between."""
    return Curve((3.0, 10.0), (0.1, 0.01), (0.08, 0.005), (0.12, 0.02), (1000.0, 1000.0))


def test_rates_never_rise_with_the_place():
    assert falling_rates(np.array([0.2, 0.1, 0.4, 0.05]), np.array([1.0, 3.0, 1.0, 1.0])).tolist() == (
        pytest.approx([0.2, 0.175, 0.175, 0.05])
    )


def test_the_curve_goes_through_the_bands_and_leaves_odd_queries_out():
    usual = [
        (f"q{n}", place, 1000, clicks)
        for n, (place, clicks) in enumerate([(2.2, 100), (6.0, 50), (15.0, 10)] * 3)
    ]
    curve = fit(cells(*usual, ("odd", 2.2, 1000, 5)))
    assert curve.positions == pytest.approx((2.2, 6.0, 15.0))
    assert curve.rates == pytest.approx((0.1, 0.05, 0.01))


def test_two_bands_make_no_curve():
    assert fit(cells(("a", 2.2, 1000, 100), ("b", 15.0, 1000, 10))) is None


def test_beyond_the_outermost_bands_the_curve_is_flat():
    assert flat_curve().rate(np.array([1.0, 3.0, 10.0, 80.0])).tolist() == pytest.approx(
        [0.1, 0.1, 0.01, 0.01]
    )


def test_the_target_is_five_places_further_up_but_never_beyond_place_three():
    assert target(np.array([2.0, 3.0, 5.0, 8.0, 20.0])).tolist() == [2.0, 3.0, 3.0, 3.0, 15.0]


def stands(position, factor=1.0, a_year=1000.0):
    return pd.DataFrame({"position": [position], "factor": [factor], "a_year": [a_year]})


def test_extra_clicks_are_impressions_a_year_times_the_difference_of_the_rates():
    row = potential(stands(8.0), flat_curve(), error=np.log(1.5)).iloc[0]
    today = 1000 * flat_curve().rate(np.array([8.0]))[0]
    assert row["target"] == 3
    assert row["extra"] == pytest.approx(1000 * 0.1 - today)
    assert row["extra_low"] == pytest.approx(1000 * 0.1 / 1.5 - today)
    assert row["extra_high"] == pytest.approx(1000 * 0.1 * 1.5 - today)


def test_who_is_clicked_twice_as_often_as_usual_is_so_at_the_target_too():
    plain, double = (potential(stands(8.0, factor), flat_curve(), 0.5).iloc[0] for factor in (1.0, 2.0))
    assert double["extra"] == pytest.approx(2 * plain["extra"])


def test_who_is_at_the_target_and_clicked_more_often_than_usual_gains_nothing():
    row = potential(stands(3.0, factor=3.0), flat_curve(), 0.5).iloc[0]
    assert (row["extra"], row["extra_low"], row["extra_high"]) == (0, 0, 0)


def test_where_the_curve_is_flat_nothing_is_expected_but_the_range_is_not_empty():
    row = potential(stands(2.9), flat_curve(), error=np.log(1.5)).iloc[0]
    assert (row["target"], row["extra"], row["extra_high"]) == (2.9, 0, 0)
    level = Curve((2.0, 9.0), (0.1, 0.1), (0.1, 0.1), (0.1, 0.1), (1e3, 1e3))
    row = potential(stands(8.0), level, error=np.log(1.5)).iloc[0]
    assert (row["target"], row["extra"], row["extra_low"]) == (3.0, 0, 0)
    assert row["extra_high"] == pytest.approx(1000 * 0.1 * 0.5)


def test_who_is_at_the_target_or_lifted_and_clicked_too_rarely_is_to_be_clicked_as_usual():
    there = potential(stands(3.0, factor=0.4), flat_curve(), 0.1).iloc[0]
    assert there["extra"] == pytest.approx(1000 * 0.1 * 0.6)
    lifted = potential(stands(8.0, factor=0.4), flat_curve(), 0.1, np.array([True])).iloc[0]
    assert lifted["target_rate"] == pytest.approx(0.1)


def by_month(query, *rows):
    names = ["query", "month", "position", "impressions", "clicks"]
    months = pd.date_range("2025-01-01", periods=len(rows), freq="MS")
    return pd.DataFrame(
        [(query, month, *row) for month, row in zip(months, rows, strict=True)], columns=names
    )


def test_a_place_is_that_of_the_newest_months_and_a_year_that_of_all_days_with_data():
    rows = by_month("a", (20.0, 100, 0), (8.0, 100, 1), (8.0, 100, 1), (5.0, 200, 8))
    row = standing(rows, ["query"], flat_curve(), days=73, since=recent_since(rows)).iloc[0]
    assert row["position"] == pytest.approx((8 * 200 + 5 * 200) / 400)
    assert (row["impressions"], row["clicks"]) == (400, 10)
    assert row["a_year"] == pytest.approx(500 * 5)


def test_months_before_google_counted_otherwise_tell_nothing_of_today():
    rows = by_month("a", *[(8.0, 100, 1)] * 6)
    assert recent_since(rows) == pd.Timestamp("2025-04-01")
    assert recent_since(rows, [dt.date(2025, 5, 13)]) == pd.Timestamp("2025-06-01")
    assert recent_since(rows, [dt.date(2025, 6, 13)]) == pd.Timestamp("2025-04-01")


def test_too_few_clicks_are_reported_beyond_chance_only():
    """Of 100 expected clicks, 80 at the lowest: 60 are too few (60 + 2.33 · 7.8 = 78), 70 may be chance."""
    rows = pd.DataFrame(
        {"expected": [100.0, 100, 100, 9], "expected_low": [80.0, 80, 80, 9], "clicks": [40, 60, 70, 0]}
    )
    assert rarely_clicked(rows).tolist() == [True, True, False, False]


def test_few_clicks_are_drawn_to_the_mean_and_many_stay():
    usual = np.array([1000.0, 1000.0, 6.0])
    found = factors(np.array([1500.0, 500.0, 12.0]), usual)
    assert found[:2].tolist() == pytest.approx([1.5, 0.5], abs=0.05)
    assert 1.0 < found[2] < 1.7
    assert factors(np.array([3.0]), np.array([2.0])).tolist() == [1.0]


def test_without_a_year_of_climbing_queries_the_range_is_half_to_double():
    rows = by_month("a", (20.0, 100, 0), (8.0, 100, 1))
    assert usual_error(rows, rows["query"] != "") == (pytest.approx(np.log(2)), 0)


def test_expected_clicks_are_those_of_the_places_a_page_really_had():
    rows = pd.DataFrame(
        {"url": ["a", "a"], "position": [3.0, 10.0], "impressions": [100, 100], "clicks": [4, 2]}
    )
    row = expected(rows, "url", flat_curve()).iloc[0]
    assert row["expected"] == pytest.approx(100 * 0.1 + 100 * 0.01)
    assert row["position"] == 6.5
    assert row["lacking"] == pytest.approx(5)
