"""Heatmap: two categories and a value, written in every cell, so that colour is never alone."""

from __future__ import annotations

import altair as alt

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.columns import distinct, neutral, shared_labels
from portalkompass.charts.kinds.bars import category_axis
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.exhibit import Exhibit

ROW = 34
"""Pixels of a category."""
PALE = "#eef1fa"


def heatmap(exhibit: Exhibit) -> Drawing:
    """x and y are categories, ``size`` the value; dark is much, missing cells stay white."""
    frame = neutral(exhibit)
    field = exhibit.field(exhibit.size)
    frame["label"] = shared_labels(frame["y"])
    frame["x"] = frame["x"].astype(str)
    frame["text"] = [german.value(value, field.format) for value in frame["size"]]
    low, high = float(frame["size"].min()), float(frame["size"].max())
    frame["dark"] = frame["size"] > low + (high - low) * 0.55
    rows = list(dict.fromkeys(frame["label"]))
    axis = alt.Axis(title=None, labelAngle=0, orient="top")
    x = alt.X(field="x", type="nominal", sort=distinct(frame["x"]), axis=axis)
    base = over().encode(x, category_axis(rows), tooltips(exhibit))
    shades = alt.Scale(domain=[low, high], range=[PALE, theme.ACTION])
    cells = base.mark_rect(stroke=theme.GROUND, strokeWidth=2)
    cells = cells.encode(alt.Color(field="size", type="quantitative", legend=None, scale=shades))
    text = base.encode(alt.Text(field="text", type="nominal"))
    dark = text.mark_text(color=theme.GROUND).transform_filter("datum.dark")
    light = text.mark_text(color=theme.TEXT).transform_filter("!datum.dark")
    return Drawing([cells, dark, light], {ROWS: frame}, len(rows) * ROW)
