"""What a click has to say: a fault at once in its own sentence, what was done with the next run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from portalkompass.ui.components.text import plain
from portalkompass.workspace import WorkspaceError


@contextmanager
def told(*kinds: type[Exception]) -> Iterator[None]:
    """Faults of these kinds (without any: the workspace's) stand on the screen; the rest of the block is left out."""
    faults: tuple[type[Exception], ...] = kinds or (WorkspaceError,)
    try:
        yield
    except faults as fault:
        st.error(plain(str(fault)))


def say(key: str, sentence: str) -> None:
    """A sentence for the next run, where it calls ``said`` with the same key."""
    st.session_state[key] = sentence


def said(key: str) -> None:
    """The sentence of the run before, once."""
    if sentence := st.session_state.pop(key, ""):
        st.success(plain(sentence))
