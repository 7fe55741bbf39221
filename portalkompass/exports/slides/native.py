"""An exhibit as a native PowerPoint chart, whose figures can be edited in the presentation.

Values are the frame's own; number formats stand in the chart, so that separators follow the reader's
Office. Colours are the template's accents, what is compared with is grey and dashed.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd
from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts.columns import titled
from portalkompass.charts.scales import COMPARISONS
from portalkompass.exhibit import Exhibit
from portalkompass.exports.slides.point_labels import places
from portalkompass.exports.slides.template import Box

NUMBERS = {
    "integer": "#,##0",
    "decimal1": "#,##0.0",
    "decimal2": "#,##0.00",
    "signed": "+#,##0.0;−#,##0.0;0.0",
    "percent": "0.0%",
    "percent_change": "+0.0%;−0.0%;0.0%",
}
ACCENTS = (
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.ACCENT_2,
    MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4,
)
GREY, GRID, WHITE = RGBColor(0x6E, 0x75, 0x97), RGBColor(0xE4, 0xE6, 0xEE), RGBColor(0xFF, 0xFF, 0xFF)
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
SIZE = 12
DENSE = 40
"""More points than this carry no markers."""
APART = 0.05
"""End labels nearer than this share of the axis would collide: then a legend names the lines."""
NAMED, LABEL, AXES = 6, 11, 70.0
"""Points that are named, size of their names, and points that axes with their titles take of the chart."""
PLACES = {
    "right": XL_LABEL_POSITION.RIGHT,
    "left": XL_LABEL_POSITION.LEFT,
    "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
}


def draws(exhibit: Exhibit) -> bool:
    """Whether PowerPoint has a chart of this kind; intervals and heatmaps become a picture."""
    return exhibit.kind in _DRAWINGS


def add_chart(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    """The chart's frame on the slide, with the exhibit's alternative text.

    Raises:
        KeyError: PowerPoint cannot draw this kind; see ``draws``.
    """
    frame = _DRAWINGS[exhibit.kind](slide, exhibit, box)
    frame.name = f"Diagramm {exhibit.id}"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", exhibit.alt)
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(SIZE)
    _number_axes(chart)
    return frame


def _number_axes(chart: Any) -> None:  # noqa: ANN401
    """Axis ids from 1: those of the library are negative, which the standard does not allow."""
    elements = list(chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")))
    known = {name: str(n) for n, name in enumerate(dict.fromkeys(one.get("val") for one in elements), 1)}
    for element in elements:
        element.set("val", known[element.get("val")])


def _line(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    rows = exhibit.frame.sort_values(exhibit.x, kind="stable")
    days = list(dict.fromkeys(pd.to_datetime(rows[exhibit.x])))
    names = _names(exhibit)
    data = CategoryChartData(number_format=_number(exhibit, exhibit.y))
    data.categories = [_day(day, exhibit) for day in days]
    parts = {name: _of_series(exhibit, rows, name) for name in names}
    for name, part in parts.items():
        known = dict(zip(pd.to_datetime(part[exhibit.x]), part[exhibit.y], strict=True))
        data.add_series(name, [_plain(known.get(day)) for day in days])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box.emu, data)
    chart = frame.chart
    _value_axis(chart, exhibit, exhibit.y)
    _legend(chart, len(names) > 1)
    own = iter(range(len(ACCENTS)))
    for number, (name, series) in enumerate(zip(names, chart.plots[0].series, strict=True)):
        compared = name in COMPARISONS
        _stroke(series, next(own, len(ACCENTS)) if not compared else len(ACCENTS), number, dotted=compared)
        if len(days) > DENSE:
            series.marker.style = XL_MARKER_STYLE.NONE
        _flagged(series, parts[name], days, exhibit)
        _labelled(series, parts[name], days, exhibit)
    return frame


def _flagged(series: Any, rows: pd.DataFrame, days: list[pd.Timestamp], exhibit: Exhibit) -> None:  # noqa: ANN401
    """Provisional points are dashed, incomplete buckets hollow, as on the screen."""
    place = {day: number for number, day in enumerate(days)}
    for column, mark in (("provisional", _dashed), ("partial", _hollow)):
        if column in rows:
            for day in pd.to_datetime(rows.loc[rows[column].fillna(False).astype(bool), exhibit.x]):
                mark(series.points[place[day]])


def _dashed(point: Any) -> None:  # noqa: ANN401
    point.format.line.dash_style = MSO_LINE_DASH_STYLE.SQUARE_DOT


def _hollow(point: Any) -> None:  # noqa: ANN401
    point.marker.style = XL_MARKER_STYLE.CIRCLE
    point.marker.size = 8
    point.marker.format.fill.solid()
    point.marker.format.fill.fore_color.rgb = WHITE


def _labelled(series: Any, rows: pd.DataFrame, days: list[pd.Timestamp], exhibit: Exhibit) -> None:  # noqa: ANN401
    """The value of each labelled day is written at its point."""
    wanted = {pd.Timestamp(day) for day in exhibit.labelled}
    there = set(pd.to_datetime(rows.loc[rows[exhibit.y].notna(), exhibit.x]))
    for number, day in enumerate(days):
        if day in wanted & there:
            label = series.points[number].data_label
            label.position = XL_LABEL_POSITION.ABOVE
            label.font.bold = True
            label.font.size = Pt(SIZE + 2)
            _show_value(label)


def _show_value(label: Any) -> None:  # noqa: ANN401
    """A label without own text shows what it is told to."""
    element = label._get_or_add_dLbl()
    for name, shown in (("showLegendKey", "0"), ("showVal", "1"), ("showCatName", "0"), ("showSerName", "0")):
        child = element.find(f"{{http://schemas.openxmlformats.org/drawingml/2006/chart}}{name}")
        if child is not None:
            child.set("val", shown)


def _bar(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    rows = exhibit.frame
    labels = _distinct_labels(rows[exhibit.y], shared=bool(exhibit.series))
    names = _names(exhibit)
    categories = list(dict.fromkeys(labels))
    data = CategoryChartData(number_format=_number(exhibit, exhibit.x))
    data.categories = categories
    place = pd.Series(labels, index=rows.index)
    for name in names:
        part = _of_series(exhibit, rows, name)
        known = dict(zip(place[part.index], part[exhibit.x], strict=True))
        data.add_series(name, [_plain(known.get(label)) for label in categories])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu, data)
    chart, plot = frame.chart, frame.chart.plots[0]
    _sideways(chart, exhibit)
    chart.value_axis.visible = False
    grouped = len(categories) < len(rows)
    plot.gap_width, plot.overlap = 45, (-5 if grouped else 100)
    plot.has_data_labels = True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.number_format = _number(exhibit, exhibit.x)
    plot.data_labels.number_format_is_linked = False
    plot.data_labels.font.size = Pt(SIZE)
    _fill(chart, names)
    _legend(chart, len(names) > 1)
    return frame


def _stacked_bar(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    """The sum stands behind the name, because a label of the whole stack is not there in PowerPoint."""
    rows, names = exhibit.frame, _names(exhibit)
    field = exhibit.field(exhibit.x)
    categories = list(dict.fromkeys(str(name) for name in rows[exhibit.y]))
    sums = rows.groupby(rows[exhibit.y].astype(str))[exhibit.x].sum()
    data = CategoryChartData(number_format=_number(exhibit, exhibit.x))
    data.categories = [f"{name} · {german.value(float(sums[name]), field.format)}" for name in categories]
    for name in names:
        part = _of_series(exhibit, rows, name)
        known = dict(zip(part[exhibit.y].astype(str), part[exhibit.x], strict=True))
        data.add_series(name, [_plain(known.get(category)) for category in categories])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box.emu, data)
    chart = frame.chart
    _sideways(chart, exhibit)
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    _grid(chart.value_axis)
    chart.value_axis.tick_labels.number_format = _number(exhibit, exhibit.x)
    chart.value_axis.tick_labels.number_format_is_linked = False
    _fill(chart, names)
    _legend(chart, len(names) > 1)
    return frame


def _stacked_area(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    rows, names = exhibit.frame, _names(exhibit)
    days = sorted(dict.fromkeys(pd.to_datetime(rows[exhibit.x])))
    data = CategoryChartData(number_format=_number(exhibit, exhibit.y))
    data.categories = [_day(day, exhibit) for day in days]
    for name in names:
        part = _of_series(exhibit, rows, name)
        known = dict(zip(pd.to_datetime(part[exhibit.x]), part[exhibit.y], strict=True))
        data.add_series(name, [_plain(known.get(day)) for day in days])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.AREA_STACKED, *box.emu, data)
    chart = frame.chart
    _grid(chart.value_axis)
    chart.value_axis.tick_labels.number_format = _number(exhibit, exhibit.y)
    chart.value_axis.tick_labels.number_format_is_linked = False
    _fill(chart, names)
    _legend(chart, True)
    return frame


def _slope(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    rows, names = exhibit.frame, _names(exhibit)
    ends = list(dict.fromkeys(str(value) for value in rows[exhibit.x]))
    data = CategoryChartData(number_format=_number(exhibit, exhibit.y))
    data.categories = ends
    values: dict[str, list[float | None]] = {}
    for name in names:
        part = _of_series(exhibit, rows, name)
        known = dict(zip(part[exhibit.x].astype(str), part[exhibit.y], strict=True))
        values[name] = [_plain(known.get(end)) for end in ends]
        data.add_series(name, values[name])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box.emu, data)
    chart = frame.chart
    _value_axis(chart, exhibit, exhibit.y)
    direct = _apart([value[-1] for value in values.values()])
    _legend(chart, not direct)
    for number, (name, series) in enumerate(zip(names, chart.plots[0].series, strict=True)):
        _stroke(series, number, number)
        for place, value in enumerate(values[name]):
            if value is None:
                continue
            label = series.points[place].data_label
            written = german.value(value, exhibit.field(exhibit.y).format)
            label.text_frame.text = f"{name} {written}" if direct and place else written
            label.position = XL_LABEL_POSITION.RIGHT if place else XL_LABEL_POSITION.LEFT
    return frame


def _apart(values: list[float | None]) -> bool:
    known = sorted(value for value in values if value is not None)
    room = (max(known) - min(known)) * APART if known else 0.0
    return all(later - earlier > room for earlier, later in itertools.pairwise(known))


def _scatter(slide: Any, exhibit: Exhibit, box: Box) -> Any:  # noqa: ANN401
    rows, names = exhibit.frame, _names(exhibit)
    sized = bool(exhibit.size)
    new: Any = BubbleChartData if sized else XyChartData
    data = new(number_format=_number(exhibit, exhibit.y))
    parts = [_of_series(exhibit, rows, name).dropna(subset=[exhibit.x, exhibit.y]) for name in names]
    columns = [exhibit.x, exhibit.y, *([exhibit.size] if sized else [])]
    for name, part in zip(names, parts, strict=True):
        series = data.add_series(name)
        for point in part[columns].astype(float).itertuples(index=False):
            series.add_data_point(*point)
    kind = XL_CHART_TYPE.BUBBLE if sized else XL_CHART_TYPE.XY_SCATTER
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    chart = frame.chart
    _value_axis(chart, exhibit, exhibit.y, title=True)
    _axis_title(chart.category_axis, exhibit, exhibit.x)
    _grid(chart.category_axis)
    chart.category_axis.tick_labels.number_format = _number(exhibit, exhibit.x)
    chart.category_axis.tick_labels.number_format_is_linked = False
    _legend(chart, len(names) > 1)
    _quadrants(chart, exhibit)
    for number, series in enumerate(chart.plots[0].series):
        if sized:
            _colour(series.format.fill, number)
        else:
            series.format.line.fill.background()
            series.marker.style = MARKERS[number % len(MARKERS)]
            series.marker.size = 8
            _colour(series.marker.format.fill, number)
    _named_points(chart, exhibit, parts, box)
    return frame


def _quadrants(chart: Any, exhibit: Exhibit) -> None:  # noqa: ANN401
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


def _named_points(chart: Any, exhibit: Exhibit, parts: list[pd.DataFrame], box: Box) -> None:  # noqa: ANN401
    """Names of the largest points (or of all) that touch nothing else."""
    if exhibit.point_names is None:
        return
    column, all_named = exhibit.point_names.column, exhibit.point_names.every
    every = pd.concat(parts)
    known = exhibit.frame.sort_values(exhibit.size or exhibit.x, ascending=False)
    wanted = set(known.index if all_named else known.index[:NAMED])
    names = [str(one)[:30] if index in wanted else "" for index, one in every[column].items()]
    shares = list(zip(_shares(exhibit, every, exhibit.x), _shares(exhibit, every, exhibit.y), strict=True))
    found = places(shares, names, box.width - AXES, box.height - AXES)
    points = [series.points[n] for part, series in _of_chart(chart, parts) for n in range(len(part))]
    for point, name, place in zip(points, names, found, strict=True):
        if name and (place or all_named):
            side, higher = place or ("right", 0.0)
            label = point.data_label
            label.text_frame.text = name
            label.text_frame.paragraphs[0].runs[0].font.size = Pt(LABEL)
            label.position = PLACES[side]
            if higher:
                _raise(label, higher / box.height)


def _raise(label: Any, share: float) -> None:  # noqa: ANN401
    """Set a label higher than its place by a share of the chart's height."""
    shifted = parse_xml(
        '<c:layout xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:manualLayout>'
        f'<c:x val="0"/><c:y val="{-share:.4f}"/></c:manualLayout></c:layout>'
    )
    label._get_or_add_dLbl().find(qn("c:idx")).addnext(shifted)


def _of_chart(chart: Any, parts: list[pd.DataFrame]) -> list[tuple[pd.DataFrame, Any]]:  # noqa: ANN401
    return list(zip(parts, chart.plots[0].series, strict=True))


def _shares(exhibit: Exhibit, rows: pd.DataFrame, name: str) -> list[float]:
    """Where the values lie on their axis, 0 … 1; a turned axis has its smallest value on top."""
    values = rows[name].astype(float)
    low, high = min(float(values.min()), 0.0), exhibit.axes.to or float(values.max())
    share = (values - low) / ((high - low) or 1.0)
    return list(1.0 - share if name == exhibit.y and exhibit.reverse_y else share)


def _value_axis(chart: Any, exhibit: Exhibit, name: str, *, title: bool = False) -> None:  # noqa: ANN401
    """Positions have 1 on top: the axis is turned, and the categories stay at the bottom all the same."""
    axis = chart.value_axis
    _grid(axis)
    axis.tick_labels.number_format = _number(exhibit, name)
    axis.tick_labels.number_format_is_linked = False
    if title:
        _axis_title(axis, exhibit, name)
    values = pd.to_numeric(exhibit.frame[name], errors="coerce")
    if exhibit.reverse_y:
        axis.reverse_order = True
        axis.minimum_scale = 0
        axis.tick_labels.number_format = "0;−0;"  # there is no place 0
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    elif values.min() >= 0:
        axis.minimum_scale = 0
    if exhibit.kind in ("line", "slope"):
        chart.category_axis.format.line.color.rgb = GREY
        chart.category_axis.has_major_gridlines = False


def _axis_title(axis: Any, exhibit: Exhibit, name: str) -> None:  # noqa: ANN401
    axis.has_title = True
    axis.axis_title.text_frame.text = titled(exhibit.field(name))
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(SIZE)
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False


def _sideways(chart: Any, exhibit: Exhibit) -> None:  # noqa: ANN401
    """First row on top; the value axis starts at zero."""
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.fill.background()
    chart.category_axis.has_major_gridlines = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if pd.to_numeric(exhibit.frame[exhibit.x], errors="coerce").min() >= 0:
        chart.value_axis.minimum_scale = 0
    else:
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _grid(axis: Any) -> None:  # noqa: ANN401
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = GRID
    axis.format.line.fill.background()


def _legend(chart: Any, shown: bool) -> None:  # noqa: ANN401
    chart.has_legend = shown
    if shown:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(SIZE)


def _stroke(series: Any, colour: int, number: int, *, dotted: bool = False) -> None:  # noqa: ANN401
    series.smooth = False
    line = series.format.line
    line.width = Pt(2.25)
    _colour(line.fill, colour)
    dash = MSO_LINE_DASH_STYLE.ROUND_DOT if dotted else DASHES[number % len(DASHES)]
    if dash is not None:
        line.dash_style = dash
    series.marker.style = MARKERS[number % len(MARKERS)]
    series.marker.size = 6
    _colour(series.marker.format.fill, colour)
    _colour(series.marker.format.line.fill, colour)


def _fill(chart: Any, names: list[str]) -> None:  # noqa: ANN401
    own = iter(range(len(ACCENTS)))
    for name, series in zip(names, chart.plots[0].series, strict=True):
        series.format.fill.solid()
        _colour(series.format.fill, len(ACCENTS) if name in COMPARISONS else next(own, len(ACCENTS)))
        series.invert_if_negative = False if hasattr(series, "invert_if_negative") else None


def _colour(fill: Any, number: int) -> None:  # noqa: ANN401
    """The template's accents in order; the rest and what is compared with are grey."""
    fill.solid()
    if number < len(ACCENTS):
        fill.fore_color.theme_color = ACCENTS[number]
    else:
        fill.fore_color.rgb = GREY


def _names(exhibit: Exhibit) -> list[str]:
    if not exhibit.series:
        measure = exhibit.y if exhibit.kind in ("line", "stacked_area", "slope", "scatter") else exhibit.x
        return [exhibit.field(measure).label]
    return [str(name) for name in exhibit.frame[exhibit.series].dropna().drop_duplicates()]


def _of_series(exhibit: Exhibit, rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows[rows[exhibit.series].astype(str) == name] if exhibit.series else rows


def _distinct_labels(values: pd.Series, *, shared: bool) -> list[str]:
    """Category names; equal ones of different rows get invisible marks, unless series share them."""
    seen: dict[str, int] = {}
    labels = []
    for value in values:
        text = str(value)
        count = seen.get(text, 0)
        seen[text] = count + 1
        labels.append(text if shared else text + "\u200b" * count)
    return labels


def _day(day: pd.Timestamp, exhibit: Exhibit) -> str:
    date = dt.date(day.year, day.month, day.day)
    return german.month_short(date) if exhibit.field(exhibit.x).format == "month" else german.date(date)


def _number(exhibit: Exhibit, name: str) -> str:
    return NUMBERS.get(exhibit.field(name).format, "General")


def _plain(value: object) -> float | None:
    return None if german.is_missing(value) else float(str(value))


_DRAWINGS: dict[str, Callable[[Any, Exhibit, Box], Any]] = {
    "line": _line,
    "bar": _bar,
    "stacked_bar": _stacked_bar,
    "stacked_area": _stacked_area,
    "slope": _slope,
    "scatter": _scatter,
}
