"""Sliders for the weights of the criteria; untouched ones carry the shipped start value."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portalkompass.answers import Filters
from portalkompass.ui import answered
from portalkompass.ui.reading import Reading
from portalkompass.ui.text import plain

COLUMNS = 3


def chosen(reading: Reading, filters: Filters) -> dict[str, float]:
    """Criterion id -> weight as set on the screen; empty while all are at their start value."""
    criteria = answered.ask("prioritisation", reading, filters).exhibit("criteria")
    if criteria is None or criteria.frame.empty:
        return {}
    with st.expander("Gewichte der Kriterien (Startwerte)", key="gewichte"):
        st.caption(
            "Alle Kriterien beginnen mit demselben Gewicht. Das sind Startwerte, keine Empfehlung: "
            "Gewichte werden gemeinsam festgelegt. Gezählt wird das Verhältnis der Gewichte zueinander."
        )
        cells = st.columns(COLUMNS, gap="large")
        weights = {}
        for index, row in enumerate(criteria.frame.itertuples()):
            weights[str(row.id)] = _slider(cells[index % COLUMNS], row)
    return weights


def _slider(cell: DeltaGenerator, row: Any) -> float:  # noqa: ANN401 a row of itertuples
    return float(
        cell.slider(
            plain(str(row.label)),
            min_value=0,
            max_value=100,
            value=round(float(row.weight) * 100),
            step=5,
            format="%d %%",
            key=f"gewicht-{row.id}",
            bind="query-params",
        )
    )
