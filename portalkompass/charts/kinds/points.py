"""Scatter: two measures against each other, the largest points named directly."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import d3_format, distinct, neutral, shortened, titled
from portalkompass.charts.direct_labels import spread
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.charts.scales import by_series, series_colour, value_axis
from portalkompass.exhibit import NAMED_POINTS, Exhibit

LABEL_LIMIT = 30
LABELS, MIDDLE = "labels", "middle"
LINE = 15.0
"""Pixels from one label to the next."""
TITLE = 16
"""Pixels of the axis title above the plot, which the legend leaves free."""
WIDEST_LABEL = 0.33
"""Share of the plot that the longest name takes in the projector's letters."""
NEAR_X, NEAR_Y = 0.25, 0.06
"""Labels nearer than these shares of the plot would touch."""


def scatter(exhibit: Exhibit) -> Drawing:
    """x and y are measures; ``series`` colours and shapes, ``size`` scales, ``point_names`` names, ``axes`` bounds."""
    frame = neutral(exhibit)
    field = exhibit.field(exhibit.x)
    axis = alt.Axis(
        title=titled(field),
        format=d3_format(field).replace("f", "~f"),
        grid=True,
        titleAnchor="start",
        tickCount=6,
    )
    axes = exhibit.axes
    scale = alt.Scale(zero=axes.zero, nice=True)
    if axes.x_from is not None:
        scale = alt.Scale(domain=[axes.x_from, math.ceil(frame["x"].max())], nice=False)
    if axes.to is not None:
        scale = alt.Scale(domain=[0, axes.to], nice=False)
    x = alt.X(field="x", type="quantitative", axis=axis, scale=scale)
    y = value_axis(exhibit, frame["y"], title=True)
    if axes.to is not None:
        y["scale"] = scale
        axis["format"] = y["axis"]["format"] = ",.0f"
    points = over().mark_point(filled=True, opacity=0.75, size=80, color=theme.ACTION)
    points = points.encode(x, y, tooltips(exhibit))
    if "series" in frame:
        names = distinct(frame["series"])
        shapes = [theme.SHAPES[index % len(theme.SHAPES)] for index in range(len(names))]
        points = points.encode(
            series_colour(names, highlighted=exhibit.highlighted, raised=TITLE),
            by_series(alt.Shape, names, shapes, raised=TITLE),
        )
    if "size" in frame:
        sizes = alt.Scale(range=[30, 600])
        points = points.encode(alt.Size(field="size", type="quantitative", legend=None, scale=sizes))
    names_all = exhibit.point_names is not None and exhibit.point_names.every
    named = _all_named(frame, exhibit) if names_all else _named(frame, exhibit)
    text = alt.Text(field="label", type="nominal")
    parts = [*_middle(exhibit, x, y), points]
    label_y = alt.Y(field="at", type="quantitative", axis=y["axis"], scale=y["scale"])
    for leftwards in sorted(
        set(named["leftwards"])
    ):  # a layer without rows would leave Vega without an extent
        label = over(LABELS).mark_text(
            align="right" if leftwards else "left", dx=-9 if leftwards else 9, fontSize=11
        )
        side = "datum.leftwards" if leftwards else "!datum.leftwards"
        parts.append(label.encode(x, label_y, text).transform_filter(side))
    frames = {ROWS: frame, LABELS: named}
    if axes.middle is not None:
        frames[MIDDLE] = pd.DataFrame({"x": [axes.middle], "y": [axes.middle]})
    return Drawing(parts, frames, exhibit.height)


def _middle(exhibit: Exhibit, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Two thin lines through the middle of both axes, for quadrants."""
    if exhibit.axes.middle is None:
        return []
    line = over(MIDDLE).mark_rule(color=theme.AXIS, strokeDash=[4, 4])
    return [line.encode(x), line.encode(y)]


def _all_named(frame: pd.DataFrame, exhibit: Exhibit) -> pd.DataFrame:
    """Every point with its name, to the right of it where that fits; names that would touch are moved apart vertically.

    Names of both sides are moved together where those from the right reach into those from the left.
    """
    names = [shortened(name, LABEL_LIMIT) for name in _names(exhibit)]
    reach = exhibit.axes.to or float(frame["x"].max()) or 1.0
    rows = frame[["x", "y"]].assign(label=names)
    length = rows["label"].str.len() * (WIDEST_LABEL * reach / LABEL_LIMIT)
    rows["leftwards"] = rows["x"] + length > reach
    tall = exhibit.axes.to or float(frame["y"].max()) or 1.0
    left, right = rows["leftwards"], ~rows["leftwards"]
    crossing = (
        right.any() and left.any() and (rows["x"] + length)[right].max() > (rows["x"] - length)[left].min()
    )
    for side in [rows] if crossing else [rows[left], rows[right]]:
        ordered = side.sort_values("y")
        rows.loc[ordered.index, "at"] = spread(list(ordered["y"]), tall / exhibit.height * LINE)
    return rows


def _named(frame: pd.DataFrame, exhibit: Exhibit) -> pd.DataFrame:
    """The largest points whose labels keep clear of each other; none without ``point_names``."""
    names = _names(exhibit)
    width = float(frame["x"].max() - min(frame["x"].min(), 0)) or 1.0
    height = float(frame["y"].max() - frame["y"].min()) or 1.0
    labels: list[dict[str, float | str | bool]] = []
    largest = frame.sort_values("size" if "size" in frame else "x", ascending=False)
    if exhibit.point_names and exhibit.point_names.ends_first:
        ends = [frame.index[-1], frame.index[0]]
        largest = pd.concat([frame.loc[ends], largest.drop(index=ends)])
    for index, x, y in zip(largest.index, largest["x"], largest["y"], strict=True):
        near = any(
            abs(x - float(other["x"])) / width < NEAR_X and abs(y - float(other["y"])) / height < NEAR_Y
            for other in labels
        )
        if len(labels) < NAMED_POINTS and not near and not names.empty:
            labels.append(
                {
                    "x": x,
                    "y": y,
                    "label": shortened(names[index], LABEL_LIMIT),
                    "leftwards": bool(x > width * 0.6),
                }
            )
    rows = pd.DataFrame(labels, columns=["x", "y", "label", "leftwards"]).astype({"leftwards": bool})
    return rows.assign(at=rows["y"])


def _names(exhibit: Exhibit) -> pd.Series:
    if exhibit.point_names is None:
        return pd.Series(dtype=str)
    return exhibit.frame[exhibit.point_names.column].reset_index(drop=True).astype(str)
