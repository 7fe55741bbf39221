"""Exhibit -> Vega-Lite, for the screen and for picture files.

``build(exhibit)`` returns a complete specification (theme, German locale and data included); the same
exhibit always gives the same dict, so it may be cached.
"""

from portalkompass.charts.build import ChartError, build, reading_help

__all__ = ["ChartError", "build", "reading_help"]
