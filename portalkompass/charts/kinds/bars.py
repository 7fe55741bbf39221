"""Bars: one row a category in the frame's order, its value written at the end instead of an axis."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import columns, theme
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.charts.scales import area_colour
from portalkompass.charts.widths import width
from portalkompass.exhibit import Exhibit

ROW, ROW_GROUPED = 38, 52
"""Pixels of a category, with one bar and with several."""
LINE = 14
"""Pixels of a line of a label; two of them are moved up by half a line, so that they stand beside the bar."""
ROOM_FOR_LABEL = 1.12
"""The value axis is this much longer than the bars, on either side that has any, so that their labels fit."""
VALUE, CHARACTER, LABEL_LIMIT = 52.0, 6.5, 320
"""Pixels that a value takes at the end of a bar, a letter of a category's label, and such a label at most."""
SUMS = "sums"


def category_axis(labels: list[str]) -> alt.Y:
    """Categories from top to bottom in the given order, long ones in two lines."""
    two_lines = {"test": "indexof(datum.value, '\\n') > 0", "value": -LINE / 2}
    axis = alt.Axis(
        title=None,
        labelExpr=columns.SPLIT_LABEL,
        labelLimit=min(LABEL_LIMIT, int(width() / 2)),
        labelLineHeight=LINE,
        labelOffset={"condition": two_lines, "value": 0},
        labelPadding=10,
        ticks=False,
    )
    scale = alt.Scale(paddingInner=0.35, paddingOuter=0.15)
    return alt.Y(field="label", type="nominal", sort=labels, axis=axis, scale=scale)


def bar(exhibit: Exhibit) -> Drawing:
    """Horizontal bars. With ``series`` each bar has its series' colour; where a category has several
    series, their bars stand below each other.
    """
    frame = _labelled(exhibit)
    field = exhibit.field(exhibit.x)
    frame["text"] = german.texts(frame["x"], field.format)
    rows = list(dict.fromkeys(frame["label"]))
    grouped = len(rows) < len(frame)
    x = alt.X(field="x", type="quantitative", axis=None, scale=_room(frame["x"], frame["label"]))
    base = over().encode(category_axis(rows), x, tooltips(exhibit))
    if grouped:
        offset = alt.YOffset(field="series", type="nominal", sort=columns.distinct(frame["series"]))
        base = base.encode(offset)
    bars = base.mark_bar(color=theme.ACTION, cornerRadiusEnd=2)
    shown = exhibit.highlighted
    if "series" in frame:
        bars = bars.encode(area_colour(columns.distinct(frame["series"]), shown))
    elif shown:
        frame["front"] = exhibit.frame[exhibit.y].astype(str).isin(shown).to_list()
        front = alt.condition("datum.front", alt.value(theme.ACTION), alt.value(theme.STEPPED_BACK))
        bars = bars.encode(color=front)
    text = alt.Text(field="text", type="nominal")
    parts = [bars]
    if bool((frame["x"] >= 0).any()):
        parts.append(base.mark_text(align="left", dx=6).encode(text).transform_filter("datum.x >= 0"))
    if bool((frame["x"] < 0).any()):
        parts.append(base.mark_text(align="right", dx=-6).encode(text).transform_filter("datum.x < 0"))
    return Drawing(parts, {ROWS: frame}, len(rows) * (ROW_GROUPED if grouped else ROW))


def stacked_bar(exhibit: Exhibit) -> Drawing:
    """Stacked horizontal bars with the sum at the end."""
    frame = _labelled(exhibit)
    field = exhibit.field(exhibit.x)
    rows = list(dict.fromkeys(frame["label"]))
    names = columns.distinct(frame["series"])
    frame["order"] = frame["series"].map({name: index for index, name in enumerate(names)})
    sums = frame.groupby("label", sort=False)["x"].sum().reset_index()
    sums["text"] = german.texts(sums["x"], field.format)
    # Round steps need no decimals: 20, not 20,0.
    axis = alt.Axis(
        title=columns.titled(field),
        format=columns.d3_format(field).replace("f", "~f"),
        grid=True,
        tickCount=5,
    )
    x = alt.X(field="x", type="quantitative", stack="zero", axis=axis, scale=_room(sums["x"], sums["label"]))
    y, order = category_axis(rows), alt.Order(field="order", type="quantitative")
    bars = over().mark_bar(stroke=theme.GROUND, strokeWidth=1)
    bars = bars.encode(y, x, area_colour(names, exhibit.highlighted), order, tooltips(exhibit))
    text = over(SUMS).mark_text(align="left", dx=6, fontWeight=600)
    end = alt.X(field="x", type="quantitative", axis=axis, scale=_room(sums["x"], sums["label"]))
    total = text.encode(y, end, alt.Text(field="text", type="nominal"))
    return Drawing([bars, total], {ROWS: frame, SUMS: sums}, len(rows) * ROW)


def _labelled(exhibit: Exhibit) -> pd.DataFrame:
    """Rows with their axis label; rows of one category share it where each has another series."""
    frame = columns.neutral(exhibit)
    shared = "series" in frame and not frame.duplicated(["y", "series"]).any()
    return frame.assign(label=columns.shared_labels(frame["y"]) if shared else columns.categories(frame["y"]))


def _room(values: pd.Series, labels: pd.Series) -> alt.Scale:
    """The axis with room for the values written at the ends of bars, the more the less wide the plot is."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    if low == high:
        high = 1.0
    names = max(len(line) for label in labels for line in str(label).split("\n"))
    plot = width() - min(names * CHARACTER, LABEL_LIMIT)
    room = (high - low) * max(ROOM_FOR_LABEL - 1, VALUE / max(plot - VALUE, VALUE))
    return alt.Scale(domain=[low - room if low < 0 else 0.0, high + room if high > 0 else 0.0], nice=False)
