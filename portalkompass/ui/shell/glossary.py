"""The glossary in the side column, and how figures are worked out."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.data.glossary import glossary
from portalkompass.ui.components import methods
from portalkompass.ui.components.text import plain


def draw() -> None:
    """Buttons that open the definitions of all figures, and the methods behind them."""
    with st.sidebar:
        if st.button("Begriffe", key="begriffe", type="tertiary", icon=":material/menu_book:"):
            _open()
        methods.button("rechnen")


@st.dialog("Begriffe", width="large")
def _open() -> None:
    for label, definition, unit, direction in glossary().to_numpy().tolist():
        counted = f" ({unit})" if unit and unit != label else ""
        better = f" {direction.capitalize()}." if direction else ""
        st.markdown(f"**{plain(label)}**{plain(counted)}  \n{plain(definition)}{better}")
