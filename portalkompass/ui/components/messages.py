"""What a click has to say: a fault at once in its own sentence, what was done with the next run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from portalkompass.ui.components.text import plain
from portalkompass.workspace import WorkspaceError

COMMANDS = re.compile(r"python -m|\bsettings(\.local)?\.toml|PORTALKOMPASS_|Einstellung „")
_SENTENCES = re.compile(r"(?<=[.!?“])\s+(?=[A-ZÄÖÜ])")
SUPPORT = (
    "Bitte die Betreuung der Anwendung verständigen: Das Protokoll des Servers nennt den nächsten Schritt."
)
NOT_SET_UP = "Die Anwendung ist nicht richtig eingerichtet."


def in_a_browser(fault: str) -> str:
    """The fault without its sentences that name a command or a setting: who reads it here has neither.

    Instead it says who has; the command line and the log keep the whole of it.
    """
    sentences = _SENTENCES.split(fault)
    plain_words = [sentence for sentence in sentences if not COMMANDS.search(sentence)]
    if len(plain_words) == len(sentences):
        return fault
    return " ".join((*(plain_words or [NOT_SET_UP]), SUPPORT))


@contextmanager
def told(*kinds: type[Exception]) -> Iterator[None]:
    """Faults of these kinds (without any: the workspace's) stand on the screen; the rest of the block is left out."""
    faults: tuple[type[Exception], ...] = kinds or (WorkspaceError,)
    try:
        yield
    except faults as fault:
        st.error(plain(in_a_browser(str(fault))))


def say(key: str, sentence: str) -> None:
    """A sentence for the next run, where it calls ``said`` with the same key."""
    st.session_state[key] = sentence


def said(key: str) -> None:
    """The sentence of the run before, once."""
    if sentence := st.session_state.pop(key, ""):
        st.success(plain(sentence))
