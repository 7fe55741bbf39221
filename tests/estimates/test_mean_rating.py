"""The mean of ratings: exact, on the scale, and its interval holds the true mean as often as it says."""

import numpy as np
import pytest

from portalkompass.estimates.mean_rating import LEVEL, mean_interval

STARS = np.arange(1, 6)
SHAPES = {
    "satisfied": (0.04, 0.04, 0.08, 0.24, 0.60),
    "nearly all the best": (0.01, 0.01, 0.01, 0.02, 0.95),
    "love or hate": (0.45, 0.03, 0.04, 0.03, 0.45),
    "lukewarm": (0.05, 0.20, 0.50, 0.20, 0.05),
    "annoyed": (0.70, 0.15, 0.05, 0.05, 0.05),
}


def interval(counts):
    counts = np.asarray(counts, dtype="float64")
    return mean_interval(counts.sum(axis=-1), counts @ STARS, counts @ STARS**2, lowest=1, highest=5)


def test_mean_is_that_of_the_answers_and_the_interval_lies_on_the_scale():
    mean, low, high = interval([[0, 0, 0, 0, 5], [1, 0, 0, 0, 1], [0, 0, 0, 0, 0]])
    assert mean[:2].tolist() == [5, 3]
    assert np.isnan([mean[2], low[2], high[2]]).all()
    assert high[0] == 5 and 2.5 < low[0] < 4  # five people who all give the best prove little
    assert 1 <= low[1] < 3 < high[1] <= 5


@pytest.mark.parametrize("shape", SHAPES)
def test_the_interval_holds_the_true_mean_in_nineteen_of_twenty_draws(shape):
    chances = np.array(SHAPES[shape])
    for answers in (5, 12, 40, 400):
        draws = np.random.default_rng(answers).multinomial(answers, chances, size=4_000)
        _, low, high = interval(draws)
        truth = float(chances @ STARS)
        assert ((low <= truth) & (truth <= high)).mean() >= LEVEL - 0.02, (shape, answers)
