"""Pictures of half a slide: what is laid out for the whole width is laid out anew for the half."""

import dataclasses

import pandas as pd

from portalkompass.charts.widths import width
from portalkompass.exhibit import Mark
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.images.composition import FULL, HALF, compose
from tests.charts import sample_exhibits

LINE = next(one for one in sample_exhibits.EVERY_KIND if one.kind == "line")
BAR = next(one for one in sample_exhibits.EVERY_KIND if one.kind == "bar")
STACKED = next(one for one in sample_exhibits.EVERY_KIND if one.kind == "stacked_bar")

DAYS = [day.date() for day in pd.to_datetime(LINE.frame[LINE.x])]


def drawn(exhibit, size):
    return compose(outgoing(exhibit), size).specification


def layers(exhibit, size, channel, mark=""):
    """Layers of a drawing that encode the channel, of one kind of mark or of all."""
    found = drawn(exhibit, size)["layer"]
    return [
        one for one in found if channel in one["encoding"] and (not mark or one["mark"].get("type") == mark)
    ]


def test_rules_of_events_end_with_the_plot_however_high_it_is():
    marked = dataclasses.replace(LINE, marks=(Mark(DAYS[0], "Umzug", "Umzug des Portals."),))
    for size in (FULL, HALF):
        (rule, *_) = layers(marked, size, "y2", "rule")
        assert rule["encoding"]["y2"] == {"value": "height"}


def test_names_of_events_that_stand_beside_each_other_only_on_a_whole_slide_get_a_line_each():
    names = ("Ein langer Name eines Ereignisses", "Und noch ein langer Name davon")
    days = (DAYS[0], DAYS[0] + (DAYS[-1] - DAYS[0]) / 2)
    marked = dataclasses.replace(LINE, marks=tuple(map(Mark, days, names, names)))
    levels = {
        size: {row["level"] for row in drawn(marked, size)["datasets"]["marks"]} for size in (FULL, HALF)
    }
    assert (len(levels[FULL]), len(levels[HALF])) == (1, 2)


def test_a_legend_has_columns_that_fit():
    names = STACKED.frame[STACKED.series].map(lambda name: f"{name} mit einem langen Namen")
    long = dataclasses.replace(STACKED, frame=STACKED.frame.assign(**{STACKED.series: names}))
    (legend,) = {
        str(one["encoding"]["color"].get("legend"))
        for one in drawn(long, HALF)["layer"]
        if "color" in one["encoding"]
    }
    assert "'columns': 1" in legend


def test_values_behind_bars_have_room_in_a_narrow_plot():
    ends = {}
    for size in (FULL, HALF):
        bars = next(one for one in drawn(BAR, size)["layer"] if one["mark"].get("type") == "bar")
        ends[size] = bars["encoding"]["x"]["scale"]["domain"][1] / BAR.frame[BAR.x].max()
    assert round(ends[FULL], 2) == 1.12
    assert ends[HALF] > 1.15


def test_labels_set_on_one_line_are_not_lifted():
    rows = BAR.frame.loc[BAR.frame.index.repeat(20)]
    names = [f"Leistung mit einem langen Namen, Nummer {number}" for number in range(len(rows))]
    many = dataclasses.replace(BAR, frame=rows.assign(**{BAR.y: names}))
    offsets = [one["encoding"]["y"]["axis"]["labelOffset"] for one in layers(many, HALF, "y")]
    assert offsets and set(offsets) == {0}


def test_a_picture_leaves_the_width_of_the_screen_as_it_was():
    before = width()
    drawn(BAR, HALF)
    assert width() == before
