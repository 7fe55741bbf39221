"""Native bar charts: categories from top to bottom in the frame's order, side by side or stacked."""

from __future__ import annotations

import pandas as pd
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICK_LABELS
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import told_apart
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.boxes import Box, Pptx
from portalkompass.exports.slides.native import parts

GAP = 45
"""Room between two categories, in percent of a bar."""


def bar(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """Bars with their values at the end instead of an axis."""
    names = exhibit.frame[exhibit.y].astype(str)
    # Rows of several series share their category; without series each row is one.
    labels = names if exhibit.series else pd.Series(told_apart(names), index=names.index)
    data = parts.by_category(exhibit, labels, {label: label for label in labels})
    chart = parts.add(slide, exhibit, box, XL_CHART_TYPE.BAR_CLUSTERED, data)
    _sideways(chart, exhibit)
    if exhibit.highlighted and not exhibit.series:
        parts.fill_categories(chart, exhibit.highlighted)
    chart.value_axis.visible = False
    chart.plots[0].overlap = 100 if labels.is_unique else -5
    chart.plots[0].has_data_labels = True
    values = chart.plots[0].data_labels
    values.position = XL_LABEL_POSITION.OUTSIDE_END
    parts.write_numbers(values, exhibit.field(exhibit.x))
    values.font.size = Pt(parts.FONT_SIZE)


def stacked_bar(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """The sum stands behind the name, because a label of the whole stack is not there in PowerPoint."""
    field, names = exhibit.field(exhibit.x), exhibit.frame[exhibit.y].astype(str)
    sums = exhibit.frame.groupby(names, sort=False)[exhibit.x].sum()
    labels = {name: f"{name} · {german.value(float(total), field.format)}" for name, total in sums.items()}
    data = parts.by_category(exhibit, names, labels)
    chart = parts.add(slide, exhibit, box, XL_CHART_TYPE.BAR_STACKED, data)
    _sideways(chart, exhibit)
    chart.plots[0].overlap = 100
    parts.grid(chart.value_axis)
    parts.write_numbers(chart.value_axis.tick_labels, field)


def _sideways(chart: Pptx, exhibit: Outgoing) -> None:
    """First row on top; the value axis starts at zero."""
    chart.plots[0].gap_width = GAP
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.fill.background()
    chart.category_axis.has_major_gridlines = chart.value_axis.has_major_gridlines = False
    chart.value_axis.tick_label_position = TICK_LABELS.HIGH
    if parts.never_negative(exhibit, exhibit.x):
        chart.value_axis.minimum_scale = 0
    else:
        chart.category_axis.tick_label_position = TICK_LABELS.LOW
    parts.fill_areas(chart, exhibit.highlighted if exhibit.series else ())
    parts.legend(chart, shown=len(chart.plots[0].series) > 1)
