"""Native charts over time: lines, stacked bands, and slopes between two points in time."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import COMPARISONS
from portalkompass.exports import disclosure_control
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.boxes import Box, Pptx
from portalkompass.exports.slides.native import events, parts

DENSE = 40
"""More points than this carry no markers."""
PANELS_ACROSS, BETWEEN = 2, 12.0
"""Small charts beside each other, and the points between them."""
EDGE, PALE = 0.75, 22_000
"""Width of the line at the edge of a band in points, and how opaque its field is, in thousandths of a percent."""
APART = 0.05
"""End labels nearer than this share of the axis would collide: then a legend names the lines."""


def line(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """Lines over time; provisional points are dashed, incomplete buckets hollow, as on the screen."""
    _lines(slide, exhibit, box)


def panels(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """A small line chart for each measure, two beside each other; sentences below the charts name the events."""
    charts = disclosure_control.panels(exhibit)
    down = math.ceil(len(charts) / PANELS_ACROSS)
    width = (box.width - BETWEEN * (PANELS_ACROSS - 1)) / PANELS_ACROSS
    height = (box.height - BETWEEN * (down - 1)) / down
    for number, (name, one) in enumerate(charts.items()):
        row, column = divmod(number, PANELS_ACROSS)
        place = Box(box.left + column * (width + BETWEEN), box.top + row * (height + BETWEEN), width, height)
        parts.title(_lines(slide, one, place, named=False), name)


def _lines(slide: Pptx, exhibit: Outgoing, box: Box, *, named: bool = True) -> Pptx:
    """The chart; ``named`` writes the names of events above it."""
    days, labels = _days(exhibit)
    data = parts.by_category(exhibit, days, labels)
    chart = parts.add(slide, exhibit, box, XL_CHART_TYPE.LINE_MARKERS, data)
    _axes(chart, exhibit)
    rows = parts.series_rows(exhibit)
    shown = exhibit.highlighted
    direct = _named_at_ends(exhibit, rows) if named else {}
    parts.legend(chart, shown=len(rows) > 1 and len(direct) < len(rows))
    first = sorted(rows, key=lambda name: name not in shown)  # highlighted lines are not dashed
    drawn = zip(chart.plots[0].series, parts.accents(rows, shown), rows, strict=True)
    for series, accent, name in drawn:
        number = first.index(name) if shown else list(rows).index(name)
        if exhibit.band and name in exhibit.band:
            _edge(series)
            continue
        width = (parts.STRONG if name in shown else parts.THIN) if shown else parts.USUAL
        parts.stroke(series, accent, number, dotted=name in COMPARISONS, width=width)
        if len(labels) > DENSE:
            series.marker.style = XL_MARKER_STYLE.NONE
        _mark_points(series, exhibit, rows[name], list(labels))
        if name in direct:
            _write_name(series, list(labels).index(direct[name]), bold=name in shown)
    if exhibit.band:
        _fill_between(chart, exhibit.band)
    events.draw(chart, exhibit, list(labels), box, named=named, beside=tuple(direct))
    return chart


def _named_at_ends(exhibit: Outgoing, rows: Mapping[str, pd.DataFrame]) -> dict[str, pd.Timestamp]:
    """The last known day of each series whose name stands there: all of them, or the highlighted ones alone.

    Without highlighted series none: a legend names them.
    """
    ends = {
        name: one.dropna(subset=[exhibit.y]).sort_values(exhibit.x).tail(1)
        for name, one in rows.items()
        if name not in (exhibit.band or ())
    }
    known = {name: end for name, end in ends.items() if len(end)} if exhibit.highlighted else {}
    if not _apart([float(end[exhibit.y].iloc[0]) for end in known.values()], exhibit):
        known = {name: end for name, end in known.items() if name in exhibit.highlighted}
    return {name: pd.Timestamp(end[exhibit.x].iloc[0]) for name, end in known.items()}


def _write_name(series: Pptx, place: int, *, bold: bool) -> None:
    label = series.points[place].data_label
    label.text_frame.text = series.name
    label.text_frame.word_wrap = False
    font = label.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(parts.FONT_SIZE), bold
    label.position = XL_LABEL_POSITION.RIGHT


def _edge(series: Pptx) -> None:
    """A thin grey line without points: an end of a range."""
    series.smooth = False
    series.format.line.width = Pt(EDGE)
    series.format.line.color.rgb = parts.GREY
    series.marker.style = XL_MARKER_STYLE.NONE


def _fill_between(chart: Pptx, edges: Sequence[str]) -> None:
    """A pale bar at each day from one edge to the other: the up and down bars that PowerPoint has itself.

    They stand in a group of lines of their own, on the same axes, so that both edges stay as they are in the data.
    """
    lines = chart._chartSpace.find(f".//{qn('c:lineChart')}")
    own = copy.deepcopy(lines)
    for group, inside in ((lines, False), (own, True)):
        for series in group.findall(qn("c:ser")):
            name = "".join(series.xpath("./c:tx//c:v/text()"))
            if (name in edges) is not inside:
                group.remove(series)
    pale = (
        f'<c:spPr><a:solidFill><a:srgbClr val="{parts.GREY}"><a:alpha val="{PALE}"/></a:srgbClr></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></c:spPr>"
    )
    bars = parse_xml(
        f'<c:upDownBars {nsdecls("c", "a")}><c:gapWidth val="0"/><c:upBars>{pale}</c:upBars>'
        f"<c:downBars>{pale}</c:downBars></c:upDownBars>"
    )
    own.find(qn("c:marker")).addprevious(bars)
    lines.addprevious(own)


def stacked_area(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """Bands over time, first series at the bottom."""
    days, labels = _days(exhibit)
    data = parts.by_category(exhibit, days, labels)
    chart = parts.add(slide, exhibit, box, XL_CHART_TYPE.AREA_STACKED, data)
    parts.grid(chart.value_axis)
    parts.write_numbers(chart.value_axis.tick_labels, exhibit.field(exhibit.y))
    parts.fill_areas(chart, exhibit.highlighted)
    parts.legend(chart, shown=True, only=exhibit.highlighted)
    events.draw(chart, exhibit, list(labels), box)


def slope(slide: Pptx, exhibit: Outgoing, box: Box) -> None:
    """One line per name between two points in time, both values written at its ends."""
    ends = exhibit.frame[exhibit.x].astype(str)
    data = parts.by_category(exhibit, ends, {end: end for end in ends})
    chart = parts.add(slide, exhibit, box, XL_CHART_TYPE.LINE_MARKERS, data)
    _axes(chart, exhibit)
    drawn = list(chart.plots[0].series)
    direct = _apart([series.values[-1] for series in drawn])
    parts.legend(chart, shown=not direct)
    shown = exhibit.highlighted
    colours = parts.accents([series.name for series in drawn], shown) if shown else range(len(drawn))
    first = sorted((series.name for series in drawn), key=lambda name: name not in shown)
    for series, accent in zip(drawn, colours, strict=True):
        number = first.index(series.name)
        width = (parts.STRONG if series.name in shown else parts.THIN) if shown else parts.USUAL
        parts.stroke(series, accent, number, width=width)
        for place, value in enumerate(series.values):
            if value is None:
                continue
            label = series.points[place].data_label
            written = german.value(value, exhibit.field(exhibit.y).format)
            named = place and (direct or series.name in shown)
            label.text_frame.text = f"{series.name} {written}" if named else written
            label.text_frame.word_wrap = False
            label.position = XL_LABEL_POSITION.RIGHT if place else XL_LABEL_POSITION.LEFT


def _days(exhibit: Outgoing) -> tuple[pd.Series[Any], dict[pd.Timestamp, str]]:
    """The day of each row, and how each is written, in their order."""
    days, written = pd.to_datetime(exhibit.frame[exhibit.x]), exhibit.field(exhibit.x).format
    write = german.month_short if written == "month" else german.date
    return days, {day: write(day) for day in days.drop_duplicates().sort_values()}


def _axes(chart: Pptx, exhibit: Outgoing) -> None:
    parts.value_axis(chart, exhibit)
    chart.category_axis.format.line.color.rgb = parts.GREY
    chart.category_axis.has_major_gridlines = False


def _mark_points(series: Pptx, exhibit: Outgoing, rows: pd.DataFrame, days: list[pd.Timestamp]) -> None:
    """Uncertain points are drawn otherwise, and the values of ``labelled`` days are written."""
    row_days = pd.to_datetime(rows[exhibit.x])
    marked = [
        (draw, set(row_days[rows[flag].fillna(False).astype(bool)]))
        for flag, draw in (("provisional", _dash), ("partial", _hollow))
        if flag in rows
    ]
    labelled = row_days.isin(pd.to_datetime(list(exhibit.labelled))) & rows[exhibit.y].notna()
    for draw, points in [*marked, (_write_value, set(row_days[labelled]))]:
        for number, day in enumerate(days):
            if day in points:
                draw(series.points[number])


def _dash(point: Pptx) -> None:
    point.format.line.dash_style = MSO_LINE_DASH_STYLE.SQUARE_DOT


def _hollow(point: Pptx) -> None:
    point.marker.style = XL_MARKER_STYLE.CIRCLE
    point.marker.size = 8
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.theme_color = THEME.BACKGROUND_1


def _write_value(point: Pptx) -> None:
    label = point.data_label
    label.position = XL_LABEL_POSITION.ABOVE
    label.font.bold = True
    label.font.size = Pt(parts.FONT_SIZE + 2)
    # A label without own text shows what it is told to.
    element = label._get_or_add_dLbl()
    for name, shown in (("showLegendKey", "0"), ("showVal", "1"), ("showCatName", "0"), ("showSerName", "0")):
        child = element.find(qn(f"c:{name}"))
        if child is not None:
            child.set("val", shown)


def _apart(values: list[float | None], exhibit: Outgoing | None = None) -> bool:
    """Whether names at these values would not touch, on an axis of their own or the exhibit's."""
    heights = sorted(value for value in values if value is not None)
    room = (heights[-1] - heights[0]) * APART if heights else 0.0
    if exhibit is not None:
        room = float(exhibit.frame[exhibit.y].max() - min(exhibit.frame[exhibit.y].min(), 0.0)) * APART
    return all(upper - lower > room for lower, upper in itertools.pairwise(heights))
