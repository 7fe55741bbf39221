"""Forms that keep what was typed until it is saved: a refused save empties nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st


def begin(name: str) -> None:
    """Before the fields are drawn: empty them where the run before saved what stood there."""
    st.session_state.update(st.session_state.pop(f"{name}-leeren", {}))


def saved(name: str, **fields: Any) -> None:  # noqa: ANN401
    """The form was saved: its fields (``_`` stands for ``-``) get these values with the next run."""
    st.session_state[f"{name}-leeren"] = {key.replace("_", "-"): value for key, value in fields.items()}
