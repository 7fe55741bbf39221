"""Known events in a native chart over time: a rule at a day, a pale field over a span, their names above the plot.

They are shapes of the chart itself, so that they move and grow with it. The plot gets a fixed place for that.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from portalkompass.charts import compared as compared_days
from portalkompass.charts import theme
from portalkompass.exhibit import Mark
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.boxes import FLOOR, LINE, Box, Letters, Pptx

LEFT, RIGHT, BOTTOM, LEGEND = 60.0, 14.0, 44.0, 24.0
"""Points around the plot for the labels of its axes, and above it for a legend."""
MOST_BESIDE = 0.3
"""Share of the width that names at the ends of lines may take."""
ROWS = 2
"""Lines of names above the plot; where they would touch, a name is left to the sentences below the chart."""
_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:cdr="http://schemas.openxmlformats.org/drawingml/2006/chartDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
OWN = ("Ereignis: ", "Name: ")
"""How names of shapes begin that are drawn here: rules and fields, and what stands above them."""
ABOVE_AXIS = 8.0
"""Points of the arrow between two compared days above the lower edge of the plot."""
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartUserShapes"


def draw(
    chart: Pptx,
    exhibit: Outgoing,
    days: Sequence[pd.Timestamp],
    box: Box,
    *,
    named: bool = True,
    beside: Sequence[str] = (),
) -> None:
    """The exhibit's events that lie within the days shown; without any the plot is placed by PowerPoint.

    Unless ``named`` the room above the plot is left to a title. ``beside`` are names at the right ends of lines, which
    need room, too.
    """
    within = [
        mark
        for mark in exhibit.marks
        if _share(mark.date, days) < 1 and _share(mark.end or mark.date, days) > 0
    ]
    compared = compared_days.difference(exhibit)
    if not (within or compared or beside) or len(days) < 2:  # noqa: PLR2004
        return
    above = (LEGEND if chart.has_legend else 0.0) + ROWS * FLOOR * LINE + 2
    widest = max((Letters().width(name, FLOOR, bold=True) for name in beside), default=0.0)
    right = RIGHT + min(widest, box.width * MOST_BESIDE)
    plot = Box(LEFT, above, box.width - LEFT - right, box.height - above - BOTTOM)
    _place(chart, plot, box)
    if not (within or compared):
        return
    shapes = [shape for mark in within if (shape := _drawn(mark, days, plot, box))]
    shapes += _names(within, days, plot, box) if named else []
    if compared:
        shapes += _arrow(*compared, days, plot, box)
    anchors = "".join(
        f"<cdr:relSizeAnchor><cdr:from><cdr:x>{left:.5f}</cdr:x><cdr:y>{top:.5f}</cdr:y></cdr:from>"
        f"<cdr:to><cdr:x>{right:.5f}</cdr:x><cdr:y>{bottom:.5f}</cdr:y></cdr:to>{shape}</cdr:relSizeAnchor>"
        for shape, (left, top, right, bottom) in shapes
    )
    package = chart.part.package
    name = PackURI(f"/ppt/drawings/drawing{len(list(package.iter_parts()))}.xml")
    drawing = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:userShapes {_SPACES}>{anchors}</c:userShapes>'
    relation = chart.part.relate_to(Part(name, _TYPE, package, drawing.encode()), _RELATION)
    chart._chartSpace.append(parse_xml(f'<c:userShapes {_SPACES} r:id="{relation}"/>'))


def _share(day: object, days: Sequence[pd.Timestamp]) -> float:
    """Where a day lies on the axis, 0 … 1; each category has a cell of its own, up to the next one."""
    moment = pd.Timestamp(day)  # type: ignore[arg-type]
    cells = [*days, days[-1] + (days[-1] - days[-2] if len(days) > 1 else pd.Timedelta(days=1))]
    if moment < cells[0]:
        return 0.0
    for number, (start, end) in enumerate(itertools.pairwise(cells)):
        if moment < end:
            return float(number + (moment - start) / (end - start)) / len(days)
    return 1.0


def _place(chart: Pptx, plot: Box, box: Box) -> None:
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    numbers = {
        "x": plot.left / box.width,
        "y": plot.top / box.height,
        "w": plot.width / box.width,
        "h": plot.height / box.height,
    }
    told = "".join(f'<c:{name} val="{number:.5f}"/>' for name, number in numbers.items())
    layout = (
        f'<c:layout {_SPACES}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
        f'<c:yMode val="edge"/>{told}</c:manualLayout></c:layout>'
    )
    area.insert(0, parse_xml(layout))


def _arrow(
    compared: Sequence[object], told: str, days: Sequence[pd.Timestamp], plot: Box, box: Box
) -> list[tuple[str, Frame]]:
    """An arrow from the one day to the other along the lower edge of the plot, the difference above it."""
    cell = plot.width / len(days) / 2
    start, end = (plot.left + _share(day, days) * plot.width + cell for day in compared)
    at = plot.bottom - ABOVE_AXIS
    head = f'<a:ln w="15875">{_fill(theme.GREY)}<a:tailEnd type="triangle"/></a:ln>'
    line = _shape(f"{OWN[0]}Vergleich", "line", head, (start, at, end - start, 0.0))
    width, height = Letters().width(told, FLOOR) + 8, FLOOR * LINE
    left = (start + end - width) / 2
    text = _shape(
        f"{OWN[1]}Vergleich", "rect", "<a:noFill/>", (left, at - height, width, height), _centred(told)
    )
    return [
        (line, (start / box.width, at / box.height, end / box.width, at / box.height)),
        (
            text,
            (
                left / box.width,
                (at - height) / box.height,
                (left + width) / box.width,
                at / box.height,
            ),
        ),
    ]


Frame = tuple[float, float, float, float]


def _drawn(mark: Mark, days: Sequence[pd.Timestamp], plot: Box, box: Box) -> tuple[str, Frame]:
    """A dashed rule, or a pale field, over the height of the plot."""
    start = plot.left + _share(mark.date, days) * plot.width
    end = plot.left + _share(mark.end, days) * plot.width if mark.end else start
    frame = (start / box.width, plot.top / box.height, end / box.width, plot.bottom / box.height)
    kind, fill, line = (
        "line",
        "",
        f'<a:ln w="9525">{_fill(theme.GREY)}<a:prstDash val="dash"/></a:ln>',
    )
    if end > start:
        kind, line = "rect", "<a:ln><a:noFill/></a:ln>"
        fill = _fill(theme.GREY, 18)
    return _shape(
        f"{OWN[0]}{mark.label}", kind, fill + line, (start, plot.top, end - start, plot.height)
    ), frame


def _names(
    marks: Sequence[Mark], days: Sequence[pd.Timestamp], plot: Box, box: Box
) -> list[tuple[str, Frame]]:
    """Names above the plot, each at its rule and in the first line where it touches no other."""
    letters, height = Letters(), FLOOR * LINE
    taken = [0.0] * ROWS
    named = []
    for mark in sorted(marks, key=lambda mark: mark.date):
        at = plot.left + _share(mark.date, days) * plot.width
        width = letters.width(mark.label, FLOOR) + 6
        left = max(min(at - width / 2, box.width - width), 0.0)
        row = next((number for number, end in enumerate(taken) if left >= end), None)
        if row is None or width > plot.width:
            continue
        taken[row] = left + width + 6
        top = plot.top - (row + 1) * height
        body = _centred(mark.label)
        place = (left, top, width, height)
        frame = (left / box.width, top / box.height, (left + width) / box.width, (top + height) / box.height)
        named.append((_shape(f"{OWN[1]}{mark.label}", "rect", "<a:noFill/>", place, body), frame))
    return named


def _centred(text: str) -> str:
    return (
        '<cdr:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/><a:p>'
        f'<a:pPr algn="ctr"/><a:r><a:rPr lang="de-DE" sz="{round(FLOOR * 100)}"><a:solidFill>'
        f'<a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/></a:rPr>'
        f"<a:t>{escape(text)}</a:t></a:r></a:p></cdr:txBody>"
    )


def _shape(name: str, kind: str, look: str, place: tuple[float, float, float, float], body: str = "") -> str:
    left, top, width, height = (round(points * 12700) for points in place)
    return (
        f'<cdr:sp macro="" textlink=""><cdr:nvSpPr><cdr:cNvPr id="{2 + left % 60000}" name={quoteattr(name)}/>'
        f'<cdr:cNvSpPr/></cdr:nvSpPr><cdr:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>'
        f'</a:xfrm><a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom>{look}</cdr:spPr>{body}</cdr:sp>'
    )


def _fill(colour: str, percent: int = 100) -> str:
    """A fill that lets what lies below shine through: the smaller the share, the more."""
    alpha = f'<a:alpha val="{percent * 1000}"/>'
    return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}">{alpha}</a:srgbClr></a:solidFill>'
