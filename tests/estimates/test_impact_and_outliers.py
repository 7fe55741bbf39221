import numpy as np
import pandas as pd
import pytest

from portalkompass.estimates.impact import alike, effect
from portalkompass.estimates.outliers import (
    adjusted,
    course,
    outliers,
    p_values,
    scatter,
    tail_freedom,
)

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
    assert outliers(steady(level=np.where(np.arange(80) == 70, 600.0, 200.0)), weeks=30).empty


def steady(level=200.0, pages="abcdefghij"):
    noise = np.random.default_rng(3)
    levels = np.broadcast_to(level, 80)
    return pd.DataFrame({name: noise.poisson(levels).astype(float) for name in pages}, index=WEEKS)


def test_the_newest_week_is_judged_and_a_missing_week_before_it_hinders_nothing():
    pages = steady(pages=[*"abcdefghij", *(f"p{n}" for n in range(50))])
    pages.loc[WEEKS[79], "d"] *= 3
    found = outliers(pages.drop(index=WEEKS[[60, 77]]), weeks=5)
    assert found[["key", "week"]].to_numpy().tolist() == [["d", WEEKS[79]]]


def test_what_comes_back_every_year_is_expected_though_weeks_are_missing():
    """Each year in the same eight weeks a page has half as many clicks again; half of that is expected again."""
    level = np.full(80, 400.0)
    level[[*range(10, 18), *range(62, 70)]] = 600.0
    pages = steady().assign(a=level)
    whole, broken = course(pages, "a"), course(pages.drop(index=WEEKS[[30, 31]]), "a")
    week = WEEKS[62]
    expected = [float(rows.set_index("week").loc[week, "expected"]) for rows in (whole, broken)]
    assert expected[0] > 440
    assert expected[1] == pytest.approx(expected[0], rel=0.01)


def test_an_outlier_of_last_year_is_no_outlier_of_the_other_kind_this_year():
    pages = steady()
    pages.loc[WEEKS[20], "a"] *= 6
    assert outliers(pages, weeks=30).empty


def test_heavy_tails_are_seen_and_raise_the_bar():
    noise = np.random.default_rng(1)
    normal, heavy = noise.standard_normal((80, 60)), noise.standard_t(3, (80, 60))
    assert tail_freedom(heavy) < 10 < tail_freedom(normal)
    assert p_values(np.array([6.0]), 5.0)[0] > 100 * p_values(np.array([6.0]), 35.0)[0]


def test_chances_of_a_t_distribution_by_the_table():
    """Two-sided 5 % and 1 % points of 10 degrees of freedom: 2.228 and 3.169."""
    assert p_values(np.array([2.228, 3.169]), 10.0).tolist() == pytest.approx([0.05, 0.01], rel=0.03)


def test_the_winsorised_scatter_is_that_of_normal_values_and_takes_no_notice_of_an_outlier():
    values = np.random.default_rng(5).standard_normal((4000, 1))
    values[0] = 1e6
    assert scatter(values)[0] == pytest.approx(1.0, abs=0.05)
    assert np.isnan(scatter(values[:10]))[0]


def test_a_single_week_has_no_scatter_and_is_not_measured():
    panel = portal()
    last, before = panel.index[-1], panel.index[-2]
    assert effect(panel, "a", last, list("abcdef")) is None
    assert effect(panel, "a", before, list("abcdef")).weeks == 2
