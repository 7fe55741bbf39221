import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from portalkompass.estimates.click_change import PARTS, split
from portalkompass.estimates.ctr_curve import Curve

CURVE = Curve((1.0, 5.0, 20.0), (0.3, 0.06, 0.01), (0.2, 0.04, 0.0), (0.4, 0.1, 0.02), (1e4, 1e4, 1e4))


def rows(*cells):
    """Rows of (clicks, impressions, position) now and before."""
    names = [
        f"{name}{suffix}" for suffix in ("", "_before") for name in ("clicks", "impressions", "position")
    ]
    return pd.DataFrame([[*now, *before] for now, before in cells], columns=names).astype("float64")


def test_more_searches_at_the_same_rate_and_place_are_demand():
    parts = split(rows(((60, 1000, 5), (30, 500, 5))), CURVE).iloc[0]
    assert parts.to_dict() == pytest.approx({"demand": 30, "place": 0, "rate": 0, "change": 30})


def test_a_better_place_that_brings_what_it_usually_brings_is_place():
    parts = split(rows(((300, 1000, 1), (60, 1000, 5))), CURVE).iloc[0]
    assert parts.to_dict() == pytest.approx({"demand": 0, "place": 240, "rate": 0, "change": 240})


def test_another_rate_at_the_same_place_is_the_rate():
    parts = split(rows(((30, 1000, 5), (60, 1000, 5))), CURVE).iloc[0]
    assert parts.to_dict() == pytest.approx({"demand": 0, "place": 0, "rate": -30, "change": -30})


def test_what_was_not_shown_before_or_is_no_longer_is_demand():
    parts = split(rows(((20, 100, 3), (0, 0, np.nan)), ((0, 0, np.nan), (7, 90, 4))), CURVE)
    assert parts[["demand", "place", "rate"]].to_numpy().tolist() == [[20, 0, 0], [-7, 0, 0]]


def test_the_earlier_sums_stand_for_as_many_days():
    parts = split(rows(((31, 310, 5), (28, 280, 5))), CURVE, factor=31 / 28).iloc[0]
    assert parts.to_dict() == pytest.approx({"demand": 0, "place": 0, "rate": 0, "change": 0}, abs=1e-9)


def test_without_a_curve_the_place_explains_nothing():
    parts = split(rows(((300, 1000, 1), (60, 1000, 5))), None).iloc[0]
    assert (parts["place"], parts["rate"]) == (0, pytest.approx(240))


counts = some.tuples(some.integers(0, 10_000), some.integers(0, 90_000), some.floats(1, 100)).map(
    lambda cell: (min(cell[0], cell[1]), cell[1], cell[2] if cell[1] else np.nan)
)


@given(some.lists(some.tuples(counts, counts), min_size=1, max_size=8), some.floats(0.5, 2))
def test_the_parts_are_the_change_to_the_digit(cells, factor):
    drawn = rows(*cells)
    parts = split(drawn, CURVE, factor)
    change = drawn["clicks"] - drawn["clicks_before"] * factor
    assert np.allclose(parts[list(PARTS)].sum(axis=1), change, rtol=1e-9, atol=1e-6)
    assert np.isfinite(parts.to_numpy()).all()
