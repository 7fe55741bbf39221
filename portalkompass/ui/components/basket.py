"""The basket of the report: exhibits collected across screens, in the order in which they will be slides."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portalkompass.exhibit import Exhibit

_KEY = "bericht-korb"
MOST = 60
"""More slides than this nobody shows."""


def contents() -> tuple[Exhibit, ...]:
    """What was collected in this session, in order."""
    state: Any = st.session_state
    return tuple(state.get(_KEY, ()))


def add(exhibit: Exhibit) -> bool:
    """Put it last; False when the basket is full."""
    collected = contents()
    if len(collected) >= MOST:
        return False
    st.session_state[_KEY] = (*collected, exhibit)
    return True


def move(place: int, by: int) -> None:
    """Change places with the neighbour; at the ends nothing happens."""
    collected, other = list(contents()), place + by
    if 0 <= other < len(collected):
        collected[place], collected[other] = collected[other], collected[place]
        st.session_state[_KEY] = tuple(collected)


def remove(place: int) -> None:
    """Take one out."""
    collected = contents()
    st.session_state[_KEY] = collected[:place] + collected[place + 1 :]


def clear() -> None:
    """Take everything out."""
    st.session_state[_KEY] = ()
