"""Heatmap: two categories and a value, written in every cell, so that colour is never alone."""

from __future__ import annotations

import altair as alt

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.bars import category_axis
from portalkompass.charts.columns import categories, distinct, neutral, tooltips
from portalkompass.charts.layering import stacked_layers
from portalkompass.exhibit import Exhibit

ROW = 34
PALE = "#eef1fa"


def heatmap(exhibit: Exhibit) -> alt.LayerChart:
    """x and y are categories, ``size`` the value; dark is much, missing cells stay white."""
    frame = neutral(exhibit)
    field = exhibit.field(exhibit.size)
    names = distinct(frame["y"])
    frame["label"] = frame["y"].astype(str).map(dict(zip(names, categories(names), strict=True)))
    frame["x"] = frame["x"].astype(str)
    frame["text"] = [german.value(value, field.format) for value in frame["size"]]
    low, high = float(frame["size"].min()), float(frame["size"].max())
    frame["dark"] = frame["size"] > low + (high - low) * 0.55
    rows = list(dict.fromkeys(frame["label"]))
    x = alt.X("x:N", sort=distinct(frame["x"]), axis=alt.Axis(title=None, labelAngle=0, orient="top"))
    base = alt.Chart(frame).encode(x=x, y=category_axis(rows), tooltip=tooltips(exhibit))
    fill = alt.Color("size:Q", legend=None, scale=alt.Scale(domain=[low, high], range=[PALE, theme.ACTION]))
    ink = alt.condition("datum.dark", alt.value(theme.GROUND), alt.value(theme.TEXT))
    cells = base.mark_rect(stroke=theme.GROUND, strokeWidth=2).encode(color=fill)
    return stacked_layers([cells, base.mark_text().encode(text="text:N", color=ink)], height=len(rows) * ROW)
