"""What native charts share: the chart on its slide, series and their colours, axes, grid and legend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.enum.chart import XL_MARKER_STYLE as MARKER
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICK_LABELS
from pptx.enum.chart import XL_TICK_MARK as TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE as DASH
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.columns import COMPARISONS, distinct, titled
from portalkompass.exhibit import Field
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.boxes import Box, Pptx
from portalkompass.exports.slides.template import describe
from portalkompass.exports.tables import OFFICE_FORMATS

FONT_SIZE = 12
USUAL, STRONG, THIN = 2.25, 3.25, 1.25
"""Points that a line is wide: usually, highlighted, and beside highlighted ones."""
EDGE = 0.75
"""Points between bars or bands that look alike."""
UNSEEN = "\u200b"
"""What ``told_apart`` puts behind equal names."""
ACCENTS = (THEME.ACCENT_1, THEME.ACCENT_2, THEME.ACCENT_3, THEME.ACCENT_4)
GREY, GRID, PALE = (
    RGBColor.from_string(colour[1:]) for colour in (theme.GREY, theme.GRID, theme.STEPPED_BACK)
)
TICKS, RARE = ((4, 1), (8, 2), (25, 5), (60, 10), (120, 20)), 50
"""Up to which worst place the ticks of a position axis stand how far apart; beyond all of them."""
DASHES = (None, DASH.DASH, DASH.ROUND_DOT, DASH.DASH_DOT, DASH.LONG_DASH)
MARKERS = (MARKER.CIRCLE, MARKER.SQUARE, MARKER.DIAMOND, MARKER.TRIANGLE, MARKER.X)


def add(slide: Pptx, exhibit: Outgoing, box: Box, chart_type: Pptx, data: Pptx) -> Pptx:
    """The chart on the slide, with the exhibit's alternative text."""
    frame = slide.shapes.add_chart(chart_type, *box.emu, data)
    describe(frame, f"Diagramm {exhibit.id}", exhibit.alt)
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(FONT_SIZE)
    chart.font.color.theme_color = THEME.TEXT_1
    # The library's axis ids are negative, which the standard does not allow: they count from 1.
    elements = list(chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")))
    ids = list(dict.fromkeys(element.get("val") for element in elements))
    for element in elements:
        element.set("val", str(ids.index(element.get("val")) + 1))
    return chart


def series_rows(exhibit: Outgoing) -> dict[str, pd.DataFrame]:
    """The rows of each series by its name, in the frame's order; a single one bears the name of the measure."""
    if not exhibit.series:
        return {exhibit.field(_measure(exhibit)).label: exhibit.frame}
    names = exhibit.frame[exhibit.series].astype(str)
    return {name: exhibit.frame[names == name] for name in distinct(exhibit.frame[exhibit.series])}


def by_category(exhibit: Outgoing, categories: pd.Series[Any], labels: Mapping[Any, str]) -> Pptx:
    """One value per series and category: ``categories`` are those of the rows, ``labels`` how each is written."""
    measure = _measure(exhibit)
    data = CategoryChartData(number_format=number_format(exhibit.field(measure)))
    data.categories = list(labels.values())
    for name, rows in series_rows(exhibit).items():
        values = dict(zip(categories[rows.index], rows[measure], strict=True))
        numbers = [values.get(category) for category in labels]
        data.add_series(name, [None if german.is_missing(n) else float(str(n)) for n in numbers])
    return data


def _measure(exhibit: Outgoing) -> str:
    """The column that is drawn: bars reach along the lower axis, all others up the left one."""
    return exhibit.x if exhibit.kind in ("bar", "stacked_bar") else exhibit.y


def accents(names: Iterable[str], highlighted: Collection[str] = ()) -> list[int]:
    """The number of each series' colour: the accents in order; the rest and what is compared with are grey.

    With ``highlighted`` ones all others are grey.
    """
    own = iter(range(len(ACCENTS)))
    back = [name not in highlighted if highlighted else name in COMPARISONS for name in names]
    return [len(ACCENTS) if grey else next(own, len(ACCENTS)) for grey in back]


def colour(fill: Pptx, number: int, grey: Pptx = GREY) -> None:
    """Fill with the template's accent of that number, with grey beyond the last."""
    fill.solid()
    if number < len(ACCENTS):
        fill.fore_color.theme_color = ACCENTS[number]
    else:
        fill.fore_color.rgb = grey


def fill_areas(chart: Pptx, highlighted: Collection[str] = ()) -> None:
    """Bars or bands in the colours of their series; beside highlighted ones the others are pale."""
    drawn = list(chart.plots[0].series)
    numbers = accents([series.name for series in drawn], highlighted)
    for series, number in zip(drawn, numbers, strict=True):
        colour(series.format.fill, number, PALE if highlighted else GREY)
        if highlighted:
            series.format.line.width = Pt(EDGE)
            series.format.line.color.theme_color = THEME.BACKGROUND_1
        if hasattr(series, "invert_if_negative"):
            series.invert_if_negative = False


def fill_categories(chart: Pptx, highlighted: Collection[str]) -> None:
    """Of bars without series the highlighted ones in the first accent, the others pale."""
    (series,) = chart.plots[0].series
    colour(series.format.fill, len(ACCENTS), PALE)
    for number, name in enumerate(chart.plots[0].categories):
        if str(name).rstrip(UNSEEN) in highlighted:
            colour(series.points[number].format.fill, 0)


def stroke(series: Pptx, accent: int, number: int, *, dotted: bool = False, width: float = USUAL) -> None:
    """A line with the colour ``accent``, and with the dash and marker of the series of that number."""
    series.smooth = False
    line = series.format.line
    line.width = Pt(width)
    colour(line.fill, accent)
    dash = DASH.ROUND_DOT if dotted else DASHES[number % len(DASHES)]
    if dash is not None:
        line.dash_style = dash
    mark(series.marker, 6, accent, number)
    colour(series.marker.format.line.fill, accent)


def mark(marker: Pptx, size: int, accent: int, number: int) -> None:
    """The marker of the series of that number."""
    marker.style = MARKERS[number % len(MARKERS)]
    marker.size = size
    colour(marker.format.fill, accent)


def number_format(field: Field) -> str:
    """How Office writes the values of a field."""
    return OFFICE_FORMATS.get(field.format, "General").replace('"', "")


def write_numbers(labels: Pptx, field: Field) -> None:
    """Labels of an axis or of values in the format of their field."""
    labels.number_format = number_format(field)
    labels.number_format_is_linked = False


def grid(axis: Pptx) -> None:
    """Pale lines instead of the axis' own."""
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = GRID
    axis.format.line.fill.background()


def dim_grid(chart: Pptx) -> None:
    """Grid lines, and what stepped back, that do not outshine the values on a dark ground."""
    for element in chart._chartSpace.iter(qn("a:srgbClr")):
        if element.get("val") in (str(GRID), str(PALE)):
            element.set("val", str(GREY))


def value_axis(chart: Pptx, exhibit: Outgoing) -> None:
    """The axis on the left. Positions have 1 on top: it is turned, and the categories stay at the bottom."""
    axis = chart.value_axis
    grid(axis)
    write_numbers(axis.tick_labels, exhibit.field(exhibit.y))
    if exhibit.reverse_y:
        axis.reverse_order = True
        axis.minimum_scale = 1
        worst = float(pd.to_numeric(exhibit.frame[exhibit.y], errors="coerce").max())
        # Ticks are counted from 1, the best place: 1, 11, 21 …
        axis.major_unit = next((unit for most, unit in TICKS if worst <= most), RARE)
        axis.tick_labels.number_format = "0"
        # The turned axis has its line on top: strokes there would stand among the names of events.
        chart.category_axis.tick_label_position = TICK_LABELS.HIGH
        chart.category_axis.major_tick_mark = TICK_MARK.NONE
    elif never_negative(exhibit, exhibit.y):
        axis.minimum_scale = 0


def never_negative(exhibit: Outgoing, name: str) -> bool:
    """Whether no value of the column lies below zero."""
    return bool(pd.to_numeric(exhibit.frame[name], errors="coerce").min() >= 0)


def axis_title(axis: Pptx, field: Field) -> None:
    """The field's label with its unit beside the axis."""
    axis.has_title = True
    axis.axis_title.text_frame.text = titled(field)
    font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
    font.size = Pt(FONT_SIZE)
    font.bold = False


def title(chart: Pptx, text: str) -> None:
    """A title above the legend, no larger than the other letters."""
    chart.has_title = True
    chart.chart_title.include_in_layout = False
    chart.chart_title.text_frame.text = text
    font = chart.chart_title.text_frame.paragraphs[0].runs[0].font
    font.size = Pt(FONT_SIZE)
    font.bold = True


def legend(chart: Pptx, *, shown: bool, only: Collection[str] = ()) -> None:
    """A legend above the plot, or none; with ``only`` these names alone, since the others look alike."""
    chart.has_legend = shown
    if shown:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(FONT_SIZE)
        back = [n for n, series in enumerate(chart.plots[0].series) if only and series.name not in only]
        for number in reversed(back):
            entry = (
                f'<c:legendEntry {nsdecls("c")}><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>'
            )
            chart.legend._element.find(qn("c:legendPos")).addnext(parse_xml(entry))
