"""Single fields that several people fill: each is saved as soon as it is entered, and never over what was not seen.

A field is filled from what is stored, unless what its person entered is refused: then it keeps that, with both values
and the choice below it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portalkompass.ui.components.text import plain
from portalkompass.workspace import WorkspaceError

_NOTHING = object()
"""Not even an empty field was shown yet."""
Save = Callable[[Any, Any], None]
"""Save a value (second) where the first is still stored; WorkspaceError where it is not."""


def begin(key: str, stored: object, shown: Callable[[Any], Any] = lambda value: value) -> None:
    """Before the widget of that key is drawn: what it shows. ``shown`` makes the widget's value of the stored one."""
    state = st.session_state
    if key not in state:
        state.pop(_fault(key), None)  # the view was left in between
    if _fault(key) in state:
        state.setdefault(
            _seen(key), stored
        )  # what is told beside the entry; a newer one has to be seen first
        return
    if key not in state or state.get(_seen(key), _NOTHING) != stored:
        state[key] = shown(stored)
    state[_seen(key)] = stored


def entered(key: str, save: Save, value: Callable[[Any], Any] = lambda value: value) -> None:
    """Callback of the widget: save what was entered; ``value`` makes the stored value of the widget's."""
    state = st.session_state
    if key not in state:
        return
    try:
        save(state[_seen(key)], value(state[key]))
    except WorkspaceError as fault:
        state[_fault(key)] = str(fault)
        state.pop(_seen(key), None)
    else:
        state.pop(_fault(key), None)


def told(key: str, save: Save, value: Callable[[Any], Any] = lambda value: value) -> None:
    """Below the widget: why what was entered is not saved, and the choice between both values."""
    fault = st.session_state.get(_fault(key))
    if not fault:
        return
    st.error(plain(fault))
    with st.container(horizontal=True):
        st.button("Gespeichertes behalten", key=f"{key}-behalten", on_click=_give_up, args=(key,))
        st.button("Meine Eingabe speichern", key=f"{key}-meine", on_click=entered, args=(key, save, value))


def _give_up(key: str) -> None:
    """The next run fills the field from what is stored."""
    st.session_state.pop(_fault(key), None)
    st.session_state.pop(_seen(key), None)


def _seen(key: str) -> str:
    return f"{key}-gezeigt"


def _fault(key: str) -> str:
    return f"{key}-fehler"
