"""An exhibit as a native PowerPoint chart, whose figures can be edited in the presentation.

Values are the frame's own; number formats stand in the chart, so that separators follow the reader's
Office. Colours are the template's accents, what is compared with is grey and dashed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.exhibit import Exhibit
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.native.axes import FONT_SIZE
from portalkompass.exports.slides.native.bars import bar, stacked_bar
from portalkompass.exports.slides.native.lines import line, slope, stacked_area
from portalkompass.exports.slides.native.points import scatter
from portalkompass.exports.slides.template import Box

DRAWINGS: dict[str, Callable[[Any, Outgoing, Box], Any]] = {
    "line": line,
    "bar": bar,
    "stacked_bar": stacked_bar,
    "stacked_area": stacked_area,
    "slope": slope,
    "scatter": scatter,
}
"""Slide, exhibit and place -> the frame of the chart that was added."""


def draws(exhibit: Exhibit) -> bool:
    """Whether PowerPoint has a chart of this kind; intervals and heatmaps become a picture."""
    return exhibit.kind in DRAWINGS


def add_chart(slide: Any, exhibit: Outgoing, box: Box) -> None:  # noqa: ANN401
    """The chart on the slide, with the exhibit's alternative text.

    Raises:
        KeyError: PowerPoint cannot draw this kind; see ``draws``.
    """
    frame = DRAWINGS[exhibit.kind](slide, exhibit, box)
    frame.name = f"Diagramm {exhibit.id}"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", exhibit.alt)
    frame.chart.has_title = False
    frame.chart.font.size = Pt(FONT_SIZE)
    _number_axes(frame.chart)


def _number_axes(chart: Any) -> None:  # noqa: ANN401
    """Axis ids from 1: those of the library are negative, which the standard does not allow."""
    elements = list(chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")))
    ids = list(dict.fromkeys(element.get("val") for element in elements))
    for element in elements:
        element.set("val", str(ids.index(element.get("val")) + 1))
