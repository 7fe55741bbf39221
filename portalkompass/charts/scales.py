"""Axes and scales: positions have 1 on top, counts start at zero, dates read German."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeVar

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import COMPARISONS, d3_format, shows_a_part, titled
from portalkompass.charts.widths import NARROW, width
from portalkompass.exhibit import Exhibit

OTHERS = "übrige"
"""Name of all series together that stepped back."""
LEGEND_OFFSET = 12
LEGEND_WIDTH, LEGEND_CHARACTER, LEGEND_SYMBOL = 560.0, 6.6, 42.0
"""Pixels: room beside long category labels at 1280 px, a letter, a symbol with its gap."""
MOST_MONTHS = 14
"""Months that are named below a time axis."""
POSITION_STEPS = (1, 2, 5, 10, 20, 50)
PART_STEPS = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
LEAST_SPAN, MOST_PART_TICKS = 0.8, 6

Channel = TypeVar("Channel", alt.Color, alt.Shape, alt.StrokeDash, alt.StrokeWidth)
_MONTH_LABEL = (
    "[timeFormat(datum.value, date(datum.value) == 1 ? '%b' : '%-d. %b'), "
    "(datum.index == 0 || (month(datum.value) == 0 && date(datum.value) < 8)) "
    "? timeFormat(datum.value, '%Y') : '']"
)


def time_axis(values: pd.Series) -> alt.X:
    """Dates from left to right; months named, weeks by their Monday, the year below the first and each January."""
    days = pd.to_datetime(values)
    first, last = days.min(), days.max()
    ticks = pd.Series(days.drop_duplicates().sort_values())
    shown = ticks.iloc[:: math.ceil(len(ticks) / MOST_MONTHS)]
    # Ticks of a trend by month stand on months, those of one by week on Mondays; days find their own.
    on_values = bool((ticks.dt.day == 1).all()) or (
        len(ticks) > 1 and bool((ticks.dt.day_of_week == 0).all())
    )
    axis = alt.Axis(
        title=None,
        labelExpr=_MONTH_LABEL,
        labelOverlap="greedy",
        labelFlush=False,
        **({"values": [_moment(tick) for tick in shown]} if on_values else {"tickCount": 8}),
    )
    pad = (last - first) / 60 if last > first else pd.Timedelta(days=1)
    domain = [_moment(first - pad), _moment(last + pad)]
    return alt.X(field="x", type="temporal", axis=axis, scale=alt.Scale(domain=domain, nice=False))


def _moment(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, hours=day.hour)


def value_axis(exhibit: Exhibit, values: pd.Series, *, title: bool = False) -> alt.Y:
    """The value axis; untitled in trends, since the subtitle above the chart names measure and unit."""
    field = exhibit.field(exhibit.y)
    axis = alt.Axis(
        title=titled(field) if title else None,
        format=d3_format(field),
        titleAnchor="end",
        titleX=-8,
        titleY=-10,
        titleBaseline="bottom",
        tickCount=5,
    )
    if not exhibit.reverse_y:
        return alt.Y(field="y", type="quantitative", axis=axis, scale=_from_zero(values))
    bottom, top, ticks = position_scale(values)
    axis["values"] = ticks
    axis["format"] = ",.0f" if all(tick == int(tick) for tick in ticks) else ",.1f"
    axis["labelOverlap"] = False
    scale = alt.Scale(domain=[bottom, top], zero=False, nice=False)
    return alt.Y(field="y", type="quantitative", axis=axis, scale=scale)


def position_scale(values: pd.Series) -> tuple[float, float, list[float]]:
    """Worst place (at the bottom), best place (on top) and ticks of a position axis.

    The axis begins with 1 unless the values lie close together far from it: then their change would not be seen, and it
    shows a part of the places (`shows_a_part`), as the text below the chart says.
    """
    worst = float(values.max(skipna=True)) if values.notna().any() else 10.0
    best = float(values.min(skipna=True)) if values.notna().any() else 1.0
    if not shows_a_part(values):
        return max(worst * 1.05, 2.0), 1, list(position_ticks(worst))
    span = max(worst - best, LEAST_SPAN)
    step = next(step for step in PART_STEPS if span / step <= MOST_PART_TICKS)
    first, last = math.floor(best / step), math.ceil(worst / step)
    ticks = [round(step * index, 1) for index in range(max(first, math.ceil(1 / step)), last + 1)]
    return ticks[-1] + step * 0.2, ticks[0], ticks


def _from_zero(values: pd.Series) -> alt.Scale:
    """A stated domain, since Vega warns of layers that happen to have no rows."""
    low, high = float(values.min()), float(values.max())
    domain = [min(low, 0.0), max(high, 0.0) or 1.0] if low <= high else [0, 1]  # else no value is known
    return alt.Scale(domain=domain, zero=True, nice=True)


def position_ticks(worst: float) -> list[int]:
    """1 and at most four round positions below it, none beyond the worst value."""
    step = next((step for step in POSITION_STEPS if worst <= step * 4), math.ceil(worst / 400) * 100)
    return [1, *(step * index for index in range(1, int(worst // step) + 1) if step * index > 1)]


def by_series(
    channel: type[Channel],
    names: list[str],
    values: Sequence[Any],
    *,
    symbols: str | None = None,
    raised: int = 0,
) -> Channel:
    """A channel that gives each series one of the values, in order."""
    return channel(
        field="series",
        type="nominal",
        sort=names,
        scale=alt.Scale(domain=names, range=list(values)),
        legend=_legend(names, symbols, raised),
    )


def series_colour(
    names: list[str],
    *,
    symbols: str | None = None,
    raised: int = 0,
    highlighted: Sequence[str] = (),
    grey: str = theme.GREY,
) -> alt.Color:
    """Palette in order; what is compared with is grey, and the fifth and further series share grey.

    With ``highlighted`` ones all others are ``grey``.
    """
    palette = iter(theme.SERIES[:-1])
    stepped_back = (set(names) - set(highlighted)) if highlighted else COMPARISONS
    colours = [grey if name in stepped_back else next(palette, grey) for name in names]
    return by_series(alt.Color, names, colours, symbols=symbols, raised=raised)


def area_colour(names: list[str], highlighted: Sequence[str], *, raised: int = 0) -> alt.Color:
    """Colours of bars and bands; those beside highlighted ones look alike, so the legend names them as one."""
    if not highlighted:
        return series_colour(names, raised=raised)
    told = [name for name in names if name in highlighted]
    colour = series_colour([*names, OTHERS], raised=raised, highlighted=told, grey=theme.STEPPED_BACK)
    colour["legend"]["values"] = [*told, OTHERS] if len(told) < len(names) else told
    return colour


def _legend(names: list[str], symbols: str | None, raised: int) -> alt.Legend | None:
    """None for a single series; long names are set in columns, since Vega never breaks a legend's line.

    ``raised`` pixels above the plot stay free for the labels of events.
    """
    if len(names) == 1:
        return None
    legend = alt.Legend(symbolType=symbols) if symbols else alt.Legend()
    if raised:
        legend["offset"] = raised + LEGEND_OFFSET
    widths = [len(name) * LEGEND_CHARACTER + LEGEND_SYMBOL for name in names]
    room = LEGEND_WIDTH if width() > NARROW else width() / 2
    if sum(widths) > room:
        legend["columns"] = max(1, int(room // max(widths)))
    return legend
