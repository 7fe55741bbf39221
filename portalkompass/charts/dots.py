"""Dots with intervals: a value per category and the range in which it may lie (ranks, scores)."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.bars import category_axis
from portalkompass.charts.columns import categories, d3_format, neutral, titled, tooltips
from portalkompass.charts.layering import stacked_layers
from portalkompass.charts.scales import position_ticks
from portalkompass.exhibit import Exhibit

ROW = 38


def dots(exhibit: Exhibit) -> alt.LayerChart:
    """y is the category, x the value; ``options`` name the columns of the interval (``low``, ``high``).

    Without options they are ``<x>_low`` and ``<x>_high``. Whole-number values are ranks: each has its
    tick and 1 stands on the left.
    """
    frame = neutral(exhibit)
    frame["label"] = categories(list(frame["y"]))
    for bound in ("low", "high"):
        name = exhibit.options.get(bound, f"{exhibit.x}_{bound}")
        frame[bound] = pd.to_numeric(exhibit.frame[name].reset_index(drop=True))
    rows = list(frame["label"])
    field = exhibit.field(exhibit.x)
    axis = alt.Axis(title=titled(field), format=d3_format(field), grid=True, titleAnchor="start")
    scale = alt.Scale(nice=True)
    if field.format == "integer":
        worst = max(float(frame["x"].max()), float(frame["high"].max()))
        axis["values"] = list(range(1, int(worst) + 1)) if worst <= 20 else position_ticks(worst)  # noqa: PLR2004
        scale = alt.Scale(domain=[0.5, worst + 0.5], nice=False)
    x = alt.X("x:Q", axis=axis, scale=scale)
    base = alt.Chart(frame).encode(y=category_axis(rows), tooltip=tooltips(exhibit))
    span = base.mark_rule(color=theme.GREY, strokeWidth=4, opacity=0.55, strokeCap="round")
    ends = base.mark_point(shape="stroke", angle=90, size=120, color=theme.GREY, strokeWidth=2)
    point = base.mark_circle(size=130, color=theme.ACTION, opacity=1)
    return stacked_layers(
        [
            span.encode(x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q"),
            ends.encode(x=alt.X("low:Q", axis=axis, scale=scale)),
            ends.encode(x=alt.X("high:Q", axis=axis, scale=scale)),
            point.encode(x=x),
        ],
        height=len(rows) * ROW,
    )
