"""The chart of a result as an SVG file beside the report."""

from __future__ import annotations

from pathlib import Path

import altair as alt
import pandas as pd

from benchmarks.part import Bars

COLOUR, LIMIT, MISSED = "#2044aa", "#4d5370", "#d58100"
WIDTH, ROW = 520, 26


def draw(bars: Bars, path: Path) -> None:
    """Write the bars in their order, those beyond the limit in a colour of their own; the folder is made."""
    frame = pd.DataFrame(bars.values, columns=["name", "value"])
    frame["beyond"] = False if bars.limit is None else frame["value"] > bars.limit
    base = alt.Chart(frame, title=bars.title, width=WIDTH, height=ROW * len(frame)).encode(
        alt.Y("name:N", sort=None, title=None)
    )
    # Without a beginning at 0 a bar's length would say nothing.
    value = alt.X("value:Q", title=None, scale=alt.Scale(zero=True))
    colour = alt.condition("datum.beyond", alt.value(MISSED), alt.value(COLOUR))
    layers: list[alt.Chart] = [
        base.mark_bar().encode(value, color=colour),
        base.mark_text(align="left", dx=4).encode(value, alt.Text("value:Q", format=",.3~r")),
    ]
    if bars.limit is not None:
        limit = alt.Chart(pd.DataFrame({"limit": [bars.limit]}))
        layers.append(limit.mark_rule(color=LIMIT, strokeDash=[4, 4]).encode(alt.X("limit:Q")))
    path.parent.mkdir(parents=True, exist_ok=True)
    alt.layer(*layers).save(path, format="svg")
