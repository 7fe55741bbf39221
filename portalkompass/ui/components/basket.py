"""The basket of the report: exhibits collected across screens, in the order in which they will be slides."""

from __future__ import annotations

import streamlit as st

from portalkompass.exhibit import Exhibit

MOST = 60
"""More slides than this nobody shows."""


def contents() -> tuple[Exhibit, ...]:
    """What was collected in this session, in order."""
    return tuple(_collected())


def add(exhibit: Exhibit) -> bool:
    """Put it last; False when the basket is full."""
    if len(_collected()) >= MOST:
        return False
    _collected().append(exhibit)
    return True


def move(place: int, by: int) -> None:
    """Change places with the neighbour; at the ends nothing happens."""
    collected, other = _collected(), place + by
    if 0 <= other < len(collected):
        collected[place], collected[other] = collected[other], collected[place]


def remove(place: int) -> None:
    """Take one out."""
    del _collected()[place : place + 1]


def clear() -> None:
    """Take everything out."""
    _collected().clear()


def _collected() -> list[Exhibit]:
    collected: list[Exhibit] = st.session_state.setdefault("bericht-korb", [])
    return collected
