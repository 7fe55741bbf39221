"""Bars: one row a category in the frame's order, its value written at the end instead of an axis."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.columns import categories, d3_format, distinct, neutral, titled, tooltips
from portalkompass.charts.layering import stacked_layers
from portalkompass.charts.scales import SPLIT_LABEL, series_colour
from portalkompass.exhibit import Exhibit

ROW = 40
ROW_GROUPED = 52
ROOM_FOR_LABEL = 1.12
"""The value axis is this much longer than the longest bar, so that its label fits."""


def category_axis(labels: list[str]) -> alt.Y:
    """Categories from top to bottom in the given order, long ones in two lines."""
    axis = alt.Axis(
        title=None, labelExpr=SPLIT_LABEL, labelLimit=320, labelLineHeight=14, labelPadding=10, ticks=False
    )
    return alt.Y("label:N", sort=labels, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15))


def bar(exhibit: Exhibit) -> alt.LayerChart:
    """Horizontal bars; with ``series`` the bars of one category stand below each other."""
    frame = _labelled(exhibit)
    field = exhibit.field(exhibit.x)
    frame["text"] = [german.value(value, field.format) for value in frame["x"]]
    rows = list(dict.fromkeys(frame["label"]))
    grouped = "series" in frame
    scale = _room(frame["x"])
    base = alt.Chart(frame).encode(
        y=category_axis(rows),
        x=alt.X("x:Q", axis=None, scale=scale),
        tooltip=tooltips(exhibit),
    )
    if grouped:
        names = distinct(frame["series"])
        base = base.encode(yOffset=alt.YOffset("series:N", sort=names))
        bars = base.mark_bar(cornerRadiusEnd=2).encode(color=series_colour(names))
    else:
        bars = base.mark_bar(color=theme.ACTION, cornerRadiusEnd=2)
    right = base.transform_filter("datum.x >= 0").mark_text(align="left", dx=6).encode(text="text:N")
    left = base.transform_filter("datum.x < 0").mark_text(align="right", dx=-6).encode(text="text:N")
    height = len(rows) * (ROW_GROUPED if grouped else ROW)
    return stacked_layers([bars, right, left], height=height)


def stacked_bar(exhibit: Exhibit) -> alt.LayerChart:
    """Stacked horizontal bars with the sum at the end (``options["total"] = "no"`` leaves it out)."""
    frame = _labelled(exhibit, by_name=True)
    field = exhibit.field(exhibit.x)
    rows = list(dict.fromkeys(frame["label"]))
    names = distinct(frame["series"])
    frame["order"] = frame["series"].map({name: index for index, name in enumerate(names)})
    totals = frame.groupby("label", sort=False)["x"].sum().reset_index()
    totals["text"] = [german.value(value, field.format) for value in totals["x"]]
    axis = alt.Axis(title=titled(field), format=d3_format(field), grid=True, tickCount=5)
    x = alt.X("x:Q", stack="zero", axis=axis, scale=_room(totals["x"]))
    bars = (
        alt.Chart(frame)
        .mark_bar(stroke=theme.GROUND, strokeWidth=1)
        .encode(
            y=category_axis(rows),
            x=x,
            color=series_colour(names),
            order="order:Q",
            tooltip=tooltips(exhibit),
        )
    )
    parts = [bars]
    if exhibit.options.get("total") != "no":
        sums = alt.Chart(totals).mark_text(align="left", dx=6, fontWeight=600)
        parts.append(sums.encode(y=category_axis(rows), x="x:Q", text="text:N"))
    return stacked_layers(parts, height=len(rows) * ROW)


def _labelled(exhibit: Exhibit, *, by_name: bool = False) -> pd.DataFrame:
    """Rows with their axis label; rows of one category share it when they are split by series."""
    frame = neutral(exhibit)
    if by_name or "series" in frame:
        names = distinct(frame["y"])
        frame["label"] = frame["y"].astype(str).map(dict(zip(names, categories(names), strict=True)))
    else:
        frame["label"] = categories(list(frame["y"]))
    return frame


def _room(values: pd.Series) -> alt.Scale:
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    if low == high:
        high = 1.0
    return alt.Scale(domain=[low * ROOM_FOR_LABEL, high * ROOM_FOR_LABEL], nice=False)
