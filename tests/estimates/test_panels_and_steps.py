import numpy as np
import pandas as pd
import pytest

from portalkompass.estimates.panels import log_ratio, panel
from portalkompass.estimates.steps import best_splits, steps

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
    assert best_splits(np.array([[1.0] * 11 + [0.0] * 9]).T) == [11]


def test_a_step_needs_eight_weeks_on_either_side():
    assert best_splits(np.array([[1.0] * 15 + [0.0] * 5]).T) == [12]
    assert steps(pd.DataFrame({"a": [10.0] * 15, "b": [10.0] * 15}, index=MONDAYS[:15])).empty


def test_half_the_clicks_gone_counts_as_half_lost_and_a_year_of_them():
    half = pd.DataFrame({"a": [1000.0] * 10 + [500.0] * 10, "b": [1e6] * 20}, index=MONDAYS)
    row = steps(half).set_index("key").loc["a"]
    assert row["since"] == MONDAYS[10]
    assert row["weeks_after"] == 10
    assert row["lasting"] == pytest.approx(-0.5, abs=0.001)
    assert row["clicks_before"] == 1000
    assert row["clicks_after"] == 500
    assert row["lost_a_year"] == pytest.approx(500 * 52, rel=0.01)
    assert np.isnan(row["yearly"])


def test_what_falls_every_year_is_not_lost():
    """20 high weeks, 32 low ones, 20 high, 12 low: the newest fall is a season."""
    season = [200.0] * 20 + [100.0] * 32 + [200.0] * 20 + [100.0] * 12
    weeks = pd.date_range("2024-01-01", periods=len(season), freq="7D")
    row = steps(pd.DataFrame({"a": season, "b": [1e6] * len(season)}, index=weeks)).set_index("key").loc["a"]
    assert row["lasting"] == 0
    assert row["lost_a_year"] == 0
