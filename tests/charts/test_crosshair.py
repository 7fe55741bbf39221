import dataclasses
import datetime as dt

import pandas as pd

from portalkompass import charts
from portalkompass.charts.columns import shows_a_part
from portalkompass.charts.scales import position_scale
from portalkompass.exhibit import Exhibit, Field, Mark
from tests.charts import sample_exhibits as samples


def compared(**parts):
    """Three months against those of the year before, of which one is missing."""
    frame = pd.DataFrame(
        {
            "bucket": [dt.date(2025, 9, 1), dt.date(2025, 10, 1), dt.date(2025, 11, 1)] * 2,
            "clicks": [100, 90, 80, 50, None, 40],
            "series": ["Aktuell"] * 3 + ["Vorjahr"] * 3,
            "own_bucket": [dt.date(year, month, 1) for year in (2025, 2024) for month in (9, 10, 11)],
            "partial": [False] * 5 + [True],
        }
    )
    fields = (
        Field("bucket", "Monat", "month"),
        Field("clicks", "Klicks", "integer"),
        Field("series", "Zeitraum"),
        Field("own_bucket", "Monat der Werte", "month"),
    )
    looks = {"headline": "Klicks", "subtitle": "je Monat", "source": "Google", "alt": "Linie"}
    return Exhibit(
        "clicks_trend",
        "line",
        frame,
        fields,
        data_date=None,
        x="bucket",
        y="clicks",
        series="series",
        **looks,
        **parts,
    )


def days_of(exhibit):
    return charts.build(exhibit)["datasets"]["cross"]


def test_a_day_has_every_series_with_the_dates_it_stands_for():
    september, october, november = days_of(compared())
    assert (september["head"], september["s0"], september["s1"]) == (
        "September 2025",
        "100",
        "50 (September 2024)",
    )
    assert october["s1"] == "– (Oktober 2024)"
    assert november["s1"] == "40 (November 2024; unvollständig)"


def test_the_crosshair_is_the_last_layer_and_finds_the_nearest_day_anywhere_in_the_plot():
    last = charts.build(compared())["layer"][-1]
    (selection,) = last["params"]
    assert (selection["select"]["nearest"], selection["select"]["encodings"]) == (True, ["x"])
    assert [line["title"] for line in last["encoding"]["tooltip"]] == ["Monat", "Aktuell", "Vorjahr"]
    assert "y" not in last["encoding"]


def test_events_are_named_on_the_day_from_which_they_count():
    marks = (Mark(dt.date(2025, 10, 20), "Relaunch", "Relaunch am 20.10.2025."),)
    assert [day["head"] for day in days_of(compared(marks=marks))] == [
        "September 2025",
        "Oktober 2025 · Relaunch",
        "November 2025",
    ]


def test_series_with_hostile_names_reach_the_tooltip_as_plain_titles():
    exhibit = compared()
    frame = exhibit.frame.replace({"series": {"Vorjahr": "a\\' + alert(1) + '\u2028b"}})
    last = charts.build(dataclasses.replace(exhibit, frame=frame))["layer"][-1]
    assert last["encoding"]["tooltip"][2]["title"] == "a/' + alert(1) + ' b"


def test_of_several_measures_a_day_tells_all_of_all_series():
    exhibit = samples.measures()
    october, november = days_of(exhibit)
    last = charts.build(exhibit)["layer"][-1]
    assert [line["title"] for line in last["encoding"]["tooltip"]] == [
        "Monat",
        *(
            f"{measure} · {series}"
            for measure in ("Klicks", "Klickrate", "Ø Position")
            for series in ("Aktuell", "Vorjahr")
        ),
    ]
    assert [october[f"s{index}"] for index in range(6)] == [
        "120",
        "80",
        "6,0\u00a0%",
        "4,0\u00a0%",
        "8,8",
        "23,9",
    ]
    assert (november["s0"], november["s2"]) == ("45 (unvollständig; vorläufig)", "4,5\u00a0%")
    assert "y" not in last["encoding"]


def test_a_position_axis_shows_the_change_of_values_far_from_one():
    close = pd.Series([8.4, 8.9, 8.6])
    bottom, top, ticks = position_scale(close)
    assert shows_a_part(close)
    assert (top, ticks) == (8.4, [8.4, 8.6, 8.8, 9.0])
    assert 9.0 < bottom < 9.2


def test_a_position_axis_begins_with_one_where_the_change_is_seen_anyway():
    for values in ([23.9, 8.8], [1.2, 1.4], [2.0]):
        assert position_scale(pd.Series(values))[1] == 1
    assert position_scale(pd.Series([None, None], dtype="float64"))[:2] == (10.5, 1)
