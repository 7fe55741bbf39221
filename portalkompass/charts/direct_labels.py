"""Highlighted series of a trend: in front, with a strong line, and every series named at the end of its line."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.layering import over
from portalkompass.charts.scales import by_series

ENDS = "ends"
STRONG, THIN = 3.25, 1.25
"""Pixels of a highlighted line and of one that steps back."""
LABEL_HEIGHT = 16.0
"""Smallest distance of two names in pixels."""


def by_width(names: list[str], highlighted: Sequence[str]) -> alt.StrokeWidth:
    """Strong lines for highlighted series, thin ones for the others."""
    widths = [STRONG if name in highlighted else THIN for name in names]
    channel = by_series(alt.StrokeWidth, names, widths)
    channel["legend"] = None
    return channel


def in_front(frame: pd.DataFrame, highlighted: Sequence[str]) -> pd.DataFrame:
    """The rows in the order in which they are drawn: highlighted series last, above the others."""
    front = frame["series"].isin(list(highlighted))
    return pd.concat([frame[~front], frame[front]])


def labels(
    frame: pd.DataFrame, highlighted: Sequence[str], x: alt.X, y: alt.Y, height: float
) -> tuple[list[alt.Chart], dict[str, pd.DataFrame]]:
    """The name of each series right of its last known value, no two over each other; highlighted ones bold."""
    known = frame.dropna(subset=["y"]).sort_values("x")
    ends = known.groupby("series", sort=False).tail(1)[["x", "y", "series"]].sort_values("y")
    low, high = sorted(y["scale"]["domain"])
    ends["at"] = spread(list(ends["y"]), (high - low) / height * LABEL_HEIGHT)
    ends["x"], ends["front"] = frame["x"].max(), ends["series"].isin(list(highlighted))
    at = alt.Y(field="at", type="quantitative", axis=y["axis"], scale=y["scale"])
    named = over(ENDS).encode(x, at, alt.Text(field="series", type="nominal"))
    parts = []
    if bool(ends["front"].any()):
        bold = named.mark_text(align="left", dx=10, fontWeight=600, color=theme.TEXT)
        parts.append(bold.transform_filter("datum.front"))
    if not bool(ends["front"].all()):
        parts.append(named.mark_text(align="left", dx=10, color=theme.MUTED).transform_filter("!datum.front"))
    return parts, {ENDS: ends}


def spread(values: list[float], smallest: float) -> list[float]:
    """Ascending values pushed apart to at least ``smallest``, their middle kept."""
    placed: list[float] = []
    for value in values:
        placed.append(max(value, placed[-1] + smallest) if placed else value)
    shift = (sum(placed) - sum(values)) / len(values) if values else 0.0
    return [value - shift for value in placed]
