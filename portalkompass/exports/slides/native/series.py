"""The series of a native chart: their rows, their values by category, their colours and strokes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import COMPARISONS, distinct
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.native.axes import GREY, number_format
from portalkompass.exports.slides.template import Box

ACCENTS = (
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.ACCENT_2,
    MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4,
)
WHITE = RGBColor(0xFF, 0xFF, 0xFF)
DASHES = (
    None,
    MSO_LINE_DASH_STYLE.DASH,
    MSO_LINE_DASH_STYLE.ROUND_DOT,
    MSO_LINE_DASH_STYLE.DASH_DOT,
    MSO_LINE_DASH_STYLE.LONG_DASH,
)
MARKERS = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.X,
)


def measure_of(exhibit: Outgoing) -> str:
    """The column whose values are drawn: that of bars lies below, that of all others on the left."""
    return exhibit.x if exhibit.kind in ("bar", "stacked_bar") else exhibit.y


def series_rows(exhibit: Outgoing) -> dict[str, pd.DataFrame]:
    """The rows of each series by its name, in the frame's order; a single one bears the name of the measure."""
    frame = exhibit.frame
    if not exhibit.series:
        return {exhibit.field(measure_of(exhibit)).label: frame}
    names = frame[exhibit.series].astype(str)
    return {name: frame[names == name] for name in distinct(frame[exhibit.series])}


def add_category_chart(
    slide: Any,  # noqa: ANN401
    exhibit: Outgoing,
    box: Box,
    chart_type: Any,  # noqa: ANN401
    categories: pd.Series[Any],
    labels: Mapping[Any, str],
) -> Any:  # noqa: ANN401
    """The frame of a chart with one value per series and category.

    ``categories`` names each row's; ``labels`` holds what is written for each, in the order in which they stand.
    """
    measure = measure_of(exhibit)
    data = CategoryChartData(number_format=number_format(exhibit.field(measure)))
    data.categories = list(labels.values())
    for name, rows in series_rows(exhibit).items():
        values = dict(zip(categories[rows.index], rows[measure], strict=True))
        data.add_series(name, [_plain(values.get(category)) for category in labels])
    return slide.shapes.add_chart(chart_type, *box.emu, data)


def _plain(value: object) -> float | None:
    return None if german.is_missing(value) else float(str(value))


def accents(names: Iterable[str]) -> list[int]:
    """The number of each series' colour: the accents in order; the rest and what is compared with are grey."""
    own = iter(range(len(ACCENTS)))
    return [len(ACCENTS) if name in COMPARISONS else next(own, len(ACCENTS)) for name in names]


def colour(fill: Any, number: int) -> None:  # noqa: ANN401
    """Fill with the template's accent of that number, with grey beyond the last."""
    fill.solid()
    if number < len(ACCENTS):
        fill.fore_color.theme_color = ACCENTS[number]
    else:
        fill.fore_color.rgb = GREY


def fill_areas(chart: Any) -> None:  # noqa: ANN401
    """Bars or bands in the colours of their series."""
    series = list(chart.plots[0].series)
    for one, number in zip(series, accents(one.name for one in series), strict=True):
        colour(one.format.fill, number)
        if hasattr(one, "invert_if_negative"):
            one.invert_if_negative = False


def stroke(series: Any, accent: int, number: int, *, dotted: bool = False) -> None:  # noqa: ANN401
    """A line with the colour ``accent``, and with the dash and marker of the series of that number."""
    series.smooth = False
    line = series.format.line
    line.width = Pt(2.25)
    colour(line.fill, accent)
    dash = MSO_LINE_DASH_STYLE.ROUND_DOT if dotted else DASHES[number % len(DASHES)]
    if dash is not None:
        line.dash_style = dash
    series.marker.size = 6
    mark(series.marker, accent, number)
    colour(series.marker.format.line.fill, accent)


def mark(marker: Any, accent: int, number: int) -> None:  # noqa: ANN401
    """The shape of the series of that number, in the colour ``accent``."""
    marker.style = MARKERS[number % len(MARKERS)]
    colour(marker.format.fill, accent)
