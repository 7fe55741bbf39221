"""Trends: lines with provisional days dashed and partial buckets hollow, and stacked bands."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from portalkompass.charts import compared, crosshair, direct_labels, marks, theme
from portalkompass.charts.columns import COMPARISONS, distinct, neutral
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.charts.scales import area_colour, by_series, series_colour, time_axis, value_axis
from portalkompass.exhibit import Exhibit

DENSE = 60
"""More points than this per series are not drawn one by one."""
BRIDGE, BAND = "bridge", "band"


def line(exhibit: Exhibit) -> Drawing:
    """Lines over time. Missing values interrupt the line; what is compared with is thin and dotted.

    The series of ``band`` are the edges of a pale field.
    """
    frame = with_series(neutral(exhibit), exhibit)
    edges = list(exhibit.band or ())
    frame["edge"] = frame["series"].isin(edges)
    names = distinct(frame.loc[~frame["edge"], "series"])
    placed = marks.place(exhibit.marks, frame["x"].min().date(), frame["x"].max().date())
    behind, before, rows = marks.layers(placed)
    x, y = time_axis(frame["x"]), value_axis(exhibit, frame["y"])
    raised, shown = marks.height(placed), exhibit.highlighted
    colour = series_colour(names, symbols="stroke", raised=raised, highlighted=shown)
    dash = by_dash(names, raised, shown)
    if shown:  # the names stand at the lines
        colour["legend"] = dash["legend"] = None
    base = over().encode(x, y, colour)
    if edges:
        base = base.transform_filter("!datum.edge")
        rows = rows | {BAND: _band(frame, *edges)}
        field = over(BAND).mark_area(color=theme.GREY, opacity=0.22)
        behind = [*behind, field.encode(x, alt.Y("low", type="quantitative", axis=y["axis"]), alt.Y2("high"))]
    strength = [direct_labels.by_width(names, shown)] if shown else []
    solid = base.mark_line().transform_filter("!datum.provisional").encode(dash, *strength)
    parts = [*behind, solid]
    dashes = bridge(frame)
    if not dashes.empty:
        dashed = over(BRIDGE).mark_line(strokeDash=[4, 4], opacity=0.85)
        parts.append(dashed.encode(x, y, colour, *strength))
        rows = rows | {BRIDGE: dashes}
    dots = points(base, frame, dense=len(frame) / len(names) > DENSE)
    hit = over().mark_circle(size=160, opacity=0).encode(x, y, tooltips(exhibit))
    cross, days = crosshair.layers(exhibit, frame, x, placed)
    told, labelled = compared.layers(exhibit, x, y)
    rows = rows | labelled
    named: list[alt.Chart] = []
    if shown:
        named, ends = direct_labels.labels(frame[~frame["edge"]], shown, x, y, exhibit.height)
        frame, rows = direct_labels.in_front(frame, shown), rows | ends
    return Drawing(
        [*parts, *dots, *told, *named, hit, *before, *cross],
        {ROWS: frame} | rows | days,
        exhibit.height,
        (crosshair.NEAREST,),
    )


def points(base: alt.Chart, frame: pd.DataFrame, *, dense: bool) -> list[alt.Chart]:
    """Of a dense line only the incomplete buckets."""
    cut = bool(frame["partial"].any())
    hollow = base.mark_point(size=52, fill=theme.GROUND, strokeWidth=2, opacity=1)
    marked = [hollow.transform_filter("datum.partial")] if cut else []
    if dense:
        return marked
    whole = base.mark_circle(size=42, opacity=1)
    return [whole.transform_filter("!datum.partial") if cut else whole, *marked]


def _band(frame: pd.DataFrame, low: str, high: str) -> pd.DataFrame:
    """x, low, high of the two edges."""
    sides = {
        name: frame[frame["series"] == series].set_index("x")["y"]
        for name, series in (("low", low), ("high", high))
    }
    return pd.DataFrame(sides).reset_index()


def bridge(frame: pd.DataFrame) -> pd.DataFrame:
    """Provisional rows, each run begun by the last final row so that the line does not break."""
    by = [name for name in ("panel", "series") if name in frame]
    columns = ["x", "y", *by, "provisional"]
    if not frame["provisional"].any():
        return frame[columns].head(0)
    pieces = []
    for _, rows in frame.sort_values("x").groupby(by, sort=False):
        provisional = rows["provisional"]
        pieces.append(rows[provisional | provisional.shift(-1, fill_value=False)])
    return pd.concat(pieces)[columns]


def by_dash(names: list[str], raised: int, highlighted: Sequence[str] = ()) -> alt.StrokeDash:
    """The second channel: compared periods are dotted, further series have their own dash, highlighted ones first."""
    own = iter(theme.DASHES)
    first = sorted(names, key=lambda name: name not in highlighted)
    by_name = {name: [2, 3] if name in COMPARISONS else list(next(own, (4, 2))) for name in first}
    dashes = [by_name[name] for name in names]
    return by_series(alt.StrokeDash, names, dashes, symbols="stroke", raised=raised)


def with_series(frame: pd.DataFrame, exhibit: Exhibit) -> pd.DataFrame:
    """The rows with days as timestamps and a series each; a single one bears the name of the measure."""
    frame["x"] = pd.to_datetime(frame["x"])
    if "series" not in frame:
        frame["series"] = exhibit.field((*exhibit.panels, exhibit.y)[0]).label
    return frame


def stacked_area(exhibit: Exhibit) -> Drawing:
    """Bands over time, first series at the bottom."""
    frame = with_series(neutral(exhibit), exhibit)
    names = distinct(frame["series"])
    frame["order"] = frame["series"].map({name: index for index, name in enumerate(names)})
    placed = marks.place(exhibit.marks, frame["x"].min().date(), frame["x"].max().date())
    _, before, rows = marks.layers(placed)
    y = value_axis(exhibit, frame["y"])
    y["stack"] = "zero"
    y["scale"] = alt.Scale(zero=True, nice=True)
    area = over().mark_area(stroke=theme.GROUND, strokeWidth=1.5, opacity=1)
    order = alt.Order(field="order", type="quantitative")
    colour = area_colour(names, exhibit.highlighted, raised=marks.height(placed))
    area = area.encode(time_axis(frame["x"]), y, order, colour)
    # An area is one mark for all months: each month needs its own to point at.
    hit = over().mark_circle(size=160, opacity=0).encode(time_axis(frame["x"]), y, order, colour)
    cross, days = crosshair.layers(exhibit, frame, time_axis(frame["x"]), placed)
    return Drawing(
        [area, hit.encode(tooltips(exhibit)), *before, *cross],
        {ROWS: frame} | rows | days,
        exhibit.height,
        (crosshair.NEAREST,),
    )
