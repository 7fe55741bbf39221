"""Scatter: two measures against each other, the largest points named directly."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import d3_format, distinct, neutral, titled, tooltips
from portalkompass.charts.layering import stacked_layers
from portalkompass.charts.scales import series_colour, value_axis
from portalkompass.exhibit import Exhibit

NAMED = 6
LABEL_LIMIT = 30


def scatter(exhibit: Exhibit) -> alt.LayerChart:
    """x and y are measures; ``series`` colours and shapes, ``size`` scales, ``options["label"]`` names."""
    frame = neutral(exhibit)
    field = exhibit.field(exhibit.x)
    x = alt.X(
        "x:Q",
        axis=alt.Axis(
            title=titled(field), format=d3_format(field), grid=True, titleAnchor="start", tickCount=6
        ),
        scale=alt.Scale(zero=exhibit.options.get("zero") != "no", nice=True),
    )
    base = alt.Chart(frame).encode(
        x=x, y=value_axis(exhibit, frame["y"], title=True), tooltip=tooltips(exhibit)
    )
    points = base.mark_point(filled=True, opacity=0.75, size=80, color=theme.ACTION)
    if "series" in frame:
        names = distinct(frame["series"])
        shapes = [theme.SHAPES[index % len(theme.SHAPES)] for index in range(len(names))]
        shape = alt.Shape("series:N", sort=names, scale=alt.Scale(domain=names, range=shapes))
        points = points.encode(color=series_colour(names), shape=shape)
    if "size" in frame:
        points = points.encode(size=alt.Size("size:Q", legend=None, scale=alt.Scale(range=[30, 600])))
    named = _named(frame, exhibit)
    middle = float(frame["x"].max()) * 0.6
    rightwards = alt.Chart(named[named["x"] <= middle]).mark_text(align="left", dx=9, fontSize=11)
    leftwards = alt.Chart(named[named["x"] > middle]).mark_text(align="right", dx=-9, fontSize=11)
    parts = [points]
    # A layer without rows would leave Vega without an extent.
    for rows, label in ((named["x"] <= middle, rightwards), (named["x"] > middle, leftwards)):
        if bool(rows.any()):
            parts.append(label.encode(x="x:Q", y="y:Q", text="label:N"))
    return stacked_layers(parts, height=exhibit.height)


def _named(frame: pd.DataFrame, exhibit: Exhibit) -> pd.DataFrame:
    """The largest points whose labels keep clear of each other; none without ``options["label"]``."""
    column = exhibit.options.get("label")
    if not column:
        return pd.DataFrame({"x": [], "y": [], "label": []})
    names = exhibit.frame[column].reset_index(drop=True).astype(str)
    frame = frame.assign(label=[n if len(n) <= LABEL_LIMIT else n[: LABEL_LIMIT - 2] + " …" for n in names])
    width = float(frame["x"].max() - min(frame["x"].min(), 0)) or 1.0
    height = float(frame["y"].max() - frame["y"].min()) or 1.0
    kept: list[pd.Series] = []
    for _, row in frame.sort_values("size" if "size" in frame else "x", ascending=False).iterrows():
        near = any(
            abs(row["x"] - other["x"]) / width < 0.25 and abs(row["y"] - other["y"]) / height < 0.06  # noqa: PLR2004
            for other in kept
        )
        if not near:
            kept.append(row)
        if len(kept) == NAMED:
            break
    return pd.DataFrame(kept)[["x", "y", "label"]]
