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
    the next one, and has a line for each measure and series, the first measure with the dates that the series stands
    for where these are others.
    """
    names = distinct(frame["series"])
    days = sorted(frame["x"].dropna().unique())
    place = {day: row for row, day in enumerate(days)}
    written = dict(zip((field.name for field in exhibit.fields), texts(exhibit), strict=True))
    heads, flags = written[exhibit.x], said_flags(exhibit)
    measures = exhibit.panels or (exhibit.y,)
    lines = [(measure, name) for measure in measures for name in names]
    own = written.get("own_bucket", heads)
    table = [[""] * len(lines) for _ in days]
    head = [""] * len(days)
    for row, (day, series) in enumerate(zip(frame["x"], frame["series"], strict=True)):
        if day not in place:
            continue
        further = [text for text in (own[row] if own[row] != heads[row] else "", flags[row]) if text]
        for measure in measures:
            told = f" ({'; '.join(further)})" if further and measure == measures[0] else ""
            table[place[day]][lines.index((measure, series))] = f"{written[measure][row]}{told}"
        head[place[day]] = heads[row]
    head = [" · ".join(filter(None, words)) for words in zip(head, _events(placed, days), strict=True)]
    columns: dict[str, object] = {"x": days, "head": head}
    columns |= {f"s{index}": [told[index] for told in table] for index in range(len(lines))}
    labels = {measure: exhibit.field(measure).label if exhibit.panels else "" for measure in measures}
    tooltip = [alt.Tooltip(field="head", type="nominal", title=plain_title(exhibit.field(exhibit.x).label))]
    tooltip += [
        alt.Tooltip(
            field=f"s{index}",
            type="nominal",
            title=plain_title(" · ".join(filter(None, (labels[measure], name)))),
        )
        for index, (measure, name) in enumerate(lines)
    ]
    seen = alt.condition(alt.param(name=CROSS, empty=False), alt.value(0.9), alt.value(0))
    rule = over(CROSS).mark_rule(color=theme.AXIS, strokeWidth=1).encode(x, tooltip, opacity=seen)
    return [rule], {CROSS: pd.DataFrame(columns)}


def _events(placed: Sequence[Placed], days: Sequence[pd.Timestamp]) -> list[str]:
    """Each day's events: those that begin on it or before the next one, and spans that begin before the first."""
    found: list[list[str]] = [[] for _ in days]
    for mark in placed:
        before = [row for row, day in enumerate(days) if day.date() <= mark.start]
        if days:
            found[before[-1] if before else 0].append(mark.label)
    return ["; ".join(labels) for labels in found]
