"""Trends: lines with provisional days dashed and partial buckets hollow, and stacked bands."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass.charts import marks, theme
from portalkompass.charts.columns import distinct, neutral, tooltips
from portalkompass.charts.layering import stacked_layers
from portalkompass.charts.scales import COMPARISONS, series_colour, time_axis, value_axis
from portalkompass.exhibit import Exhibit

DENSE = 60
"""More points than this per series are not drawn one by one."""


def line(exhibit: Exhibit) -> alt.LayerChart:
    """Lines over time. Missing values interrupt the line; what is compared with is thin and dotted."""
    frame = _with_series(neutral(exhibit), exhibit)
    names = distinct(frame["series"])
    dense = len(frame) / len(names) > DENSE
    placed = marks.place(exhibit.marks, frame["x"].min().date(), frame["x"].max().date())
    behind, before = marks.layers(placed)
    base = alt.Chart(frame).encode(
        x=time_axis(frame["x"]),
        y=value_axis(exhibit, frame["y"]),
        color=series_colour(names, symbols="stroke"),
    )
    strokes = alt.StrokeDash(
        "series:N",
        sort=names,
        scale=alt.Scale(domain=names, range=_dashes(names)),
        legend=alt.Legend(symbolType="stroke") if len(names) > 1 else None,
    )
    solid = base.transform_filter("!datum.provisional").mark_line().encode(strokeDash=strokes)
    parts: list[alt.Chart] = [*behind, solid]
    bridge = _bridge(frame)
    if not bridge.empty:
        dashed = alt.Chart(bridge).mark_line(strokeDash=[4, 4], opacity=0.85)
        parts.append(
            dashed.encode(x="x:T", y="y:Q", color=series_colour(names, symbols="stroke"), detail="series:N")
        )
    parts += [*_points(base, exhibit, dense=dense), *before]
    return stacked_layers(parts, height=exhibit.height)


def _points(base: alt.Chart, exhibit: Exhibit, *, dense: bool) -> list[alt.Chart]:
    hit = base.mark_circle(size=160, opacity=0).encode(tooltip=tooltips(exhibit))
    if dense:
        return [hit]
    whole = base.transform_filter("!datum.partial && isValid(datum.y)").mark_circle(size=42, opacity=1)
    hollow = base.transform_filter("datum.partial && isValid(datum.y)").mark_point(
        size=52, fill=theme.GROUND, strokeWidth=2, opacity=1
    )
    return [whole, hollow, hit]


def _bridge(frame: pd.DataFrame) -> pd.DataFrame:
    """Provisional rows, each run begun by the last final row so that the line does not break."""
    pieces = []
    for _, rows in frame.sort_values("x").groupby("series", sort=False):
        provisional = rows["provisional"]
        pieces.append(rows[provisional | provisional.shift(-1, fill_value=False)])
    bridge = pd.concat(pieces)[["x", "y", "series", "provisional"]]
    return bridge if bool(bridge["provisional"].any()) else bridge.iloc[:0]


def _dashes(names: list[str]) -> list[list[int]]:
    """The second channel: compared periods are dotted, further series have their own dash."""
    own = iter(theme.DASHES)
    return [[2, 3] if name in COMPARISONS else list(next(own, (4, 2))) for name in names]


def _with_series(frame: pd.DataFrame, exhibit: Exhibit) -> pd.DataFrame:
    frame["x"] = pd.to_datetime(frame["x"])
    if "series" not in frame:
        frame["series"] = exhibit.field(exhibit.y).label
    return frame


def stacked_area(exhibit: Exhibit) -> alt.LayerChart:
    """Bands over time, first series at the bottom; ``options["stack"] = "normalize"`` shows shares."""
    frame = _with_series(neutral(exhibit), exhibit)
    names = distinct(frame["series"])
    frame["order"] = frame["series"].map({name: index for index, name in enumerate(names)})
    placed = marks.place(exhibit.marks, frame["x"].min().date(), frame["x"].max().date())
    _, before = marks.layers(placed)
    normalised = exhibit.options.get("stack") == "normalize"
    y = value_axis(exhibit, frame["y"])
    y["stack"] = "normalize" if normalised else "zero"
    if normalised:
        y["axis"] = alt.Axis(title=None, format=".0%", tickCount=5)
    base = alt.Chart(frame).encode(x=time_axis(frame["x"]), y=y, order="order:Q", color=series_colour(names))
    area = base.mark_area(stroke=theme.GROUND, strokeWidth=1.5, opacity=1).encode(tooltip=tooltips(exhibit))
    return stacked_layers([area, *before], height=exhibit.height)
