"""Timeline: in which month each of several things happens, and what became of it."""

from __future__ import annotations

import datetime as dt
import math

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.columns import categories, neutral
from portalkompass.charts.kinds.bars import category_axis
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.exhibit import Exhibit

ROW = 34
"""Pixels of a row."""
CELLS, STAND = "cells", "stand"
COLOURS = {"live": theme.ACTION, "mit Termin": "#6e84cf", "überfällig": "#d58100"}
"""What happened, what is to come, what is late; the word stands beside it."""
ROOM, WORD = 6, 0.3
"""Behind so many months one is left free for the words; the share of a narrow axis that a word takes."""


def timeline(exhibit: Exhibit) -> Drawing:
    """y is the row, x its month, series the word for it; ``interval`` names the bar's first and last month.

    The month of the data date is a pale stripe.
    """
    begin, end = exhibit.interval or (exhibit.x, exhibit.x)
    frame = neutral(exhibit)
    frame["label"] = categories(frame["y"])
    bars = [
        (month_of(first), month_of(last))
        for first, last in zip(exhibit.frame[begin], exhibit.frame[end], strict=True)
    ]
    stand = [month_of(exhibit.data_date)] if exhibit.data_date else []
    first, last = min([*stand, *(one for one, _ in bars)]), max([*stand, *(one for _, one in bars)])
    months = between(first, last + 1 + (last - first) // ROOM)
    frame["begin"], frame["end"] = ([written(bar[side]) for bar in bars] for side in (0, 1))
    needed = math.ceil(WORD * len(months))
    free = [(start - first, first + len(months) - 1 - stop) for start, stop in bars]
    frame["before"] = [behind < needed <= before for before, behind in free]
    cells = pd.DataFrame(
        [
            {"label": label, "month": month, "word": word}
            for label, (start, stop), word in zip(frame["label"], bars, frame["series"], strict=True)
            for month in between(start, stop)
        ]
    )
    axis = alt.Axis(title=None, labelAngle=0, orient="top", labelOverlap=True)
    scale = alt.Scale(domain=months, paddingInner=0, paddingOuter=0)
    x, at_end = (
        alt.X(field=name, type="nominal", sort=None, axis=axis, scale=scale) for name in ("month", "end")
    )
    y = category_axis(list(frame["label"]))
    fill = alt.Color(
        field="word",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
    )
    words = alt.Text(field="series", type="nominal")
    before, behind = (
        alt.X(field=name, type="nominal", sort=None, axis=axis, scale=scale, bandPosition=place)
        for name, place in (("begin", 0), ("end", 1))
    )
    return Drawing(
        [
            over(STAND).mark_rect(color=theme.SPAN).encode(x),
            over(CELLS).mark_rect(height={"band": 0.6}).encode(x, y, fill),
            # behind the bar, or in front of it where the axis ends too soon
            over()
            .transform_filter("!datum.before")
            .mark_text(align="left", dx=6, fontSize=12)
            .encode(behind, y, words),
            over()
            .transform_filter("datum.before")
            .mark_text(align="right", dx=-6, fontSize=12)
            .encode(before, y, words),
            # a transparent bar over the last month speaks for the row
            over().mark_bar(opacity=0).encode(at_end, y, tooltips(exhibit)),
        ],
        {
            ROWS: frame,
            CELLS: cells,
            STAND: pd.DataFrame({"month": [written(one) for one in stand]}),
        },
        len(frame) * ROW + 30,
    )


def month_of(day: dt.date) -> int:
    """Months since the year 0."""
    return 12 * day.year + day.month - 1


def written(month: int) -> str:
    """The month of that number: "Dez. 2025"."""
    return german.month_short(dt.date(month // 12, month % 12 + 1, 1))


def between(first: int, last: int) -> list[str]:
    """All months from the first to the last."""
    return [written(month) for month in range(first, last + 1)]
