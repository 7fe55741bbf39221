"""Sliders for the weights of the criteria; untouched ones carry the shipped start value."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portalkompass.answers import Filters
from portalkompass.ui import answered
from portalkompass.ui.reading import Reading
from portalkompass.ui.text import plain

COLUMNS = 2
EXPLANATION = (
    "Startwerte: Alle Kriterien zählen zunächst gleich. Das ist keine Empfehlung; Gewichte werden "
    "gemeinsam festgelegt. Gezählt wird ihr Verhältnis zueinander, nicht ihre Summe."
)


def chosen(reading: Reading, filters: Filters) -> dict[str, float] | None:
    """Criterion id -> weight as set on the screen; None while all stand at their start value."""
    criteria = answered.ask("prioritisation", reading, filters, weights=None).exhibit("criteria")
    if criteria is None or criteria.frame.empty:
        return None
    columns = ("id", "label", "weight", "help")
    rows: Iterable[tuple[str, str, float, str]] = criteria.frame[list(columns)].itertuples(index=False)
    start, weights = {}, {}
    with st.expander("Gewichte der Kriterien (Startwerte)", key="gewichte"):
        st.caption(EXPLANATION)
        cells = st.columns(COLUMNS, gap="large")
        for index, (name, label, weight, explanation) in enumerate(rows):
            start[name] = round(float(weight) * 100)
            weights[name] = _slider(cells[index % COLUMNS], name, label, start[name], explanation)
        if not any(weights.values()):
            st.warning("Mindestens ein Kriterium braucht ein Gewicht. Gerechnet wird mit den Startwerten.")
    if weights == start or not any(weights.values()):
        return None
    return {name: value / 100 for name, value in weights.items()}


def _slider(cell: DeltaGenerator, name: str, label: str, start: int, explanation: str) -> int:
    value = cell.slider(
        plain(label),
        min_value=0,
        max_value=100,
        value=start,
        step=5,
        format="%d %%",
        key=f"gewicht-{name}",
        bind="query-params",
        help=plain(explanation),
    )
    return int(value)
