"""Layers of one chart, drawn in the given order."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt


def stacked_layers(parts: Sequence[alt.Chart], *, height: int) -> alt.LayerChart:
    """One chart of several layers; ``height`` is the plot's in pixels, without axes and legend."""
    layered = alt.layer(*parts)
    if not isinstance(layered, alt.LayerChart):
        raise TypeError("facets cannot be layered")
    return layered.properties(height=height)
