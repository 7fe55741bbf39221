"""Native scatter charts: points or bubbles, quadrants, and the names of points where they have room."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pptx.chart.data import BubbleChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.exhibit import NAMED_POINTS
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.native.axes import (
    GREY,
    axis_title,
    grid,
    legend,
    number_format,
    value_axis,
    write_numbers,
)
from portalkompass.exports.slides.native.series import colour, mark, series_rows
from portalkompass.exports.slides.point_labels import places
from portalkompass.exports.slides.template import Box

LABEL_SIZE, LABEL_LIMIT = 11, 30
"""Font size and most letters of a point's name."""
AXES = 70.0
"""Points of the chart's width and height that axes with their titles take."""
POSITIONS = {
    "right": XL_LABEL_POSITION.RIGHT,
    "left": XL_LABEL_POSITION.LEFT,
    "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
}


def scatter(slide: Any, exhibit: Outgoing, box: Box) -> Any:  # noqa: ANN401
    """Points; bubbles where the exhibit has a size."""
    field, sized = exhibit.field(exhibit.x), bool(exhibit.size)
    parts = {name: rows.dropna(subset=[exhibit.x, exhibit.y]) for name, rows in series_rows(exhibit).items()}
    chart_data: Any = BubbleChartData if sized else XyChartData
    data = chart_data(number_format=number_format(exhibit.field(exhibit.y)))
    columns = [exhibit.x, exhibit.y, *([exhibit.size] if sized else [])]
    for name, part in parts.items():
        series = data.add_series(name)
        for point in part[columns].astype(float).itertuples(index=False):
            series.add_data_point(*point)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BUBBLE if sized else XL_CHART_TYPE.XY_SCATTER, *box.emu, data
    )
    chart = frame.chart
    value_axis(chart, exhibit)
    axis_title(chart.value_axis, exhibit.field(exhibit.y))
    axis_title(chart.category_axis, field)
    grid(chart.category_axis)
    write_numbers(chart.category_axis.tick_labels, field)
    legend(chart, shown=len(parts) > 1)
    _quadrants(chart, exhibit)
    for number, series in enumerate(chart.plots[0].series):
        if sized:
            colour(series.format.fill, number)
        else:
            series.format.line.fill.background()
            series.marker.size = 8
            mark(series.marker, number, number)
    _name_points(chart, exhibit, pd.concat(parts.values()), box)
    return frame


def _quadrants(chart: Any, exhibit: Outgoing) -> None:  # noqa: ANN401
    """Both axes from 0 to their common end; they cross in the middle, as two thin lines."""
    end, middle = exhibit.axes.to, exhibit.axes.middle
    for axis in (chart.category_axis, chart.value_axis):
        if end is not None:
            axis.minimum_scale, axis.maximum_scale = 0, end
            axis.major_unit = end / 4
            axis.tick_labels.number_format = "#,##0"
        if middle is not None:
            axis.crosses_at = middle
            axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
            axis.format.line.fill.solid()
            axis.format.line.color.rgb = GREY
            axis.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _name_points(chart: Any, exhibit: Outgoing, rows: pd.DataFrame, box: Box) -> None:  # noqa: ANN401
    """Names of the largest points (or of all) that touch nothing else; ``rows`` are the points in drawn order."""
    if exhibit.point_names is None:
        return
    every = exhibit.point_names.every
    largest = exhibit.frame.sort_values(exhibit.size or exhibit.x, ascending=False).index
    named = set(largest if every else largest[:NAMED_POINTS])
    names = [
        str(name)[:LABEL_LIMIT] if index in named else ""
        for index, name in rows[exhibit.point_names.column].items()
    ]
    shares = list(zip(_shares(exhibit, rows, exhibit.x), _shares(exhibit, rows, exhibit.y), strict=True))
    name_places = places(shares, names, box.width - AXES, box.height - AXES)
    points = [series.points[n] for series in chart.plots[0].series for n in range(len(series.values))]
    for point, name, place in zip(points, names, name_places, strict=True):
        if name and (place or every):
            side, higher = place or ("right", 0.0)
            label = point.data_label
            label.text_frame.text = name
            label.text_frame.paragraphs[0].runs[0].font.size = Pt(LABEL_SIZE)
            label.position = POSITIONS[side]
            if higher:
                _raise(label, higher / box.height)


def _raise(label: Any, share: float) -> None:  # noqa: ANN401
    """Set a label higher than its place by a share of the chart's height."""
    shifted = parse_xml(
        '<c:layout xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:manualLayout>'
        f'<c:x val="0"/><c:y val="{-share:.4f}"/></c:manualLayout></c:layout>'
    )
    label._get_or_add_dLbl().find(qn("c:idx")).addnext(shifted)


def _shares(exhibit: Outgoing, rows: pd.DataFrame, name: str) -> list[float]:
    """Where the values lie on their axis, 0 … 1; a turned axis has its smallest value on top."""
    values = rows[name].astype(float)
    low, high = min(float(values.min()), 0.0), exhibit.axes.to or float(values.max())
    share = (values - low) / ((high - low) or 1.0)
    return list(1.0 - share if name == exhibit.y and exhibit.reverse_y else share)
