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
    held = contents()
    if len(held) >= MOST:
        return False
    _keep((*held, exhibit))
    return True


def move(place: int, by: int) -> None:
    """Change places with the neighbour; at the ends nothing happens."""
    held, other = list(contents()), place + by
    if 0 <= other < len(held):
        held[place], held[other] = held[other], held[place]
        _keep(tuple(held))


def remove(place: int) -> None:
    """Take one out."""
    held = contents()
    _keep(held[:place] + held[place + 1 :])


def clear() -> None:
    """Take everything out."""
    _keep(())


def _keep(held: tuple[Exhibit, ...]) -> None:
    st.session_state[_KEY] = held
