"""Dots with intervals: a value per category and the range in which it may lie (ranks, scores)."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import categories, d3_format, neutral, titled
from portalkompass.charts.kinds.bars import category_axis
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.charts.scales import position_ticks
from portalkompass.exhibit import Exhibit

ROW = 36
"""Pixels of a category."""
EVERY_RANK = 20
"""Up to this rank each has its own tick."""


def dots(exhibit: Exhibit) -> Drawing:
    """y is the category, x the value, ``interval`` the columns of the range it may lie in.

    Whole-number values are ranks: each has its tick and 1 stands on the left.
    """
    frame = neutral(exhibit)
    frame["label"] = categories(frame["y"])
    for bound, name in zip(("low", "high"), exhibit.interval or (exhibit.x, exhibit.x), strict=True):
        frame[bound] = pd.to_numeric(exhibit.frame[name].reset_index(drop=True))
    y = category_axis(list(frame["label"]))
    field = exhibit.field(exhibit.x)
    axis = alt.Axis(title=titled(field), format=d3_format(field), grid=True, titleAnchor="start", tickCount=6)
    if field.format in ("percent", "percent_change"):
        axis["tickMinStep"] = 0.01  # else neighbouring ticks are written alike
    worst = max(float(frame["x"].max()), float(frame["high"].max()))
    scale = alt.Scale(domain=[0, worst], nice=True)
    if field.format == "integer":
        axis["values"] = list(range(1, int(worst) + 1)) if worst <= EVERY_RANK else position_ticks(worst)
        scale = alt.Scale(domain=[0.5, worst + 0.5], nice=False)
    x, low, high = (alt.X(field=n, type="quantitative", axis=axis, scale=scale) for n in ("x", "low", "high"))
    base = over().encode(y, tooltips(exhibit))
    ends = base.mark_tick(color=theme.GREY, thickness=2, size=14)
    parts = [
        base.mark_rule(color=theme.GREY, strokeWidth=3).encode(low, alt.X2(field="high")),
        ends.encode(low),
        ends.encode(high),
        base.mark_circle(size=130, color=theme.ACTION, opacity=1).encode(x),
    ]
    return Drawing(parts, {ROWS: frame}, len(frame) * ROW)
