import itertools
import math

import numpy as np
import pandas as pd
import pytest

from portalkompass.prioritisation import PrioritisationError, agreement, consensus, median_weights
from portalkompass.prioritisation.consensus import by_lot

BALLOTS = pd.DataFrame({"clicks": [50.0, 100.0, 30.0], "effort": [50.0, 0.0, 90.0]})
# shares of clicks: 0,5 1 0,25


def test_only_ratios_count_and_quartiles_are_of_the_shares() -> None:
    found = agreement(BALLOTS)
    assert found.ballots == 3
    assert found.spread.loc["clicks"].to_dict() == {
        "median": 0.5,
        "low": 0.375,
        "high": 0.75,
        "least": 0.25,
        "most": 1.0,
        "opinions": 3,
    }


def test_overlap_is_the_weight_that_two_distribute_alike() -> None:
    # pairs: 0,5 apart / 0,25 apart / 0,75 apart
    assert agreement(BALLOTS).overlap == pytest.approx(1 - (0.5 + 0.25 + 0.75) / 3)
    assert agreement(BALLOTS.iloc[[0, 0]]).overlap == 1.0
    assert math.isnan(agreement(BALLOTS.iloc[:1]).overlap)


def test_the_median_sums_to_one() -> None:
    three = pd.DataFrame({"a": [60.0, 20, 20], "b": [20.0, 60, 20], "c": [20.0, 20, 60]})
    assert median_weights(three) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})


def test_no_median_is_said_and_not_made_up() -> None:
    apart = pd.DataFrame({"a": [1.0, 0, 0], "b": [0.0, 1, 0], "c": [0.0, 0, 1]})
    with pytest.raises(PrioritisationError, match="auseinander"):
        median_weights(apart)
    with pytest.raises(PrioritisationError, match="noch keine Stimme"):
        median_weights(BALLOTS.iloc[:0])


def test_agreement_counts_only_what_the_lot_does_not_give() -> None:
    # by lot each meets 1 and 0 equally often: half of the weight alike
    alike = agreement(pd.DataFrame([[1.0, 0.0], [1.0, 0.0]], columns=["a", "b"]))
    assert (alike.overlap, alike.chance, alike.beyond_chance) == (1.0, 0.5, 1.0)
    opposed = agreement(pd.DataFrame([[1.0, 0.0], [0.0, 1.0]], columns=["a", "b"]))
    assert opposed.beyond_chance == -1.0
    level = agreement(pd.DataFrame([[5.0, 5.0], [5.0, 5.0]], columns=["a", "b"]))
    assert math.isnan(level.beyond_chance)


def test_the_chance_is_the_mean_over_all_orders() -> None:
    first, second = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])
    orders = [1 - np.abs(first - second[list(order)]).sum() / 2 for order in itertools.permutations(range(3))]
    found = agreement(pd.DataFrame([first, second], columns=["a", "b", "c"]))
    assert found.chance == pytest.approx(float(np.mean(orders)))


def test_an_untouched_slider_is_no_opinion() -> None:
    # shares: 0,5 0,25 0,25 / 0,25 0,25 0,5 / 0,5 0,5 0; of the third only a is an opinion
    points = pd.DataFrame([[40.0, 20, 20], [20.0, 20, 40], [50.0, 50, 0]], columns=["a", "b", "c"])
    opinions = pd.DataFrame(
        [[True, True, False], [True, True, False], [True, False, False]], columns=["a", "b", "c"]
    )
    found = agreement(points, opinions)
    assert found.spread["opinions"].to_dict() == {"a": 3, "b": 2, "c": 0}
    assert found.spread["median"].tolist()[:2] == [0.5, 0.25]
    assert math.isnan(found.spread["median"]["c"])
    # the only pair with two in common weighs a and b 2 : 1 and 1 : 1; by lot the same
    assert found.overlap == pytest.approx(1 - (2 / 3 - 1 / 2))
    assert found.chance == pytest.approx(1 - (4 * (2 / 3 - 1 / 2)) / (2 * 2))
    # c stays where its slider began: median of 0,25 0,5 0
    assert median_weights(points, opinions) == pytest.approx({"a": 0.5, "b": 0.25, "c": 0.25})
    assert found.ballots == 3


def test_without_two_opinions_in_common_nothing_is_said_about_agreement() -> None:
    points = pd.DataFrame([[80.0, 50], [50.0, 80]], columns=["a", "b"])
    apart = agreement(points, pd.DataFrame([[True, False], [False, True]], columns=["a", "b"]))
    assert apart.ballots == 2
    assert math.isnan(apart.overlap)
    assert math.isnan(apart.beyond_chance)


def test_opinions_on_everything_are_the_ballots_themselves() -> None:
    all_told = agreement(BALLOTS, BALLOTS.notna())
    assert (all_told.overlap, all_told.chance) == (agreement(BALLOTS).overlap, agreement(BALLOTS).chance)
    assert median_weights(BALLOTS, BALLOTS.notna()) == median_weights(BALLOTS)


def test_voices_on_a_ladder_have_a_middle_a_spread_and_those_who_do_not_know_apart():
    ladder = (1.0, 2.0, 3.0, 4.0, 5.0)
    said = [
        *(("a", "potential", value) for value in (1.0, 1.0, 5.0, 5.0, float("nan"))),
        *(("a", "effort", value) for value in (2.0, 3.0)),
        ("b", "effort", float("nan")),
        ("b", "potential", 4.0),
    ]
    voices = pd.DataFrame(said, columns=["service", "criterion", "value"])
    cells = consensus(voices, {"potential": ladder, "effort": ladder}, ["effort"])
    split, near, alone, nobody = cells.to_dict("records")  # the widest apart first
    assert [split[name] for name in ("voices", "unknown", "least", "most", "apart", "agreement")] == [
        *(4, 1, 1.0, 5.0, 4, 0.0)
    ]
    assert split["middle"] == 1.0  # of two middle steps the one that gives fewer points
    assert (near["middle"], near["agreement"]) == (3.0, 0.75)  # much effort gives fewer points
    assert (alone["voices"], alone["middle"], math.isnan(alone["agreement"])) == (1, 4.0, True)
    assert (nobody["voices"], nobody["unknown"], math.isnan(nobody["middle"])) == (0, 1, True)


def test_agreement_by_lot_is_the_mean_over_all_ways_to_choose():
    for voices, steps in ((2, 3), (3, 5), (4, 4)):
        ways = np.array(list(itertools.product(range(steps), repeat=voices)))
        distance = np.abs(ways - np.median(ways, axis=1)[:, None]).mean(axis=1)
        assert by_lot(voices, steps) == pytest.approx((1 - distance / ((steps - 1) / 2)).mean())
