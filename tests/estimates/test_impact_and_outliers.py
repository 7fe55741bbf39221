import numpy as np
import pandas as pd
import pytest

from portalkompass.estimates.impact import alike, effect
from portalkompass.estimates.outliers import adjusted, outliers

WEEKS = pd.date_range("2024-01-01", periods=80, freq="7D")
NOISE = np.random.default_rng(7)


def portal(level=200.0):
    """Six pages that share a season; page a doubles from week 60 on."""
    season = 1 + 0.3 * np.sin(np.arange(80) / 52 * 2 * np.pi)
    pages = {name: NOISE.poisson(level * season).astype(float) for name in "abcdef"}
    pages["a"][60:] *= 2
    return pd.DataFrame(pages, index=WEEKS)


def test_a_doubling_is_found_against_the_pages_alike_and_the_year_before():
    found = effect(portal(), "a", WEEKS[60], list("abcdef"))
    assert found.yearly
    assert found.weeks == 20
    assert found.low < 1.0 < found.high
    assert found.change == pytest.approx(1.0, abs=0.15)
    assert "a" not in found.alike
    assert len(found.course) == 20


def test_a_page_without_an_event_shows_none():
    found = effect(portal(), "b", WEEKS[60], list("bcdef"))
    assert not found.sure


def test_without_a_year_before_the_weeks_before_are_compared():
    found = effect(portal().iloc[40:], "a", WEEKS[60], list("abcdef"))
    assert not found.yearly
    assert found.change == pytest.approx(1.0, abs=0.2)


def test_few_weeks_are_called_short():
    found = effect(portal().iloc[:64], "a", WEEKS[60], list("abcdef"))
    assert found.weeks == 4
    assert found.short


def test_nothing_is_said_without_a_week_after_or_a_page_alike():
    assert effect(portal(), "a", pd.Timestamp("2026-01-05"), list("abcdef")) is None
    assert effect(portal(), "a", WEEKS[60], ["a"]) is None


def test_pages_alike_are_of_similar_size():
    pages = portal().assign(small=1.0, huge=1e6)
    assert set(alike(pages.iloc[:60], "a", ["b", "small", "huge"])) == {"b"}


def test_adjusted_p_values_by_hand():
    """0,01·3/1, 0,02·3/2, 0,5·3/3, then the smallest from behind."""
    assert adjusted(np.array([0.5, 0.01, 0.02])).tolist() == pytest.approx([0.5, 0.03, 0.03])


def test_one_week_at_double_height_is_the_only_outlier():
    pages = portal()
    pages.loc[WEEKS[60] :, "a"] /= 2
    pages.loc[WEEKS[70], "c"] *= 2
    found = outliers(pages, weeks=30)
    assert (found.iloc[0]["key"], found.iloc[0]["week"]) == ("c", WEEKS[70])
    assert found.iloc[0]["ratio"] == pytest.approx(1.0, abs=0.3)
    assert set(found["key"]) == {"c"}


def test_a_season_that_moves_all_pages_is_no_outlier():
    pages = portal()
    pages.loc[WEEKS[60] :, "a"] /= 2
    pages.loc[WEEKS[70]] *= 3
    assert outliers(pages, weeks=30).empty
