import pandas as pd
import pytest

from portalkompass.charts.columns import categories, lines
from portalkompass.charts.direct_labels import spread
from portalkompass.charts.scales import position_ticks, time_axis


@pytest.mark.parametrize(
    ("worst", "ticks"),
    [(1.0, [1]), (3.9, [1, 2, 3]), (8.8, [1, 5]), (23.9, [1, 10, 20]), (97.0, [1, 50])],
)
def test_position_ticks_are_one_and_round_positions_within_the_data(worst, ticks):
    assert position_ticks(worst) == ticks


def test_long_titles_take_two_lines_and_end_in_an_ellipsis():
    assert lines("Anmeldung oder Ummeldung Ihres Wohnsitzes") == "Anmeldung oder Ummeldung Ihres\nWohnsitzes"
    assert lines("wort " * 40).endswith(" …")
    assert lines("wort " * 40).count("\n") == 1
    assert lines("  \n ") == "(ohne Namen)"


def test_equal_titles_are_distinct_categories():
    assert categories(["a", "a", "b"]) == ["a", "a\u200b", "b"]


def test_close_labels_are_pushed_apart_around_their_middle():
    assert spread([10.0, 10.5, 30.0], 2.0) == pytest.approx([9.5, 11.5, 29.5])
    assert spread([1.0, 9.0], 2.0) == [1.0, 9.0]


def test_weeks_are_ticked_on_mondays():
    mondays = pd.Series(pd.date_range("2025-01-06", periods=40, freq="7D"))
    ticks = [(tick["year"], tick["month"], tick["date"]) for tick in time_axis(mondays)["axis"]["values"]]
    assert len(ticks) == 14
    assert {pd.Timestamp(*tick).day_of_week for tick in ticks} == {0}
