"""Slope: two points in time, one line per name, labels at both ends kept apart."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.columns import distinct, neutral
from portalkompass.charts.direct_labels import LABEL_HEIGHT, spread
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.charts.scales import value_axis
from portalkompass.exhibit import Exhibit


def slope(exhibit: Exhibit) -> Drawing:
    """x has exactly two values, the earlier first; highlighted lines are coloured, else those that improve."""
    frame = neutral(exhibit)
    frame["x"], frame["series"] = frame["x"].astype(str), frame["series"].astype(str)
    first, last = distinct(frame["x"])
    wide = frame.pivot_table(index="series", columns="x", values="y", sort=False)
    rising = wide[last] < wide[first] if exhibit.reverse_y else wide[last] > wide[first]
    shown = exhibit.highlighted
    frame["better"] = frame["series"].isin(shown) if shown else frame["series"].map(rising)
    y = value_axis(exhibit, frame["y"])
    y["axis"] = None
    at = alt.Y(field="at", type="quantitative", axis=None, scale=y["scale"])
    axis = alt.Axis(title=None, labelAngle=0, orient="top", domain=False)
    x = alt.X(field="x", type="nominal", sort=[first, last], axis=axis)
    base = over().encode(x, y, tooltips(exhibit))
    detail = alt.Detail(field="series", type="nominal")
    better, other = base.transform_filter("datum.better"), base.transform_filter("!datum.better")
    parts = []
    for part, ink in ((better, theme.ACTION), (other, theme.GREY)):
        parts += [
            part.mark_line(strokeWidth=2, color=ink).encode(detail),
            part.mark_circle(size=60, color=ink),
        ]
    frames = {ROWS: frame}
    text = alt.Text(field="text", type="nominal")
    for name, end in (("first", first), ("last", last)):
        frames[name] = _ends(exhibit, frame[frame["x"] == end])
        label = over(name).mark_text(
            align="right" if end == first else "left", dx=-10 if end == first else 10
        )
        parts.append(label.encode(x, at, text))
    return Drawing(parts, frames, exhibit.height)


def _ends(exhibit: Exhibit, rows: pd.DataFrame) -> pd.DataFrame:
    """Labels of one end, from top to bottom kept apart."""
    field = exhibit.field(exhibit.y)
    rows = rows.sort_values("y")
    written = german.texts(rows["y"], field.format)
    labels = [f"{name}  {value}" for name, value in zip(rows["series"], written, strict=True)]
    values = exhibit.frame[exhibit.y]
    unit = float(values.max() - min(values.min(), 0.0)) / exhibit.height * LABEL_HEIGHT
    return rows.assign(text=labels, at=spread(list(rows["y"]), unit))
