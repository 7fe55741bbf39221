import datetime as dt

import pytest

from portalkompass.screens.address import PERIODS, grain_of
from portalkompass.screens.presets import PRESETS, days_of

FIRST, DATA, LAST = dt.date(2024, 7, 9), dt.date(2025, 12, 15), dt.date(2025, 12, 16)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("12-monate", dt.date(2024, 12, 1), dt.date(2025, 11, 30)),
        ("3-monate", dt.date(2025, 9, 1), dt.date(2025, 11, 30)),
        ("28-tage", dt.date(2025, 11, 18), DATA),
        ("jahr", dt.date(2025, 1, 1), DATA),
        ("alles", FIRST, LAST),
        ("unbekannt", dt.date(2024, 12, 1), dt.date(2025, 11, 30)),
    ],
)
def test_presets_end_with_final_days_and_only_the_whole_period_includes_provisional_ones(period, start, end):
    assert days_of(period, FIRST, DATA, LAST) == (start, end)


def test_twenty_eight_days_are_twenty_eight_rows():
    start, end = days_of("28-tage", FIRST, DATA, LAST)
    assert (end - start).days + 1 == 28


@pytest.mark.parametrize(
    ("choice", "days", "grain"),
    [
        ("auto", 28, "day"),
        ("auto", 62, "day"),
        ("auto", 63, "week"),
        ("auto", 200, "week"),
        ("auto", 201, "month"),
        ("tage", 365, "day"),
        ("monate", 28, "month"),
    ],
)
def test_grain_fits_the_length_unless_chosen(choice, days, grain):
    assert grain_of(choice, FIRST, FIRST + dt.timedelta(days=days - 1)) == grain


def test_every_period_that_can_be_picked_but_the_free_one_has_days_of_its_own():
    assert (*PRESETS, "frei") == tuple(PERIODS)
