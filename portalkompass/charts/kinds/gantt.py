"""Gantt: from which quarter to which each project is worked on; the last of them, in which it goes live, is dark."""

from __future__ import annotations

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import categories, neutral
from portalkompass.charts.kinds.bars import category_axis
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.exhibit import Exhibit

ROW = 34
"""Pixels of a project."""
CELLS = "cells"
PALE = "#b9c4ec"


def gantt(exhibit: Exhibit) -> Drawing:
    """y is the project; ``interval`` names the columns of its first and last quarter, written as "Q1 2026"."""
    begin, end = exhibit.interval or (exhibit.x, exhibit.x)
    frame = neutral(exhibit)
    frame["label"] = categories(frame["y"])
    frame["begin"] = exhibit.frame[begin].reset_index(drop=True).astype(str)
    frame["end"] = exhibit.frame[end].reset_index(drop=True).astype(str)
    quarters = between(min(frame["begin"], key=number), max(frame["end"], key=number))
    cells = pd.DataFrame(
        [
            {"label": label, "quarter": quarter, "live": quarter == last}
            for label, first, last in zip(frame["label"], frame["begin"], frame["end"], strict=True)
            for quarter in between(first, last)
        ]
    )
    axis = alt.Axis(title=None, labelAngle=0, orient="top", grid=True, bandPosition=0)
    scale = alt.Scale(domain=quarters, paddingInner=0, paddingOuter=0)
    x = alt.X(field="quarter", type="nominal", sort=None, axis=axis, scale=scale)
    rows = list(frame["label"])
    y = category_axis(rows)
    bars = over(CELLS).mark_rect(height={"band": 0.7}).encode(x, y)
    fill = alt.Color(
        field="live",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=[False, True], range=[PALE, theme.ACTION]),
    )
    word = (
        over()
        .mark_text(color=theme.GROUND, fontSize=11)
        .encode(
            alt.X(field="end", type="nominal", sort=None, axis=axis, scale=scale), y, alt.TextValue("live")
        )
    )
    # a transparent bar over the last quarter speaks for the row
    speaking = (
        over()
        .mark_bar(opacity=0)
        .encode(alt.X(field="end", type="nominal", sort=None, axis=axis, scale=scale), y, tooltips(exhibit))
    )
    return Drawing([bars.encode(fill), word, speaking], {ROWS: frame, CELLS: cells}, len(rows) * ROW + 30)


def number(quarter: str) -> int:
    """Quarters since the year 0 of "Q1 2026"."""
    of_year, year = quarter.removeprefix("Q").split(" ")
    return 4 * int(year) + int(of_year) - 1


def between(first: str, last: str) -> list[str]:
    """All quarters from the first to the last."""
    return [f"Q{place % 4 + 1} {place // 4}" for place in range(number(first), number(last) + 1)]
