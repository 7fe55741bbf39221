"""The crosshair of a trend: wherever the pointer is in the plot, all series of the nearest day in one tooltip."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import distinct, plain_title, said_flags, texts
from portalkompass.charts.layering import over
from portalkompass.charts.marks import Placed
from portalkompass.exhibit import Exhibit

CROSS = "cross"
NEAREST = {
    "name": CROSS,
    "select": {
        "type": "point",
        "on": "pointerover",
        "clear": "pointerout",
        "nearest": True,
        "encodings": ["x"],
        "toggle": False,
    },
}
"""The selection that follows the pointer. Its cells cover the plot, whatever is drawn below them."""


def layers(
    exhibit: Exhibit, frame: pd.DataFrame, x: alt.X, placed: Sequence[Placed] = ()
) -> tuple[list[alt.Chart], dict[str, pd.DataFrame]]:
    """A rule for each day of the trend, seen where the pointer is, and its rows.

    ``frame`` are the exhibit's rows with ``x`` and ``series``. A day's tooltip names it with the events between it and
    the next one, and has a line for each series, with the dates that it stands for where these are others.
    """
    names = distinct(frame["series"])
    days = sorted(frame["x"].dropna().unique())
    place = {day: row for row, day in enumerate(days)}
    written = dict(zip((field.name for field in exhibit.fields), texts(exhibit), strict=True))
    heads, values, flags = written[exhibit.x], written[exhibit.y], said_flags(exhibit)
    own = written.get("own_bucket", heads)
    table = [[""] * len(names) for _ in days]
    head = [""] * len(days)
    for row, (day, series) in enumerate(zip(frame["x"], frame["series"], strict=True)):
        if day not in place:
            continue
        further = [text for text in (own[row] if own[row] != heads[row] else "", flags[row]) if text]
        value = f"{values[row]} ({'; '.join(further)})" if further else values[row]
        table[place[day]][names.index(series)] = value
        head[place[day]] = heads[row]
    head = [" · ".join(filter(None, words)) for words in zip(head, _events(placed, days), strict=True)]
    columns: dict[str, object] = {"x": days, "head": head}
    columns |= {f"s{index}": [line[index] for line in table] for index in range(len(names))}
    told = [alt.Tooltip(field="head", type="nominal", title=plain_title(exhibit.field(exhibit.x).label))]
    told += [
        alt.Tooltip(field=f"s{index}", type="nominal", title=plain_title(name))
        for index, name in enumerate(names)
    ]
    seen = alt.condition(alt.param(name=CROSS, empty=False), alt.value(0.9), alt.value(0))
    rule = over(CROSS).mark_rule(color=theme.AXIS, strokeWidth=1).encode(x, told, opacity=seen)
    return [rule], {CROSS: pd.DataFrame(columns)}


def _events(placed: Sequence[Placed], days: Sequence[pd.Timestamp]) -> list[str]:
    """Each day's events: those that begin on it or before the next one, and spans that begin before the first."""
    found: list[list[str]] = [[] for _ in days]
    for mark in placed:
        before = [row for row, day in enumerate(days) if day.date() <= mark.start]
        if days:
            found[before[-1] if before else 0].append(mark.label)
    return ["; ".join(labels) for labels in found]
