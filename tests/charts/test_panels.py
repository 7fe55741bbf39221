import dataclasses
import itertools
import math

import pytest

from portalkompass import charts
from portalkompass.charts.kinds.panels import PART
from tests.charts import sample_exhibits as samples


def data(exhibit):
    return charts.build(exhibit)["datasets"]


def ticks(exhibit, band):
    """y and label of those of one band, counted from below."""
    return [(row["y"] - band, row["label"]) for row in data(exhibit)["ticks"] if int(row["y"] + 1e-9) == band]


def test_each_measure_lies_in_a_band_of_its_own_the_first_one_on_top():
    lines = data(samples.measures())["lines"]
    bands = {"Klicks": 2, "Klickrate": 1, "Ø Position": 0}
    assert len(lines) == 3 * 4
    for row in lines:
        assert row["y"] is None or bands[row["panel"]] <= row["y"] <= bands[row["panel"]] + PART
    heads = data(samples.measures())["names"]
    assert [(row["y"], row["label"]) for row in heads] == [
        (2 + PART, "Klicks"),
        (1 + PART, "Klickrate"),
        (PART, "Ø Position"),
    ]


def test_values_stand_where_the_ticks_of_their_axis_say():
    exhibit = samples.measures()
    assert ticks(exhibit, 2) == [
        (0, "0"),
        (pytest.approx(PART / 3), "50"),
        (pytest.approx(2 * PART / 3), "100"),
        (pytest.approx(PART), "150"),
    ]
    assert [label for _, label in ticks(exhibit, 1)] == ["0\u00a0%", "2\u00a0%", "4\u00a0%", "6\u00a0%"]
    clicks = [
        row["y"] - 2
        for row in data(exhibit)["lines"]
        if row["panel"] == "Klicks" and row["series"] == "Aktuell"
    ]
    assert clicks == pytest.approx([120 / 150 * PART, 45 / 150 * PART])


def test_a_position_has_one_on_top_of_its_band():
    exhibit = samples.measures()
    places = ticks(exhibit, 0)
    assert places[0] == (pytest.approx(PART), "1")
    assert [y for y, _ in places] == sorted((y for y, _ in places), reverse=True)
    now = [
        row["y"]
        for row in data(exhibit)["lines"]
        if row["panel"] == "Ø Position" and row["series"] == "Aktuell"
    ]
    assert now[1] > now[0]  # 8,5 after 8,8


def test_what_is_not_known_interrupts_its_line_and_is_still_spoken():
    rows = data(samples.measures())
    assert [row["y"] for row in rows["lines"] if row["series"] == "Vorjahr"].count(None) == 3
    november = rows["rows"][3]
    assert november["y"] is None
    frame = samples.measures().frame.assign(clicks=[None, 45, 80, None])
    spoken = data(dataclasses.replace(samples.measures(), frame=frame))["rows"][0]
    assert 1 < spoken["y"] <= 1 + PART  # the next measure that is known
    assert spoken["said"].startswith("Monat: Oktober 2025; Klicks: –; Klickrate: 6,0\u00a0%; Ø Position: 8,8")


def test_rules_of_events_and_the_crosshair_cross_all_bands():
    exhibit = samples.measures(
        marks=samples.annotated((samples.DAY.replace(month=10), "Relaunch", "Relaunch.")).marks
    )
    layers = charts.build(exhibit)["layer"]
    rules = [
        layer for layer in layers if layer["data"]["name"] == "marks" and layer["mark"]["type"] == "rule"
    ]
    assert [layer["encoding"]["y2"] for layer in rules] == [{"value": "height"}]
    spoken = [layer for layer in layers if layer["mark"].get("ariaRoleDescription") == "Wert"]
    assert len(spoken) == 1


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 7, 41, 999, 1000, 123456])
def test_counts_have_whole_round_ticks_up_to_the_highest_value(highest):
    frame = samples.measures().frame.assign(clicks=[highest, 0, 0, 0])
    labels = [label for _, label in ticks(dataclasses.replace(samples.measures(), frame=frame), 2)]
    numbers = [int(label.replace(".", "")) for label in labels]
    assert 2 <= len(numbers) <= 4
    assert numbers[0] == 0
    assert numbers[-1] >= highest
    assert len({b - a for a, b in itertools.pairwise(numbers)}) == 1


def test_one_measure_alone_is_a_line_with_its_own_columns():
    exhibit = samples.measures()
    alone = exhibit.panel("position")
    assert (alone.kind, alone.y, alone.reverse_y, alone.panels) == ("line", "position", True, ())
    assert [field.name for field in alone.fields] == ["bucket", "position", "series"]
    drawn = [row["y"] for row in charts.build(alone)["datasets"]["rows"]]
    assert [y for y in drawn if y is not None and not math.isnan(y)] == [8.8, 8.5, 23.9]


def test_reading_help_names_the_axis_that_shows_a_part():
    frame = samples.measures().frame.assign(position=[8.8, 8.5, 8.4, 8.6])
    exhibit = dataclasses.replace(samples.measures(), frame=frame)
    assert (
        charts.reading_help(exhibit)[-1]
        == "Ø Position: Die Achse zeigt einen Ausschnitt und beginnt nicht mit Platz 1."
    )
