"""Axes, grid, number formats and legend of a native chart."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Pt

from portalkompass.charts.columns import titled
from portalkompass.exhibit import Field
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.tables import OFFICE_FORMATS

GREY, GRID = RGBColor(0x6E, 0x75, 0x97), RGBColor(0xE4, 0xE6, 0xEE)
FONT_SIZE = 12


def number_format(field: Field) -> str:
    """How Office writes the values of a field."""
    return OFFICE_FORMATS.get(field.format, "General").replace('"', "")


def write_numbers(labels: Any, field: Field) -> None:  # noqa: ANN401
    """Labels of an axis or of values in the format of their field, not in that of the cells."""
    labels.number_format = number_format(field)
    labels.number_format_is_linked = False


def grid(axis: Any) -> None:  # noqa: ANN401
    """Pale lines instead of the axis' own."""
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = GRID
    axis.format.line.fill.background()


def value_axis(chart: Any, exhibit: Outgoing) -> None:  # noqa: ANN401
    """The axis on the left. Positions have 1 on top: it is turned, and the categories stay at the bottom."""
    axis = chart.value_axis
    grid(axis)
    write_numbers(axis.tick_labels, exhibit.field(exhibit.y))
    if exhibit.reverse_y:
        axis.reverse_order = True
        axis.minimum_scale = 0
        axis.tick_labels.number_format = "0;−0;"  # there is no place 0
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    elif never_negative(exhibit, exhibit.y):
        axis.minimum_scale = 0


def never_negative(exhibit: Outgoing, name: str) -> bool:
    """Whether no value of the column lies below zero."""
    return bool(pd.to_numeric(exhibit.frame[name], errors="coerce").min() >= 0)


def axis_title(axis: Any, field: Field) -> None:  # noqa: ANN401
    """The field's label with its unit beside the axis."""
    axis.has_title = True
    axis.axis_title.text_frame.text = titled(field)
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size = Pt(FONT_SIZE)
    font.bold = False


def legend(chart: Any, *, shown: bool) -> None:  # noqa: ANN401
    """A legend above the plot, or none."""
    chart.has_legend = shown
    if shown:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(FONT_SIZE)
