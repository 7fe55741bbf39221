"""Colours, font, German numbers and months of every chart, on screen and in files.

The locale stands in ``config.locale``: the only place that Streamlit and exports both respect. d3's own
German locale writes "Mrz" for March, so the month lists are given here.
"""

from __future__ import annotations

from typing import Any

from portalkompass import german

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
"""The version of Vega-Lite that Streamlit and Altair bring (a test compares)."""
TEXT = "#141414"
MUTED = "#4d5370"
ACTION = "#2044aa"
GREY = "#6e7597"
STEPPED_BACK = "#b4b9ca"
"""Bars and bands beside highlighted ones; lines are thin and ``GREY``, since a pale line is hard to see."""
GRID = "#e4e6ee"
AXIS = "#9aa0b5"
SPAN = "#f4ecd9"
GROUND = "#ffffff"
FIT = {"type": "fit-x", "contains": "padding"}
"""The width is the container's, the height that of the plot: axes and legends come on top."""
FONT = "Fira Sans, sans-serif"
# Readable for colour-blind people (ΔE at least 36) and 3:1 against white; the fifth stands for the rest.
SERIES = (ACTION, "#16a884", "#d58100", "#524000", GREY)
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4))

SHORT_MONTHS = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
DAYS = ("Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag")
SHORT_DAYS = ("So", "Mo", "Di", "Mi", "Do", "Fr", "Sa")

LOCALE: dict[str, Any] = {
    "number": {
        "decimal": ",",
        "thousands": ".",
        "grouping": [3],
        "currency": ["", "\u00a0€"],
        "percent": "\u00a0%",
        "minus": "−",
    },
    "time": {
        "dateTime": "%A, %-d. %B %Y, %X",
        "date": "%d.%m.%Y",
        "time": "%H:%M:%S",
        "periods": ["", ""],
        "days": list(DAYS),
        "shortDays": list(SHORT_DAYS),
        "months": list(german.MONTHS),
        "shortMonths": list(SHORT_MONTHS),
    },
}


def config() -> dict[str, Any]:
    """The ``config`` block of a Vega-Lite specification."""
    label = {"labelColor": TEXT, "labelFontSize": 12, "titleColor": MUTED, "titleFontSize": 12}
    return {
        "locale": LOCALE,
        "background": GROUND,
        "font": FONT,
        "customFormatTypes": False,
        "view": {"stroke": None},
        "axis": {
            **label,
            "titleFontWeight": "normal",
            "titlePadding": 10,
            "labelPadding": 6,
            "gridColor": GRID,
            "domainColor": AXIS,
            "tickColor": AXIS,
            "ticks": False,
            # Read out in English otherwise; the chart's own text alternative names measure and period.
            "aria": False,
        },
        "axisY": {"domain": False, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end"},
        "axisX": {"grid": False},
        "legend": {
            **label,
            "title": None,
            "aria": False,
            "orient": "top",
            "direction": "horizontal",
            "symbolSize": 110,
            "symbolStrokeWidth": 2,
            "columnPadding": 20,
            "labelLimit": 320,
            "offset": 12,
        },
        "range": {"category": list(SERIES)},
        "line": {"strokeWidth": 2.25, "strokeJoin": "round"},
        "text": {"color": TEXT, "fontSize": 12},
    }
