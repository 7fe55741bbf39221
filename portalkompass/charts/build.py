"""The one way from an Exhibit to a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from portalkompass.charts import theme
from portalkompass.charts.bars import bar, stacked_bar
from portalkompass.charts.dots import dots
from portalkompass.charts.grid import heatmap
from portalkompass.charts.layering import ROWS, Drawing, records
from portalkompass.charts.points import scatter
from portalkompass.charts.slope import slope
from portalkompass.charts.trend import line, stacked_area
from portalkompass.exhibit import Exhibit

FIT = {"type": "fit-x", "contains": "padding"}
"""The width is the container's, the height that of the plot: axes and legends come on top."""

SPEAKING = ("bar", "rect", "circle", "point")
"""Marks that stand for one row each; lines and areas stand for many."""
DRAWINGS: dict[str, Callable[[Exhibit], Drawing]] = {
    "line": line,
    "stacked_area": stacked_area,
    "bar": bar,
    "stacked_bar": stacked_bar,
    "scatter": scatter,
    "slope": slope,
    "dots": dots,
    "heatmap": heatmap,
}


class ChartError(Exception):
    """The exhibit cannot be drawn as a chart: it is a table, or has no rows."""


def build(exhibit: Exhibit) -> dict[str, Any]:
    """A Vega-Lite v6 specification of the exhibit; width follows the container, heights are in pixels.

    Texts from data (titles, queries) reach the chart as data only, never as expression, link or HTML.

    Raises:
        ChartError: the exhibit is a table or has no rows.
    """
    if exhibit.kind not in DRAWINGS:
        raise ChartError(f"{exhibit.id} is a {exhibit.kind}, not a chart")
    if exhibit.frame.empty:
        raise ChartError(f"{exhibit.id} has no rows")
    # Altair checks every piece against the schema as it is made, half of the time; the tests do it instead.
    with debug_mode(False):
        drawing = DRAWINGS[exhibit.kind](exhibit)
        layers = [_layer(part) for part in drawing.parts]
    return {
        "$schema": alt.SCHEMA_URL,
        "layer": layers,
        "config": theme.config(),
        "width": "container",
        "height": drawing.height,
        "autosize": FIT,
        "datasets": {name: records(frame) for name, frame in drawing.frames.items()},
    }


def _layer(part: alt.Chart) -> dict[str, Any]:
    """One layer's specification. They are put together here and not by ``alt.LayerChart``, which copies all of
    them several times to look for parameters and sizes that no layer of ours has.
    """
    layer: dict[str, Any] = part.to_dict(validate=False, context={"top_level": False})
    _say(layer, layer["data"])
    return layer


def _say(layer: dict[str, Any], data: object) -> None:
    """One mark a row speaks, in German; lines, labels and grid would only repeat it, or name columns."""
    mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
    speaks = mark["type"] in SPEAKING and data == {"name": ROWS} and "tooltip" in layer["encoding"]
    if speaks:
        layer["encoding"]["description"] = {"field": "said", "type": "nominal"}
    layer["mark"] = mark | ({"ariaRoleDescription": "Wert"} if speaks else {"aria": False})


def reading_help(exhibit: Exhibit) -> tuple[str, ...]:
    """German sentences on how to read dashes and hollow points, only where the chart has them."""
    frame = exhibit.frame
    sentences = []
    if exhibit.kind == "line" and "provisional" in frame and bool(frame["provisional"].fillna(False).any()):
        sentences.append("Gestrichelt: vorläufige Tage, die Google noch nachträgt.")
    if exhibit.kind == "line" and "partial" in frame and bool(frame["partial"].fillna(False).any()):
        sentences.append("Hohler Punkt: Zeitraum mit unvollständigen Tagen, nur eingeschränkt vergleichbar.")
    if "band_low" in exhibit.options:
        low, high = exhibit.options["band_low"], exhibit.options["band_high"]
        sentences.append(f"Graue Fläche: zwischen „{low}“ und „{high}“.")
    return tuple(sentences)
