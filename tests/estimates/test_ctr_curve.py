import numpy as np
import pandas as pd
import pytest

from portalkompass.estimates.ctr_curve import Curve, falling_rates, fit
from portalkompass.estimates.potential import expected, potential, target


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


def test_extra_clicks_are_impressions_times_the_difference_of_the_rates_a_year():
    rows = pd.DataFrame({"position": [8.0], "impressions": [1000], "clicks": [0]})
    row = potential(rows, flat_curve(), days=73).iloc[0]
    assert row["target"] == 3
    assert row["extra"] == pytest.approx(5 * 1000 * 0.1)
    assert row["extra_low"] == pytest.approx(5 * 1000 * 0.08)
    assert row["extra_high"] == pytest.approx(5 * 1000 * 0.12)


def test_who_is_clicked_more_often_than_usual_keeps_the_lead():
    rows = pd.DataFrame({"position": [3.0], "impressions": [1000], "clicks": [300]})
    assert potential(rows, flat_curve(), days=365).iloc[0]["extra"] == 0


def test_expected_clicks_are_those_of_the_places_a_page_really_had():
    rows = pd.DataFrame(
        {"url": ["a", "a"], "position": [3.0, 10.0], "impressions": [100, 100], "clicks": [4, 2]}
    )
    row = expected(rows, "url", flat_curve()).iloc[0]
    assert row["expected"] == pytest.approx(100 * 0.1 + 100 * 0.01)
    assert row["position"] == 6.5
    assert row["lacking"] == pytest.approx(5)
