"""The glossary in the side column."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.data.glossary import glossary
from portalkompass.ui.components.text import plain


def draw() -> None:
    """A button that opens the definitions of all figures."""
    if st.sidebar.button("Begriffe", key="begriffe", type="tertiary", icon=":material/menu_book:"):
        _open()


@st.dialog("Begriffe", width="large")
def _open() -> None:
    for label, definition, unit, direction in glossary().to_numpy().tolist():
        counted = f" ({unit})" if unit and unit != label else ""
        better = f" {direction.capitalize()}." if direction else ""
        st.markdown(f"**{plain(label)}**{plain(counted)}  \n{plain(definition)}{better}")
