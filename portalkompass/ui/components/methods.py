"""How figures are worked out: the chapters of docs/methods.md, opened from the side column or below an estimate."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import streamlit as st

METHODS = Path(__file__).resolve().parents[3] / "docs" / "methods.md"
"""Written by us, so shown as it is; the first part is for its readers on the web."""


def button(key: str, method: str = "") -> None:
    """A quiet button that opens the chapter of that name, else the first; none where the file was not installed."""
    found = chapters(METHODS)
    if found and st.button("Wie wir rechnen", key=key, type="tertiary", icon=":material/calculate:"):
        _explain(found, method)


@st.dialog("Wie wir rechnen", width="large")
def _explain(found: dict[str, str], method: str) -> None:
    names = list(found)
    # A key of its own for each chapter: the choice of another exhibit is not the one of this.
    first = names.index(method) if method in found else 0
    chosen = st.selectbox("Verfahren", names, index=first, key=f"verfahren-{first}")
    st.markdown(found[chosen])


@functools.cache
def chapters(path: Path) -> dict[str, str]:
    """Text of each second-order heading, without links to other places; empty where the file was not installed."""
    if not path.is_file():
        return {}
    parts = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    texts = (re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text).strip() for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))
