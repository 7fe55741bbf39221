"""Present value and break-even points, against sums written out and against each other."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portalkompass.prioritisation.planning import Business, Rates, annuity, economy, present_value

RATES = Rates(day=500.0, hour=40.0, discount=0.02, years=3)
KNOWN = Business(days=10.0, once=2_000.0, yearly=300.0, cases=1_200.0, minutes=6.0)


def test_the_present_value_is_the_sum_year_by_year() -> None:
    saved = 1_200 * 6 / 60 * 40
    by_hand = -(10 * 500 + 2_000) + sum((saved - 300) / 1.02**year for year in (1, 2, 3))
    found = economy(KNOWN, RATES)
    assert (found.introduction, found.saved, found.missing) == (7_000.0, saved, ())
    assert found.present_value == pytest.approx(by_hand, abs=1e-9)
    assert found.years_to_even == 2


@settings(max_examples=150, deadline=None)
@given(
    st.floats(0, 300),
    st.floats(0, 1e5),
    st.floats(0, 2e4),
    st.floats(1, 1e5),
    st.floats(0.5, 120),
    st.floats(-0.02, 0.08),
    st.integers(1, 15),
)
def test_at_each_break_even_point_nothing_is_left(
    days, once, yearly, cases, minutes, discount, years
) -> None:
    known = Business(days, once, yearly, cases, minutes)
    rates = Rates(600.0, 45.0, discount, years)
    found = economy(known, rates)
    scale = 1 + once + days * 600 + annuity(discount, years) * (yearly + found.saved)
    assert present_value(known, rates, cases=found.even_cases) == pytest.approx(0, abs=1e-9 * scale)
    assert present_value(known, rates, minutes=found.even_minutes) == pytest.approx(0, abs=1e-9 * scale)
    if not math.isnan(found.even_once):
        assert present_value(known, rates, once=found.even_once) == pytest.approx(0, abs=1e-9 * scale)
    else:
        assert present_value(known, rates, once=0.0) < 0
    assert (found.years_to_even is not None) == (found.present_value >= 0) or abs(
        found.present_value
    ) < 1e-9 * scale


def test_what_costs_more_each_year_than_it_saves_never_pays() -> None:
    found = economy(replace(KNOWN, days=0.0, once=0.0, yearly=1e6), RATES)
    assert found.present_value < 0
    assert found.years_to_even is None


@pytest.mark.parametrize("name", ["days", "once", "yearly", "cases", "minutes"])
def test_what_is_not_known_is_named_and_never_0(name) -> None:
    found = economy(Business(**{**dict.fromkeys(Business.__slots__, 5.0), name: None}), RATES)
    assert len(found.missing) == 1
    assert math.isnan(found.present_value)
    assert math.isnan(found.even_cases)


def test_a_rate_is_missing_only_where_it_is_multiplied_with_something() -> None:
    without = Rates(None, None, 0.0, 5)
    assert economy(Business(0.0, 10.0, 1.0, 0.0, None), without).missing == ()
    assert economy(Business(0.0, 10.0, 1.0, 0.0, None), without).present_value == -15.0
    assert economy(KNOWN, without).missing == ("Tagessatz", "Stundensatz")
    assert economy(KNOWN, Rates(1.0, 1.0, None, 5)).missing == ("Kalkulationszins",)
