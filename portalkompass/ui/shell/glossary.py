"""The glossary in the side column, and how figures are worked out."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import streamlit as st

from portalkompass.answers.data.glossary import glossary
from portalkompass.ui.components.text import plain

METHODS = Path(__file__).resolve().parents[3] / "docs" / "methods.md"
"""Written by us, so shown as it is; the first part is for its readers on the web."""


def draw() -> None:
    """Buttons that open the definitions of all figures, and the methods behind them."""
    if st.sidebar.button("Begriffe", key="begriffe", type="tertiary", icon=":material/menu_book:"):
        _open()
    chapters = _chapters(METHODS)
    if chapters and st.sidebar.button(
        "Wie wir rechnen", key="rechnen", type="tertiary", icon=":material/calculate:"
    ):
        _explain(chapters)


@st.dialog("Begriffe", width="large")
def _open() -> None:
    for label, definition, unit, direction in glossary().to_numpy().tolist():
        counted = f" ({unit})" if unit and unit != label else ""
        better = f" {direction.capitalize()}." if direction else ""
        st.markdown(f"**{plain(label)}**{plain(counted)}  \n{plain(definition)}{better}")


@st.dialog("Wie wir rechnen", width="large")
def _explain(chapters: dict[str, str]) -> None:
    chosen = st.selectbox("Verfahren", list(chapters), key="verfahren")
    st.markdown(chapters[chosen])


@functools.cache
def _chapters(path: Path) -> dict[str, str]:
    """Text of each second-order heading, without links to other places; empty where the file was not installed."""
    if not path.is_file():
        return {}
    parts = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    texts = (re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text).strip() for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))
