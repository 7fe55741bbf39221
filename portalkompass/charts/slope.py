"""Slope: two points in time, one line per name, labels at both ends kept apart."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.columns import distinct, neutral, tooltips
from portalkompass.charts.layering import stacked_layers
from portalkompass.charts.scales import value_axis
from portalkompass.exhibit import Exhibit

APART = 16.0
"""Smallest distance of two labels in pixels."""


def slope(exhibit: Exhibit) -> alt.LayerChart:
    """x has exactly two values, the earlier first; lines that improve are coloured, the others grey."""
    frame = neutral(exhibit)
    frame["x"], frame["series"] = frame["x"].astype(str), frame["series"].astype(str)
    ends = distinct(frame["x"])
    wide = frame.pivot_table(index="series", columns="x", values="y", sort=False)
    rising = wide[ends[-1]] < wide[ends[0]] if exhibit.reverse_y else wide[ends[-1]] > wide[ends[0]]
    frame["better"] = frame["series"].map(rising)
    y = value_axis(exhibit, frame["y"])
    y["axis"] = None
    x = alt.X("x:N", sort=ends, axis=alt.Axis(title=None, labelAngle=0, orient="top", domain=False))
    colour = alt.condition("datum.better", alt.value(theme.ACTION), alt.value(theme.GREY))
    base = alt.Chart(frame).encode(x=x, y=y, color=colour, tooltip=tooltips(exhibit))
    parts = [base.mark_line(strokeWidth=2).encode(detail="series:N"), base.mark_circle(size=60, opacity=1)]
    field = exhibit.field(exhibit.y)
    for end in (ends[0], ends[-1]):
        rows = frame[frame["x"] == end].sort_values("y").copy()
        rows["text"] = [
            f"{name}  {german.value(value, field.format)}"
            for name, value in zip(rows["series"], rows["y"], strict=True)
        ]
        rows["at"] = spread(list(rows["y"]), _unit(frame["y"], exhibit.height))
        labels = (
            alt.Chart(rows).mark_text(align="right", dx=-10, limit=320)
            if end == ends[0]
            else alt.Chart(rows).mark_text(align="left", dx=10, limit=320)
        )
        parts.append(labels.encode(x=x, y=alt.Y("at:Q"), text="text:N"))
    return stacked_layers(parts, height=exhibit.height)


def spread(values: list[float], smallest: float) -> list[float]:
    """Ascending values pushed apart to at least ``smallest``, their middle kept."""
    placed: list[float] = []
    for value in values:
        placed.append(max(value, placed[-1] + smallest) if placed else value)
    shift = (sum(placed) - sum(values)) / len(values) if values else 0.0
    return [value - shift for value in placed]


def _unit(values: pd.Series, height: int) -> float:
    return float(values.max() - min(values.min(), 0.0)) / height * APART
