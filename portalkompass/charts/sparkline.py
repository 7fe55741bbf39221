"""A small line without axes for a card.

Streamlit's own metric chart leaves its marks nameless inside an image, which screen readers announce as such;
here the marks are hidden from them, and the whole carries one text alternative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portalkompass.charts import theme

HEIGHT = 28


def sparkline(values: Sequence[float]) -> dict[str, Any]:
    """A Vega-Lite specification: the values in their order from left to right, the last one with a dot.

    The scale runs from the lowest to the highest value: shape only, no size may be read from it.
    """
    rows = [{"step": step, "value": value} for step, value in enumerate(values)]
    dot = {"filter": f"(datum.step === {len(rows) - 1})"}
    line, last = _layers()
    return {
        "$schema": theme.SCHEMA,
        "data": {"name": "steps"},
        "datasets": {"steps": rows},
        "layer": [line, last | {"transform": [dot]}],
        "config": theme.config(),
        "width": "container",
        "height": HEIGHT,
        "padding": {"left": 0, "right": 0, "top": 2, "bottom": 2},
        "autosize": theme.FIT,
    }


def _layers() -> tuple[dict[str, Any], dict[str, Any]]:
    """Line and dot, written out: every screen has cards, and Altair would say no more than this."""
    encoding = {
        channel: {"field": name, "type": "quantitative", "axis": None, "scale": scale}
        for channel, name, scale in (
            ("x", "step", {"nice": False, "padding": 4}),
            ("y", "value", {"nice": False, "padding": 4, "zero": False}),
        )
    }
    line = {"type": "line", "color": theme.ACTION, "strokeWidth": 1.75, "aria": False}
    dot = {"type": "circle", "color": theme.ACTION, "size": 36, "opacity": 1, "aria": False}
    return {"mark": line, "encoding": encoding}, {"mark": dot, "encoding": encoding}
