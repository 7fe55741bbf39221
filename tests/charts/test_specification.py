import dataclasses
import json

import altair as alt
import pandas as pd
import pytest

from portalkompass import charts
from portalkompass.charts import theme
from portalkompass.exhibit import Field
from tests.charts import sample_exhibits as samples


def rows(specification, layer=None):
    """All rows of all datasets that the specification carries."""
    return [row for rows in specification["datasets"].values() for row in rows]


@pytest.mark.parametrize("exhibit", samples.EVERY_KIND, ids=lambda exhibit: exhibit.kind)
def test_every_kind_carries_theme_data_and_locale_and_is_repeatable(exhibit):
    specification = charts.build(exhibit)
    assert "/vega-lite/v6." in specification["$schema"]
    assert specification["config"]["locale"]["number"]["decimal"] == ","
    assert specification["config"]["locale"]["time"]["shortMonths"][2] == "Mär"
    assert json.dumps(specification, sort_keys=True) == json.dumps(charts.build(exhibit), sort_keys=True)


@pytest.mark.parametrize("exhibit", samples.EVERY_KIND, ids=lambda exhibit: exhibit.kind)
def test_every_kind_keeps_to_the_vega_lite_schema(exhibit):
    specification = charts.build(exhibit)
    alt.LayerChart.from_dict(specification, validate=True)


@pytest.mark.parametrize("exhibit", samples.EVERY_KIND, ids=lambda exhibit: exhibit.kind)
def test_layers_only_read_rows_that_there_are(exhibit):
    specification = charts.build(exhibit)
    parts = [part for part in (specification, *specification["layer"]) if "data" in part]
    named = {part["data"]["name"] for part in parts}
    assert named <= specification["datasets"].keys()
    assert all(rows for name, rows in specification["datasets"].items() if name in named)


def test_positions_have_one_on_top():
    layers = charts.build(samples.trend())["layer"]
    scales = [
        layer["encoding"]["y"]["scale"] for layer in layers if "scale" in layer["encoding"].get("y", {})
    ]
    assert len(scales) == 5
    assert all(scale["domain"][0] > scale["domain"][1] == 1 for scale in scales)


def test_counts_start_at_zero():
    encoding = charts.build(samples.bands())["layer"][0]["encoding"]
    assert encoding["y"]["scale"]["zero"] is True
    assert encoding["y"]["stack"] == "zero"


def test_provisional_days_are_dashed_and_joined_to_the_last_final_day():
    specification = charts.build(samples.trend())
    dashed = [
        layer
        for layer in specification["layer"]
        if isinstance(layer["mark"], dict) and layer["mark"].get("strokeDash") == [4, 4]
    ]
    assert len(dashed) == 1
    data = specification["datasets"][dashed[0]["data"]["name"]]
    assert [(row["y"], row["provisional"]) for row in data] == [(8.8, False), (8.5, True)]


def test_missing_values_stay_missing():
    specification = charts.build(samples.trend())
    values = {row["t2"]: row["y"] for row in rows(specification) if row.get("series") == "Vorjahr"}
    assert values == {"23,9": 23.9, "–": None}


def test_what_is_compared_with_is_grey_and_dotted():
    encoding = charts.build(samples.trend())["layer"][0]["encoding"]
    assert encoding["color"]["scale"] == {
        "domain": ["Aktuell", "Vorjahr"],
        "range": [theme.ACTION, theme.GREY],
    }
    assert encoding["strokeDash"]["scale"]["range"] == [[1, 0], [2, 3]]


def test_tooltips_are_finished_german_text():
    row = next(row for row in rows(charts.build(samples.trend())) if row.get("y") == 23.9)
    assert (row["t0"], row["t1"], row["t2"]) == ("Oktober 2025", "Vorjahr", "23,9")


def test_bars_keep_the_order_of_rows_and_tell_equal_names_apart():
    specification = charts.build(samples.bars())
    labels = [row["label"] for row in rows(specification)]
    assert specification["layer"][0]["encoding"]["y"]["sort"] == labels
    assert labels[0] == "Wohngeld"
    assert labels[2] == "Wohngeld\u200b"
    assert [row["text"] for row in rows(specification)] == ["14.050", "7", "3"]


def test_sums_stand_at_the_end_of_stacked_bars():
    totals = {
        row["label"]: row["text"] for row in rows(charts.build(samples.contributions())) if "text" in row
    }
    assert totals == {"Hundesteuer": "42,5", "Bauportal": "20,0"}


@pytest.mark.parametrize("exhibit", [samples.bars(), samples.scatter()], ids=lambda exhibit: exhibit.kind)
def test_hostile_text_is_found_in_data_only(exhibit):
    specification = charts.build(exhibit)
    specification.pop("datasets")
    sorts = json.dumps(specification)
    assert "href" not in sorts
    for place in _strings(specification, skip={"sort"}):
        assert "onerror" not in place


def _strings(part, *, skip):
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in skip:
                yield from _strings(value, skip=skip)
    elif isinstance(part, list):
        for value in part:
            yield from _strings(value, skip=skip)


def test_tables_and_empty_exhibits_are_refused():
    with pytest.raises(charts.ChartError, match="not a chart"):
        charts.build(dataclasses.replace(samples.bars(), kind="table"))
    with pytest.raises(charts.ChartError, match="no rows"):
        charts.build(dataclasses.replace(samples.bars(), frame=samples.bars().frame.iloc[:0]))


def test_reading_help_only_explains_what_is_drawn():
    assert [sentence.split(":")[0] for sentence in charts.reading_help(samples.trend())] == [
        "Gestrichelt",
        "Hohler Punkt",
    ]
    assert charts.reading_help(samples.bars()) == ()
    bars = samples.timeline()
    assert charts.reading_help(bars)[-1] == "Langer Balken: vom genannten Monat an überfällig."
    short = dataclasses.replace(bars, interval=("due", "due"))
    assert charts.reading_help(short) == ("Heller Streifen: der Monat des Datenstands.",)


def interval():
    """Two weeks of clicks, what was expected, and the range of it."""
    weeks = pd.to_datetime(["2025-10-06", "2025-10-13"])
    series = {"Tatsächlich": [30, 31], "Erwartet": [20, 22], "von": [15, 16], "bis": [25, 27]}
    parts = [pd.DataFrame({"week": weeks, "clicks": v, "name": name}) for name, v in series.items()]
    fields = (Field("week", "Woche", "date"), Field("clicks", "Klicks", "integer"), Field("name", "Verlauf"))
    encoded = {
        "x": "week",
        "y": "clicks",
        "series": "name",
        "band": ("von", "bis"),
    }
    return samples.exhibit("line", pd.concat(parts, ignore_index=True), fields, **encoded)


def test_an_interval_is_a_field_and_no_line_of_its_own():
    specification = charts.build(interval())
    alt.LayerChart.from_dict(specification, validate=True)
    assert [(row["low"], row["high"]) for row in specification["datasets"]["band"]] == [(15, 25), (16, 27)]
    lines = [layer for layer in specification["layer"] if layer["mark"]["type"] == "line"]
    assert lines[0]["encoding"]["color"]["scale"]["domain"] == ["Tatsächlich", "Erwartet"]
    assert {"filter": "!datum.edge"} in lines[0]["transform"]
    assert charts.reading_help(interval()) == ("Graue Fläche: zwischen „von“ und „bis“.",)


def test_incomplete_buckets_are_marked_on_a_dense_line_too():
    days = pd.date_range("2025-01-01", periods=70)
    frame = pd.DataFrame({"day": days, "clicks": range(70), "partial": [True, *[False] * 69]})
    fields = (Field("day", "Tag", "date"), Field("clicks", "Klicks", "integer"))
    specification = charts.build(samples.exhibit("line", frame, fields, x="day", y="clicks"))
    points = [layer for layer in specification["layer"] if layer["mark"]["type"] == "point"]
    assert [layer["transform"] for layer in points] == [[{"filter": "datum.partial"}]]
