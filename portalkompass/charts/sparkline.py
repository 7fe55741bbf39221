"""A small line without axes for a card.

Streamlit's own metric chart leaves its marks nameless inside an image, which screen readers announce as such;
here the marks are hidden from them, and the whole carries one text alternative.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import altair as alt

from portalkompass.charts import theme
from portalkompass.charts.build import FIT

HEIGHT = 44


def sparkline(values: Sequence[float]) -> dict[str, Any]:
    """A Vega-Lite specification: the values in their order from left to right, the last one with a dot.

    The scale runs from the lowest to the highest value: shape only, no size may be read from it.
    """
    rows = [{"step": step, "value": value} for step, value in enumerate(values)]
    dot = {"filter": f"(datum.step === {len(rows) - 1})"}
    line, last = _layers()
    return {
        "$schema": alt.SCHEMA_URL,
        "data": {"name": "steps"},
        "datasets": {"steps": rows},
        "layer": [line, last | {"transform": [dot]}],
        "config": theme.config(),
        "width": "container",
        "height": HEIGHT,
        "autosize": FIT,
    }


@functools.cache
def _layers() -> tuple[dict[str, Any], dict[str, Any]]:
    """Line and dot: the same for all values, so drawn once. Callers only read them."""
    scale = alt.Scale(zero=False, nice=False, padding=4)
    base = alt.Chart().encode(
        x=alt.X("step:Q", axis=None, scale=alt.Scale(nice=False, padding=4)),
        y=alt.Y("value:Q", axis=None, scale=scale),
    )
    line = base.mark_line(color=theme.ACTION, strokeWidth=1.75, aria=False)
    last = base.mark_circle(color=theme.ACTION, size=36, opacity=1, aria=False)
    within = {"top_level": False, "data": None}
    return tuple(part.to_dict(validate=False, context=within) for part in (line, last))
