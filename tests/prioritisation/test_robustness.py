import math

import numpy as np
import pandas as pd
import pytest

from portalkompass.prioritisation import robustness, smallest_change

BEST_AND_WORST = pd.DataFrame({"x": [0.9, 0.5, 0.1], "y": [0.8, 0.4, 0.3]}, index=["a", "b", "c"])


def test_a_service_that_leads_in_everything_leads_in_every_draw() -> None:
    found = robustness(BEST_AND_WORST)
    assert found.ranges[["rank_p5", "rank_p95", "first_share"]].to_numpy().tolist() == [
        [1, 1, 1.0],
        [2, 2, 0.0],
        [3, 3, 0.0],
    ]
    assert found.acceptability.loc["b"].tolist() == [0.0, 1.0, 1.0]


def test_opposite_services_lead_in_half_of_the_draws() -> None:
    found = robustness(pd.DataFrame({"x": [1.0, 0.0], "y": [0.0, 1.0]}, index=["a", "b"]))
    assert found.ranges["first_share"].tolist() == pytest.approx([0.5, 0.5], abs=0.02)
    assert found.ranges["first_share"].sum() == pytest.approx(1.0)


def test_three_criteria_follow_the_area_of_the_weights() -> None:
    # a leads where w1 > 1/2: a quarter of the weight triangle
    values = pd.DataFrame({"1": [1.0, 0.0], "2": [0.0, 1.0], "3": [0.0, 1.0]}, index=["a", "b"])
    assert robustness(values).ranges["first_share"].tolist() == pytest.approx([0.25, 0.75], abs=0.02)


def test_an_unknown_value_is_drawn_uniformly() -> None:
    values = pd.DataFrame({"x": [0.7, math.nan]}, index=["a", "b"])
    assert robustness(values).ranges["first_share"].tolist() == pytest.approx([0.7, 0.3], abs=0.02)


def test_equal_services_share_the_first_rank() -> None:
    values = pd.DataFrame({"x": [0.3, 0.3], "y": [0.6, 0.6]}, index=["a", "b"])
    assert robustness(values).ranges["first_share"].tolist() == [1.0, 1.0]


def test_ranks_count_inside_the_lane() -> None:
    found = robustness(BEST_AND_WORST, {"a": "startbar", "b": "erst klären", "c": "erst klären"})
    assert found.ranges["first_share"].tolist() == [1.0, 1.0, 0.0]
    assert found.ranges["rank_p95"].tolist() == [1, 1, 2]


def test_the_seed_and_the_ids_decide_not_the_order_of_rows() -> None:
    values = pd.DataFrame(np.random.default_rng(3).random((6, 3)), index=list("abcdef")).mask(
        lambda frame: frame < 0.2
    )
    straight, turned = robustness(values, draws=500), robustness(values[::-1], draws=500)
    pd.testing.assert_frame_equal(straight.acceptability, turned.acceptability, check_exact=True)
    pd.testing.assert_frame_equal(straight.ranges, turned.ranges, check_exact=True)


def test_no_services_give_empty_tables() -> None:
    found = robustness(BEST_AND_WORST.iloc[:0])
    assert (len(found.acceptability), len(found.ranges)) == (0, 0)


def test_the_smallest_change_makes_leader_and_rival_level() -> None:
    # w_x·0,8 + w_y·0,2 against w_x·0,4 + w_y·0,9: level at w_x = 7/11; a leads at 3/4
    values = pd.DataFrame({"x": [0.8, 0.4], "y": [0.2, 0.9]}, index=["a", "b"])
    found = smallest_change(values, {"x": 3, "y": 1})
    assert found.iloc[0][["lane", "first", "new_first"]].tolist() == ["", "a", "b"]
    assert (found["criterion"][0], found["weight"][0]) in (("x", 0.75), ("y", 0.25))
    assert abs(found["change"][0]) == pytest.approx(0.75 - 7 / 11)


def test_other_weights_keep_their_proportions_while_one_changes() -> None:
    # a = (1, 0, 0), b = (0, 1, 1), weights 3/5, 1/5, 1/5: a leads by 1/5; level at w_x = 1/2
    values = pd.DataFrame({"x": [1.0, 0.0], "y": [0.0, 1.0], "z": [0.0, 1.0]}, index=["a", "b"])
    found = smallest_change(values, {"x": 3, "y": 1, "z": 1})
    assert found["criterion"].tolist() == ["x"]
    assert found["new_weight"].tolist() == pytest.approx([0.5])
    assert found["change"].tolist() == pytest.approx([-0.1])


def test_a_leader_in_everything_cannot_be_changed_by_a_weight() -> None:
    assert smallest_change(BEST_AND_WORST, {"x": 1, "y": 1}).empty


def test_a_rival_who_is_only_level_at_the_end_of_a_weight_never_overtakes() -> None:
    # level where y alone counts (both have 0.5) and where x does not: at neither end b gets ahead
    values = pd.DataFrame({"x": [1.0, 0.0], "y": [0.5, 0.5]}, index=["a", "b"])
    assert smallest_change(values, {"x": 1, "y": 1}).empty


def test_a_shared_first_place_needs_no_change() -> None:
    values = pd.DataFrame({"x": [1.0, 0.0], "y": [0.0, 1.0]}, index=["a", "b"])
    assert smallest_change(values, {"x": 1, "y": 1})["change"].tolist() == [0.0]


def test_each_lane_has_its_own_change() -> None:
    values = pd.DataFrame({"x": [1.0, 0.0, 0.5], "y": [0.0, 0.9, 0.5]}, index=["a", "b", "c"])
    found = smallest_change(values, {"x": 1, "y": 1}, {"a": "startbar", "b": "startbar", "c": "erst klären"})
    assert found["lane"].tolist() == ["startbar"]


def test_189_services_and_12_criteria_are_drawn() -> None:
    random = np.random.default_rng(1)
    values = pd.DataFrame(random.random((189, 12)), index=[f"s{n}" for n in range(189)])
    values = values.mask(random.random(values.shape) < 0.3)
    ranges = robustness(values).ranges
    assert len(ranges) == 189
    # Every draw has one first place.
    assert ranges["first_share"].sum() == pytest.approx(1, abs=1e-9)


def test_an_interval_is_drawn_between_its_ends() -> None:
    values = pd.DataFrame({"x": [0.5, 0.6]}, index=["a", "b"])
    low, high = (
        pd.DataFrame({"x": [0.4, 0.6]}, index=["a", "b"]),
        pd.DataFrame({"x": [0.8, 0.6]}, index=["a", "b"]),
    )
    # uniform on 0,4 … 0,8, ahead above 0,6
    assert robustness(values, low=low, high=high).ranges["first_share"].tolist() == pytest.approx(
        [0.5, 0.5], abs=0.02
    )
    assert robustness(values, low=low[::-1], high=high[::-1]).ranges.equals(
        robustness(values, low=low, high=high).ranges
    )


def test_draws_around_chosen_weights_stay_near_them_and_zero_stays_zero() -> None:
    values = pd.DataFrame({"x": [1.0, 0.0], "y": [0.0, 1.0], "z": [0.0, 1.0]}, index=["a", "b"])
    # ahead where x counts more than half: nearly always around 70 %, never to be reached where x is 0
    near = robustness(values, around={"x": 0.7, "y": 0.3, "z": 0.0})
    assert near.ranges["first_share"][0] > 0.99
    none = robustness(values, around={"x": 0.0, "y": 0.5, "z": 0.5})
    assert none.ranges["first_share"].tolist() == [0.0, 1.0]
    even = robustness(values, around={"x": 0.5, "y": 0.5, "z": 0.0})
    assert even.ranges["first_share"].tolist() == pytest.approx([0.5, 0.5], abs=0.02)
