"""Forms that keep what was typed until it is saved: a refused save empties nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st


def begin(name: str) -> None:
    """Before the fields are drawn: empty them where the run before saved what stood there; else what was typed before
    another view was open.

    The fields are no ``st.form``: the server would not know what is typed in one.
    """
    state = st.session_state
    if emptied := state.pop(f"{name}-leeren", {}):
        state.update(emptied)
        state.pop(_typed(name), None)
    for key, value in state.get(_typed(name), {}).items():
        state.setdefault(key, value)


def keep(name: str, *keys: str) -> None:
    """After the fields are drawn: keep what stands in those of these keys."""
    st.session_state[_typed(name)] = {key: st.session_state[key] for key in keys}


def saved(name: str, **fields: Any) -> None:  # noqa: ANN401
    """The form was saved: its fields (``_`` stands for ``-``) get these values with the next run."""
    st.session_state[f"{name}-leeren"] = {key.replace("_", "-"): value for key, value in fields.items()}


def _typed(name: str) -> str:
    return f"{name}-getippt"
