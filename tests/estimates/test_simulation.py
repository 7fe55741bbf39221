"""What docs/methods.md states of error rates, coverage and power, in invented worlds with fixed seeds.

The short version runs with every test run; ``SIMULATED_WORLDS=100`` draws as many worlds of each kind (`make faults`).
"""

import os
from pathlib import Path

import numpy as np
import pytest

from portalkompass.estimates.steps import CRITICAL_LIKENESS, CRITICAL_VALUES, CRITICAL_WEEKS
from tests.estimates.simulation import climbing, critical, measured, sample
from tests.estimates.simulation.worlds import WORLDS

RUNS = int(os.environ.get("SIMULATED_WORLDS", "6"))
LONG = RUNS > 50
BY_NAME = {world.name: world for world in WORLDS}
VERY_ALIKE, HEAVY = "Nachbarwochen sehr ähnlich (0,8)", "schwere Ränder"
SHORT_WORLDS = ("ruhig", "Nachbarwochen ähnlich (0,5)", "Jahreswellen", "kleine Zahlen", "Lücken", VERY_ALIKE)
DECAY_WORLDS = tuple(BY_NAME) if LONG else SHORT_WORLDS


@pytest.mark.parametrize("name", DECAY_WORLDS)
def test_pages_that_lost_nothing_are_rarely_listed_and_intervals_hold_the_loss(name):
    rates = measured.decay(BY_NAME[name], RUNS)
    assert rates["false"].share <= (0.1 if name == VERY_ALIKE else 0.03)
    assert rates["covered"].share >= 0.95
    assert rates["false"].of >= 50 * RUNS


def test_a_loss_of_two_fifths_is_found():
    assert measured.decay(BY_NAME["ruhig"], RUNS)["found"].share >= 0.95
    assert measured.decay(BY_NAME["Nachbarwochen ähnlich (0,5)"], RUNS)["found"].share >= 0.9


@pytest.mark.parametrize("row", range(len(CRITICAL_WEEKS)) if LONG else (0, 4, 5))
def test_the_table_of_critical_values_is_the_simulated_one(row):
    again = critical.critical_row(CRITICAL_WEEKS[row], 40_000 if LONG else 10_000, seed=77)
    assert len(again) == len(CRITICAL_LIKENESS)
    assert np.array(again) == pytest.approx(CRITICAL_VALUES[row], abs=0.15 if LONG else 0.25)


@pytest.mark.parametrize("name", tuple(BY_NAME) if LONG else ("ruhig", "Jahreswellen", "Lücken", HEAVY))
def test_false_alarms_are_as_rare_as_stated(name):
    rates = measured.outlying(BY_NAME[name], 3 * RUNS)
    assert rates["screens"].share <= (0.25 if name == HEAVY else 0.08)
    assert rates["weeks"].share <= 1e-4
    assert rates["screens"].of == 3 * RUNS


def test_a_tripled_week_of_a_big_page_is_found_though_it_is_the_last_but_one():
    assert measured.outlying(BY_NAME["ruhig"], 2 * RUNS)["found"].share >= 0.7


@pytest.mark.parametrize("name", tuple(BY_NAME) if LONG else ("Nachbarwochen ähnlich (0,5)", "Lücken"))
def test_events_without_effect_are_rarely_called_sure(name):
    rates = measured.happened(BY_NAME[name], RUNS)
    assert rates["false"].share <= 0.05
    assert rates["covered"].share >= 0.9


@pytest.mark.parametrize("portal", climbing.PORTALS, ids=lambda portal: portal.name)
def test_queries_that_reach_their_target_lie_in_the_promised_interval(portal):
    covered = measured.promised(portal, max(RUNS // 3, 2))["covered"]
    assert covered.of >= 40
    assert 0.8 <= covered.share <= 0.95


def test_the_back_test_on_the_sample_data_is_that_of_the_document(demo_data):
    """Goal: four fifths to nineteen twentieths of the queries that reached their target lie in the interval."""
    months = dict(sample.reached(str(demo_data)))
    total = measured.Rate()
    for covered in months.values():
        total.add(covered.hits, covered.of)
    assert 0.8 <= total.share <= 0.95
    assert min(covered.share for covered in months.values()) >= 0.8
    methods = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    for month, covered in {**months, "alle": total}.items():
        (row,) = [line for line in methods.splitlines() if line.startswith(f"| {month} |")]
        told = f"{covered.share * 100:.1f}".replace(".", ",")
        assert row.endswith(f"| {covered.of} | {told} % |")
