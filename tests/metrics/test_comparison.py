"""Sums of unequal length or coverage: per day with data, or not at all."""

import pytest

from portalkompass.metrics.comparison import Exposure, difference, relative


def test_a_short_month_is_compared_per_day():
    """28 days with 4.1 % fewer clicks than 31 days: a day has 6.2 % more."""
    month = Exposure(like=28, before=31, like_length=28, before_length=31)
    assert month.per_day
    assert month.comparable
    assert relative(959.0, 1000.0, month) == pytest.approx(959 / 28 / (1000 / 31) - 1)


def test_a_few_missing_days_are_taken_out():
    gap = Exposure(like=122, before=118, like_length=122, before_length=122)
    assert relative(3170.0, 1000.0 * 118 / 122, gap) == pytest.approx(2.17)


def test_too_uneven_a_coverage_is_not_compared():
    gap = Exposure(like=122, before=100, like_length=122, before_length=122)
    assert not gap.comparable
    assert gap.factor is None
    assert relative(10.0, 10.0, gap) is None


@pytest.mark.parametrize("days", [(0, 10), (10, 0)])
def test_no_day_on_one_side_compares_nothing(days):
    assert Exposure(*days, 10, 10).factor is None


def test_nothing_before_and_unknown_values_have_no_change():
    even = Exposure(30, 30, 30, 30)
    assert relative(5.0, 0.0, even) is None
    assert relative(None, 5.0, even) is None
    assert relative(5.0, 5.0, None) is None
    assert difference(None, 1.0) is None
    assert difference(3.0, 1.0) == pytest.approx(2.0)
