"""Native charts over time: lines, stacked bands, and slopes between two points in time."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import COMPARISONS
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.native.axes import FONT_SIZE, GREY, grid, legend, value_axis, write_numbers
from portalkompass.exports.slides.native.series import (
    WHITE,
    accents,
    add_category_chart,
    fill_areas,
    series_rows,
    stroke,
)
from portalkompass.exports.slides.template import Box

DENSE = 40
"""More points than this carry no markers."""
APART = 0.05
"""End labels nearer than this share of the axis would collide: then a legend names the lines."""


def line(slide: Any, exhibit: Outgoing, box: Box) -> Any:  # noqa: ANN401
    """Lines over time; provisional points are dashed, incomplete buckets hollow, as on the screen."""
    days, labels = _days(exhibit)
    frame = add_category_chart(slide, exhibit, box, XL_CHART_TYPE.LINE_MARKERS, days, labels)
    rows, drawn = series_rows(exhibit), frame.chart.plots[0].series
    _plain_axes(frame.chart, exhibit)
    legend(frame.chart, shown=len(rows) > 1)
    for number, (accent, name, series) in enumerate(zip(accents(rows), rows, drawn, strict=True)):
        stroke(series, accent, number, dotted=name in COMPARISONS)
        if len(labels) > DENSE:
            series.marker.style = XL_MARKER_STYLE.NONE
        _mark_points(series, exhibit, rows[name], list(labels))
    return frame


def stacked_area(slide: Any, exhibit: Outgoing, box: Box) -> Any:  # noqa: ANN401
    """Bands over time, first series at the bottom."""
    days, labels = _days(exhibit)
    frame = add_category_chart(slide, exhibit, box, XL_CHART_TYPE.AREA_STACKED, days, labels)
    grid(frame.chart.value_axis)
    write_numbers(frame.chart.value_axis.tick_labels, exhibit.field(exhibit.y))
    fill_areas(frame.chart)
    legend(frame.chart, shown=True)
    return frame


def slope(slide: Any, exhibit: Outgoing, box: Box) -> Any:  # noqa: ANN401
    """One line per name between two points in time, both values written at its ends."""
    ends = exhibit.frame[exhibit.x].astype(str)
    labels = {end: end for end in ends}
    frame = add_category_chart(slide, exhibit, box, XL_CHART_TYPE.LINE_MARKERS, ends, labels)
    drawn = frame.chart.plots[0].series
    _plain_axes(frame.chart, exhibit)
    direct = _apart([series.values[-1] for series in drawn])
    legend(frame.chart, shown=not direct)
    for number, series in enumerate(drawn):
        stroke(series, number, number)
        for place, value in enumerate(series.values):
            if value is None:
                continue
            label = series.points[place].data_label
            written = german.value(value, exhibit.field(exhibit.y).format)
            label.text_frame.text = f"{series.name} {written}" if direct and place else written
            label.position = XL_LABEL_POSITION.RIGHT if place else XL_LABEL_POSITION.LEFT
    return frame


def _days(exhibit: Outgoing) -> tuple[pd.Series[Any], dict[pd.Timestamp, str]]:
    """The day of each row, and how each is written, in their order."""
    days, format = pd.to_datetime(exhibit.frame[exhibit.x]), exhibit.field(exhibit.x).format
    write = german.month_short if format == "month" else german.date
    return days, {day: write(day) for day in days.drop_duplicates().sort_values()}


def _plain_axes(chart: Any, exhibit: Outgoing) -> None:  # noqa: ANN401
    value_axis(chart, exhibit)
    chart.category_axis.format.line.color.rgb = GREY
    chart.category_axis.has_major_gridlines = False


def _mark_points(series: Any, exhibit: Outgoing, rows: pd.DataFrame, days: list[pd.Timestamp]) -> None:  # noqa: ANN401
    """What is special about single points: their certainty is drawn, the value of labelled days is written."""
    marks = {
        _dash: _days_with(exhibit, rows, "provisional"),
        _hollow: _days_with(exhibit, rows, "partial"),
        _write_value: {pd.Timestamp(day) for day in exhibit.labelled}
        & set(pd.to_datetime(rows.loc[rows[exhibit.y].notna(), exhibit.x])),
    }
    for draw, marked in marks.items():
        for number, day in enumerate(days):
            if day in marked:
                draw(series.points[number])


def _days_with(exhibit: Outgoing, rows: pd.DataFrame, flag: str) -> set[pd.Timestamp]:
    if flag not in rows:
        return set()
    return set(pd.to_datetime(rows.loc[rows[flag].fillna(False).astype(bool), exhibit.x]))


def _dash(point: Any) -> None:  # noqa: ANN401
    point.format.line.dash_style = MSO_LINE_DASH_STYLE.SQUARE_DOT


def _hollow(point: Any) -> None:  # noqa: ANN401
    point.marker.style = XL_MARKER_STYLE.CIRCLE
    point.marker.size = 8
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = WHITE


def _write_value(point: Any) -> None:  # noqa: ANN401
    label = point.data_label
    label.position = XL_LABEL_POSITION.ABOVE
    label.font.bold = True
    label.font.size = Pt(FONT_SIZE + 2)
    # A label without own text shows what it is told to.
    element = label._get_or_add_dLbl()
    for name, shown in (("showLegendKey", "0"), ("showVal", "1"), ("showCatName", "0"), ("showSerName", "0")):
        child = element.find(qn(f"c:{name}"))
        if child is not None:
            child.set("val", shown)


def _apart(values: list[float | None]) -> bool:
    """Whether names at these values would not touch."""
    known = sorted(value for value in values if value is not None)
    room = (known[-1] - known[0]) * APART if known else 0.0
    return all(later - earlier > room for earlier, later in itertools.pairwise(known))
