"""The parts of a moving mean position add up, and each says what its name says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.estimates.position_change import Mean, device_step, split

CELL = st.tuples(
    st.integers(0, 500),
    st.floats(1, 90, allow_nan=False),
    st.integers(0, 500),
    st.floats(1, 90, allow_nan=False),
)


def _rows(cells: list[tuple[float, float, float, float]]) -> pd.DataFrame:
    rows = pd.DataFrame(cells, columns=["impressions", "position", "impressions_before", "position_before"])
    for suffix in ("", "_before"):
        rows[f"position{suffix}"] = rows[f"position{suffix}"].where(rows[f"impressions{suffix}"] > 0)
    return rows


def _mean(rows: pd.DataFrame, suffix: str, unlisted: float, place: float) -> Mean:
    amount = rows[f"impressions{suffix}"].sum()
    weighted = (rows[f"impressions{suffix}"] * rows[f"position{suffix}"].fillna(0)).sum()
    return Mean(amount + unlisted, (weighted + unlisted * place) / (amount + unlisted))


@given(st.lists(CELL, min_size=2, max_size=12), st.randoms())
def test_the_order_of_rows_changes_no_part_in_the_last_digit(cells, by_chance):
    mixed = by_chance.sample(cells, len(cells))
    means = Mean(10_000, 8.3), Mean(9_000, 21.7)
    assert split(_rows(mixed), *means) == split(_rows(cells), *means)


@given(st.lists(CELL, min_size=1, max_size=12), st.floats(1, 300), st.floats(1, 90))
def test_the_parts_add_up_to_the_change(cells, unlisted, place):
    rows = _rows(cells)
    now, before = _mean(rows, "", unlisted, place), _mean(rows, "_before", unlisted * 2, place / 2)
    parts = split(rows, now, before)
    whole = parts.moved + parts.weights + parts.new + parts.gone + parts.unlisted
    assert whole == pytest.approx(now.position - before.position, abs=1e-9)
    assert parts.total == pytest.approx(now.position - before.position)


def test_the_unlisted_part_is_that_of_the_unlisted_group():
    """Computed by its own formula: half of both shares × its movement, and its share × its distance from the middle."""
    rows = _rows([(100, 5.0, 50, 8.0), (0, 1.0, 30, 20.0), (40, 12.0, 0, 1.0)])
    now, before = _mean(rows, "", 60, 30.0), _mean(rows, "_before", 120, 40.0)
    share, share_before = 60 / now.impressions, 120 / before.impressions
    middle = (now.position + before.position) / 2
    own = (share + share_before) / 2 * (30 - 40) + (share - share_before) * (35 - middle)
    assert split(rows, now, before).unlisted == pytest.approx(own)


def test_same_queries_at_the_same_places_only_change_their_weights():
    rows = _rows([(90, 2.0, 10, 2.0), (10, 50.0, 90, 50.0)])
    parts = split(rows, _mean(rows, "", 1e-9, 1.0), _mean(rows, "_before", 1e-9, 1.0))
    assert parts.moved == 0
    assert (parts.new, parts.gone) == (0, 0)
    assert parts.weights == pytest.approx(parts.total)
    assert parts.total == pytest.approx(-38.4)


def test_a_new_query_far_behind_pulls_the_mean_down_without_any_query_moving():
    rows = _rows([(100, 10.0, 100, 10.0), (100, 40.0, 0, 1.0)])
    parts = split(rows, _mean(rows, "", 1e-9, 1.0), _mean(rows, "_before", 1e-9, 1.0))
    assert parts.moved == 0
    assert parts.total == pytest.approx(15)
    assert parts.new + parts.weights == pytest.approx(15)
    assert parts.new > 0


def test_what_all_devices_show_is_not_the_devices_own():
    rows = pd.DataFrame(
        {
            "device": ["DESKTOP", "MOBILE", "TABLET"],
            "impressions": [300, 500, 20],
            "position": [10.0, 8.0, 9.0],
            "impressions_before": [400, 560, 40],
            "position_before": [16.0, 9.0, 10.0],
        }
    )
    step = device_step(rows, "DESKTOP")
    others = np.average([8.0, 9.0], weights=[500, 20]) - np.average([9.0, 10.0], weights=[560, 40])
    assert step.effect == pytest.approx(-6.0 - others)
    assert step.weight == pytest.approx(0.4)
    assert step.on_mean(0.5) == pytest.approx(step.effect * 0.2)


def test_a_device_without_a_control_explains_nothing():
    rows = pd.DataFrame(
        {
            "device": ["DESKTOP"],
            "impressions": [300],
            "position": [10.0],
            "impressions_before": [400],
            "position_before": [16.0],
        }
    )
    assert device_step(rows, "DESKTOP") is None
    assert device_step(rows, "MOBILE") is None
