"""Native bar charts: categories from top to bottom in the frame's order, side by side or stacked."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import told_apart
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.native.axes import FONT_SIZE, grid, legend, never_negative, write_numbers
from portalkompass.exports.slides.native.series import add_category_chart, fill_areas
from portalkompass.exports.slides.template import Box

GAP = 45
"""Room between two categories, in percent of a bar."""


def bar(slide: Any, exhibit: Outgoing, box: Box) -> Any:  # noqa: ANN401
    """Bars with their values at the end instead of an axis."""
    names = exhibit.frame[exhibit.y].astype(str)
    # Rows of several series share their category; without series each row is one.
    labels = names if exhibit.series else pd.Series(told_apart(names), index=names.index)
    categories = {label: label for label in labels}
    frame = add_category_chart(slide, exhibit, box, XL_CHART_TYPE.BAR_CLUSTERED, labels, categories)
    chart, plot = frame.chart, frame.chart.plots[0]
    _sideways(chart, exhibit)
    chart.value_axis.visible = False
    grouped = len(categories) < len(labels)
    plot.gap_width, plot.overlap = GAP, (-5 if grouped else 100)
    plot.has_data_labels = True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    write_numbers(plot.data_labels, exhibit.field(exhibit.x))
    plot.data_labels.font.size = Pt(FONT_SIZE)
    fill_areas(chart)
    legend(chart, shown=len(plot.series) > 1)
    return frame


def stacked_bar(slide: Any, exhibit: Outgoing, box: Box) -> Any:  # noqa: ANN401
    """The sum stands behind the name, because a label of the whole stack is not there in PowerPoint."""
    field = exhibit.field(exhibit.x)
    names = exhibit.frame[exhibit.y].astype(str)
    sums = exhibit.frame.groupby(names, sort=False)[exhibit.x].sum()
    labels = {name: f"{name} · {german.value(float(total), field.format)}" for name, total in sums.items()}
    frame = add_category_chart(slide, exhibit, box, XL_CHART_TYPE.BAR_STACKED, names, labels)
    chart, plot = frame.chart, frame.chart.plots[0]
    _sideways(chart, exhibit)
    plot.gap_width, plot.overlap = GAP, 100
    grid(chart.value_axis)
    write_numbers(chart.value_axis.tick_labels, field)
    fill_areas(chart)
    legend(chart, shown=len(plot.series) > 1)
    return frame


def _sideways(chart: Any, exhibit: Outgoing) -> None:  # noqa: ANN401
    """First row on top; the value axis starts at zero."""
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.fill.background()
    chart.category_axis.has_major_gridlines = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if never_negative(exhibit, exhibit.x):
        chart.value_axis.minimum_scale = 0
    else:
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
