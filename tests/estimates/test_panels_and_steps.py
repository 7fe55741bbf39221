import numpy as np
import pandas as pd
import pytest

from portalkompass.estimates.panels import log_ratio, panel, year_before
from portalkompass.estimates.steps import best_splits, critical_value, lost, steps

MONDAYS = pd.date_range("2025-01-06", periods=20, freq="7D")


def test_a_week_without_a_row_is_a_week_without_clicks_and_a_broken_week_is_left_out():
    rows = pd.DataFrame(
        {"key": ["a", "a", "b"], "week": [MONDAYS[0], MONDAYS[2], MONDAYS[1]], "clicks": [3, 4, 5]}
    )
    wide = panel(rows, "key", pd.Series(MONDAYS[:2]))
    assert wide.to_dict("list") == {"a": [3.0, 0.0], "b": [0.0, 5.0]}


def test_what_moves_all_pages_alike_is_no_change():
    twice = pd.DataFrame({"a": [99.5, 199.5], "b": [299.5, 599.5]}, index=MONDAYS[:2])
    assert log_ratio(twice)["a"].tolist() == pytest.approx([np.log(100 / 300)] * 2)


def test_the_split_is_the_first_week_of_the_new_level():
    assert best_splits(np.array([[1.0] * 11 + [0.0] * 9]).T).tolist() == [11]


def test_a_step_needs_eight_weeks_on_either_side():
    assert best_splits(np.array([[1.0] * 15 + [0.0] * 5]).T).tolist() == [12]
    assert steps(pd.DataFrame({"a": [10.0] * 15, "b": [10.0] * 15}, index=MONDAYS[:15])).empty


def test_half_the_clicks_gone_counts_as_half_lost_and_a_year_of_them():
    half = pd.DataFrame({"a": [1000.0] * 10 + [500.0] * 10, "b": [1e6] * 20}, index=MONDAYS)
    row = steps(half).set_index("key").loc["a"]
    assert row["since"] == MONDAYS[10]
    assert row["weeks_after"] == 10
    assert row["lasting"] == pytest.approx(-0.5, abs=0.001)
    assert row["clicks_before"] == 1000
    assert row["clicks_after"] == 500
    assert row["own_lost"] == 500 * 52
    assert row["missing"] == pytest.approx(500 * 52, rel=0.01)
    assert np.isnan(row["yearly"])


def test_what_falls_every_year_is_not_lost():
    """20 high weeks, 32 low ones, 20 high, 12 low: the newest fall is a season."""
    season = [200.0] * 20 + [100.0] * 32 + [200.0] * 20 + [100.0] * 12
    weeks = pd.date_range("2024-01-01", periods=len(season), freq="7D")
    row = steps(pd.DataFrame({"a": season, "b": [1e6] * len(season)}, index=weeks)).set_index("key").loc["a"]
    assert row["lasting"] == 0
    assert row["missing"] == 0


def test_half_of_the_share_gone_while_the_portal_doubles_costs_no_click_of_its_own():
    """Share 1/1000 to 1/2000: the page keeps its 1,000 clicks a week and is not listed as a loss."""
    portal = pd.DataFrame({"a": [1000.0] * 20, "b": [1e6] * 10 + [2e6] * 10}, index=MONDAYS)
    found = steps(portal)
    row = found.set_index("key").loc["a"]
    assert row["lasting"] == pytest.approx(-0.5, abs=0.001)
    assert row["own_lost"] == 0
    assert row["missing"] == pytest.approx(1000 * 52, rel=0.01)
    assert lost(found).empty


def test_a_searched_step_has_a_wider_interval_than_a_known_one():
    assert critical_value(72, np.array([0.0]))[0] == pytest.approx(3.3, abs=0.1)
    assert (critical_value(72, np.array([0.0, 0.4])) > 1.96).all()


def test_a_year_before_is_a_year_before_though_weeks_are_missing():
    weeks = pd.date_range("2024-01-01", periods=60, freq="7D").delete([30, 31])
    places = year_before(weeks)
    assert places[:50].tolist() == [-1] * 50
    assert [weeks[at] for at in places[50:]] == [week - pd.Timedelta(weeks=52) for week in weeks[50:]]


def test_what_falls_every_year_is_not_lost_though_weeks_are_missing():
    """A wave with a year before; two weeks without data must not shift the comparison."""
    height = [200.0] * 20 + [100.0] * 32 + [200.0] * 20 + [100.0] * 12
    weeks = pd.date_range("2024-01-01", periods=len(height), freq="7D")
    whole = pd.DataFrame({"a": height, "b": [1e6] * len(height)}, index=weeks)
    row = steps(whole.drop(index=weeks[[25, 40]])).set_index("key").loc["a"]
    assert row["yearly"] == pytest.approx(0, abs=1e-6)
    assert lost(steps(whole.drop(index=weeks[[25, 40]]))).empty
