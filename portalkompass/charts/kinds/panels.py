"""Several measures on one time axis: each in a band of its own, one below the other in one plot.

Values are laid into their bands beforehand. So rules of events and the crosshair reach across all measures, and width
and height follow the place as in any other chart, which Vega-Lite does not do for charts that it puts together.
"""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import crosshair, direct_labels, marks, theme
from portalkompass.charts.columns import distinct, neutral, titled
from portalkompass.charts.kinds.trend import DENSE, bridge, by_dash, points, with_series
from portalkompass.charts.layering import ROWS, Drawing, over, tooltips
from portalkompass.charts.scales import position_scale, series_colour, time_axis
from portalkompass.exhibit import Exhibit, Field

BAND_HEIGHT = 112
"""Pixels of a band on the screen."""
PART = 0.7
"""Share of a band that its values have; above them stands the name of the measure."""
MOST_TICKS = 4
STEPS = (1, 2, 5, 10)
LINES, BRIDGE, TICKS, NAMES = "lines", "bridge", "ticks", "names"


def panels(exhibit: Exhibit) -> Drawing:
    """The lines of each of the exhibit's ``panels`` in their order from above, all over the days at the bottom."""
    frame = with_series(neutral(exhibit), exhibit)
    names, fields = distinct(frame["series"]), [exhibit.field(name) for name in exhibit.panels]
    laid = [
        _band(field, exhibit.frame[field.name], len(fields) - 1 - number)
        for number, field in enumerate(fields)
    ]
    bands, ticks = [values for values, _ in laid], [marked for _, marked in laid]
    lines = pd.concat(
        [frame.assign(y=band, panel=titled(field)) for band, field in zip(bands, fields, strict=True)],
        ignore_index=True,
    )[["x", "y", "series", "panel", "provisional", "partial"]]
    # What is spoken has all measures of a day; its place is that of the first one that is known.
    frame["y"] = pd.concat(bands, axis=1).bfill(axis=1).iloc[:, 0]
    heads = pd.DataFrame({"y": [len(fields) - 1 - number + PART for number in range(len(fields))]})
    rows = {
        ROWS: frame,
        LINES: lines,
        TICKS: pd.concat(ticks, ignore_index=True),
        NAMES: heads.assign(label=[titled(field) for field in fields]),
    }
    placed = marks.place(exhibit.marks, frame["x"].min().date(), frame["x"].max().date())
    behind, before, events = marks.layers(placed)
    x, y = time_axis(frame["x"]), _y(len(fields))
    raised = marks.height(placed)
    shown = exhibit.highlighted
    colour = series_colour(names, symbols="stroke", raised=raised, highlighted=shown)
    line = over(LINES).encode(x, y, colour, _apart())
    strength = [direct_labels.by_width(names, shown)] if shown else []
    solid = line.mark_line().transform_filter("!datum.provisional")
    drawn = [solid.encode(by_dash(names, raised, shown), *strength)]
    if not (dashed := bridge(lines)).empty:
        rows[BRIDGE] = dashed
        dashes = over(BRIDGE).mark_line(strokeDash=[4, 4], opacity=0.85)
        drawn.append(dashes.encode(x, y, colour, _apart(), *strength))
    drawn += points(line, lines, dense=len(frame) / len(names) > DENSE)
    hit = over().mark_circle(size=160, opacity=0).encode(x, y, tooltips(exhibit))
    cross, days = crosshair.layers(exhibit, frame, x, placed)
    return Drawing(
        [*behind, *_scaffold(y), *drawn, hit, *before, *cross],
        rows | events | days,
        BAND_HEIGHT * len(fields),
        (crosshair.NEAREST,),
    )


def _band(field: Field, values: pd.Series, floor: int) -> tuple[pd.Series, pd.DataFrame]:
    """The values laid into the band above ``floor``, and its ticks: y and label."""
    values = pd.to_numeric(values, errors="coerce").astype(float).reset_index(drop=True)
    if field.low_is_good:
        bottom, top, steps = position_scale(values)
        ticks = pd.Series(steps, dtype=float)
    else:
        ticks = pd.Series(_counted(values, whole=field.format == "integer"))
        bottom, top = 0.0, float(ticks.iloc[-1])
    ticks = ticks.iloc[:: math.ceil(len(ticks) / MOST_TICKS)]
    share = PART / (top - bottom)
    return floor + (values - bottom) * share, pd.DataFrame(
        {"y": floor + (ticks - bottom) * share, "label": _written(field, ticks)}
    )


def _counted(values: pd.Series, *, whole: bool) -> list[float]:
    """0 and up to three round values above it, the last one not below the highest."""
    highest = float(values.max()) if values.notna().any() else 0.0
    if highest <= 0:
        return [0.0, 1.0]
    least = highest / (MOST_TICKS - 1)
    unit = 10.0 ** math.floor(math.log10(least))
    step = next(unit * step for step in STEPS if unit * step >= least * 0.999999)
    step = max(step, 1.0) if whole else step
    return [step * index for index in range(math.ceil(round(highest / step, 6)) + 1)]


def _written(field: Field, ticks: pd.Series) -> list[str]:
    """Labels of the axis, with a decimal only where one of them needs it."""
    percent = field.format == "percent"
    shown = ticks * 100 if percent else ticks
    decimals = int(bool(((shown - shown.round()).abs() > 1e-6).any()))  # noqa: PLR2004
    return [(german.percent if percent else german.number)(float(tick), decimals) for tick in ticks]


def _scaffold(y: alt.Y) -> list[alt.Chart]:
    """Grid, its values at the left and the names of the measures: marks over rows in place of an axis."""
    left = alt.XValue(0)  # type: ignore[no-untyped-call]
    label = alt.Text(field="label", type="nominal")
    values = over(TICKS).mark_text(align="right", baseline="middle", dx=-8, color=theme.TEXT)
    heads = over(NAMES).mark_text(align="left", baseline="bottom", dy=-3, color=theme.MUTED, fontWeight=600)
    return [
        over(TICKS).mark_rule(color=theme.GRID).encode(y),
        values.encode(left, y, label),
        heads.encode(left, y, label),
    ]


def _y(bands: int) -> alt.Y:
    return alt.Y(
        field="y", type="quantitative", axis=None, scale=alt.Scale(domain=[0, bands], zero=False, nice=False)
    )


def _apart() -> alt.Detail:
    """Lines of one series in two bands are two lines."""
    return alt.Detail(field="panel", type="nominal")
