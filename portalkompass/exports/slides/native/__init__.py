"""An exhibit as a native PowerPoint chart, whose figures can be edited in the presentation.

Values are the frame's own; number formats stand in the chart, so that separators follow the reader's
Office. Colours are the template's accents, what is compared with is grey and dashed.
"""

from __future__ import annotations

from collections.abc import Callable

from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.slides.boxes import Box, Pptx
from portalkompass.exports.slides.native.bars import bar, stacked_bar
from portalkompass.exports.slides.native.lines import line, panels, slope, stacked_area
from portalkompass.exports.slides.native.points import scatter

DRAWINGS: dict[str, Callable[[Pptx, Outgoing, Box], None]] = {
    "line": line,
    "panels": panels,
    "bar": bar,
    "stacked_bar": stacked_bar,
    "stacked_area": stacked_area,
    "slope": slope,
    "scatter": scatter,
}
"""What puts a kind of exhibit on a slide as a chart; intervals and heatmaps become a picture."""
