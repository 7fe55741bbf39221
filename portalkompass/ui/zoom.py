"""A span drawn over a trend, which one click makes the period: zoom by pointer or keyboard.

Drawing changes nothing but the button below the chart (a fragment): only the click asks for other days, with one entry
of the browser's history, so that "back" shows the whole again. By keyboard the shell's script draws the same span.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.selection import Period
from portalkompass.screens.address import FIXED
from portalkompass.ui import url_state

SPAN = "span"
BRUSH = {"name": SPAN, "select": {"type": "interval", "encodings": ["x"], "zoom": False}}
TRENDS = ("line", "panels", "stacked_area")
HOME = "Europe/Berlin"
HELP = (
    "Mit gedrückter Maustaste über das Diagramm ziehen wählt einen Teil des Zeitraums; auf der Tastatur Umschalt und "
    "Pfeiltasten, dann die Eingabetaste."
)


def offered(exhibit: Exhibit) -> bool:
    """Whether the chart shows days over time, and those of the period box: others would not follow it."""
    shown = url_state.period_shown()
    return exhibit.kind in TRENDS and shown is not None and exhibit.period == (shown.start, shown.end)


@st.fragment
def chart(exhibit: Exhibit, specification: Mapping[str, Any]) -> None:
    """The chart, and below it the button for the span that is drawn over it."""
    *layers, last = specification["layer"]
    brushed = [*layers, last | {"params": [*last["params"], BRUSH]}]
    drawn = st.vega_lite_chart(
        {**specification, "layer": brushed},
        theme=None,
        width="stretch",
        alt=exhibit.alt,
        # Other days are another chart, over which nothing is drawn yet.
        key=f"chart-{exhibit.id}-{exhibit.period}",
        on_select="rerun",
        selection_mode=SPAN,
    )
    ends = drawn["selection"].get(SPAN, {}).get("x", ())
    span = days(exhibit, ends, st.context.timezone or HOME)
    if span is None or (span.start, span.end) == exhibit.period:
        return
    words = f"Zeitraum auf {german.period_short(span.start, span.end)} setzen"
    if st.button(words, icon=":material/zoom_in:", key=f"zoom-{exhibit.id}"):
        url_state.change(period=FIXED, start=span.start, end=span.end)
        st.rerun()


def days(exhibit: Exhibit, ends: Sequence[float], zone: str) -> Period | None:
    """The days, weeks or months whose points lie between the ends, milliseconds as the browser in ``zone`` counts them.

    None while no point does.
    """
    if len(ends) != 2 or exhibit.period is None:  # noqa: PLR2004
        return None
    low, high = (
        pd.Timestamp(moment, unit="ms", tz="UTC").tz_convert(zone).tz_localize(None)
        for moment in sorted(ends)
    )
    points = pd.to_datetime(exhibit.frame[exhibit.x]).drop_duplicates().sort_values()
    inside = points[points.between(low, high)]
    if inside.empty:
        return None
    first, last = exhibit.period
    later = points[points > inside.iloc[-1]]
    end = last if later.empty else later.iloc[0].date() - dt.timedelta(days=1)
    start, end = max(inside.iloc[0].date(), first), min(end, last)
    # Some charts begin before the period.
    return Period(start, end) if start <= end else None
