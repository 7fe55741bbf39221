"""The one way from an Exhibit to a Vega-Lite specification; the only room that needs Altair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from portalkompass.charts import theme
from portalkompass.charts.kinds.bars import bar, stacked_bar
from portalkompass.charts.kinds.dots import dots
from portalkompass.charts.kinds.gantt import gantt
from portalkompass.charts.kinds.grid import heatmap
from portalkompass.charts.kinds.panels import panels
from portalkompass.charts.kinds.points import scatter
from portalkompass.charts.kinds.slope import slope
from portalkompass.charts.kinds.timeline import timeline
from portalkompass.charts.kinds.trend import line, stacked_area
from portalkompass.charts.layering import ROWS, Drawing, records
from portalkompass.exhibit import Exhibit

SPEAKING = ("bar", "rect", "circle", "point")
"""Marks that stand for one row each; lines and areas stand for many."""
DRAWINGS: dict[str, Callable[[Exhibit], Drawing]] = {
    "line": line,
    "panels": panels,
    "stacked_area": stacked_area,
    "bar": bar,
    "stacked_bar": stacked_bar,
    "scatter": scatter,
    "slope": slope,
    "dots": dots,
    "gantt": gantt,
    "timeline": timeline,
    "heatmap": heatmap,
}


def specification(exhibit: Exhibit) -> dict[str, Any]:
    """See ``portalkompass.charts.build``, which says what cannot be drawn."""
    # Altair checks every piece against the schema as it is made, half of the time; the tests do it instead.
    with debug_mode(False):
        drawing = DRAWINGS[exhibit.kind](exhibit)
        layers = [_layer(part) for part in drawing.parts]
    if drawing.selections:
        layers[-1]["params"] = [dict(selection) for selection in drawing.selections]
    return {
        "$schema": theme.SCHEMA,
        "layer": layers,
        "config": theme.config(),
        "width": "container",
        "height": drawing.height,
        "autosize": theme.FIT,
        "datasets": {name: records(frame) for name, frame in drawing.frames.items()},
    }


def _layer(part: alt.Chart) -> dict[str, Any]:
    """One layer's specification; one mark a row speaks, in German: lines, labels and grid would only repeat it.

    Layers are put together here and not by ``alt.LayerChart``, which copies all of them several times to look for
    parameters and sizes that no layer of ours has.
    """
    layer: dict[str, Any] = part.to_dict(validate=False, context={"top_level": False})
    mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
    speaks = mark["type"] in SPEAKING and layer["data"] == {"name": ROWS} and "tooltip" in layer["encoding"]
    if speaks:
        layer["encoding"]["description"] = {"field": "said", "type": "nominal"}
    layer["mark"] = mark | ({"ariaRoleDescription": "Wert"} if speaks else {"aria": False})
    return layer
