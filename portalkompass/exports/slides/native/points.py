"""Native scatter charts: points or bubbles, quadrants, and the names of points where they have room."""

from __future__ import annotations

import pandas as pd
from pptx.chart.data import BubbleChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICK_LABELS
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.exhibit import NAMED_POINTS, PointNames
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.boxes import Box, Pptx
from portalkompass.exports.slides.native import parts
from portalkompass.exports.slides.point_labels import places

LABEL_SIZE, LABEL_LIMIT = 12, 30
"""Font size and most letters of a point's name."""
AXES = 70.0
"""Points of the chart's width and height that axes with their titles take."""


def scatter(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """Points; bubbles where the exhibit has a size."""
    columns = [exhibit.x, exhibit.y, *([exhibit.size] if exhibit.size else [])]
    drawn = {
        name: rows.dropna(subset=[exhibit.x, exhibit.y]) for name, rows in parts.series_rows(exhibit).items()
    }
    new_data: Pptx = BubbleChartData if exhibit.size else XyChartData
    data = new_data(number_format=parts.number_format(exhibit.field(exhibit.y)))
    for name, rows in drawn.items():
        series = data.add_series(name)
        for point in rows[columns].astype(float).itertuples(index=False):
            series.add_data_point(*point)
    chart_type = XL_CHART_TYPE.BUBBLE if exhibit.size else XL_CHART_TYPE.XY_SCATTER
    chart = parts.add(slide, exhibit, box, chart_type, data)
    _axes(chart, exhibit)
    parts.legend(chart, shown=len(drawn) > 1)
    shown = exhibit.highlighted
    colours = parts.accents(drawn, shown) if shown else range(len(drawn))
    for number, (series, accent) in enumerate(zip(chart.plots[0].series, colours, strict=True)):
        if exhibit.size:
            parts.colour(series.format.fill, accent)
        else:
            series.format.line.fill.background()
            parts.mark(series.marker, 8, accent, number)
    if exhibit.point_names is not None:
        _name_points(chart, exhibit, exhibit.point_names, pd.concat(drawn.values()), box)


def _axes(chart: Pptx, exhibit: Outgoing) -> None:
    """With bounds both axes reach from 0 to their common end; with a middle they cross there, as two thin lines."""
    parts.value_axis(chart, exhibit)
    parts.grid(chart.category_axis)
    parts.write_numbers(chart.category_axis.tick_labels, exhibit.field(exhibit.x))
    end, middle = exhibit.axes.to, exhibit.axes.middle
    for axis, column in ((chart.category_axis, exhibit.x), (chart.value_axis, exhibit.y)):
        parts.axis_title(axis, exhibit.field(column))
        if end is not None:
            axis.minimum_scale, axis.maximum_scale = 0, end
            axis.major_unit = end / 4
            axis.tick_labels.number_format = "#,##0"
        if middle is not None:
            axis.crosses_at = middle
            axis.tick_label_position = TICK_LABELS.LOW
            axis.format.line.fill.solid()
            axis.format.line.color.rgb = parts.GREY
            axis.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _name_points(
    chart: Pptx, exhibit: Outgoing, point_names: PointNames, rows: pd.DataFrame, box: Box
) -> None:
    """Names of the largest points (or of all) that touch nothing else; ``rows`` are the points as drawn."""
    largest = exhibit.frame.sort_values(exhibit.size or exhibit.x, ascending=False).index
    named = set(largest if point_names.every else largest[:NAMED_POINTS])
    all_names = rows[point_names.column].items()
    names = [str(name)[:LABEL_LIMIT] if index in named else "" for index, name in all_names]
    shares = list(zip(_shares(exhibit, rows, exhibit.x), _shares(exhibit, rows, exhibit.y), strict=True))
    name_places = places(shares, names, box.width - AXES, box.height - AXES)
    points = [series.points[n] for series in chart.plots[0].series for n in range(len(series.values))]
    for point, name, place in zip(points, names, name_places, strict=True):
        if name and (place or point_names.every):
            side, higher = place or ("right", 0.0)
            label = point.data_label
            label.text_frame.text = name
            label.text_frame.paragraphs[0].runs[0].font.size = Pt(LABEL_SIZE)
            label.position = getattr(XL_LABEL_POSITION, side.upper())
            if higher:
                _raise(label, higher / box.height)


def _raise(label: Pptx, share: float) -> None:
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
