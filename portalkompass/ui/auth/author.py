"""Who writes: the name that stands beside every change in the workspace."""

from __future__ import annotations

import streamlit as st

from portalkompass.ui.auth import permissions

KEY, COPY = "kuerzel", "kuerzel-zuletzt"
"""The field, and what stood in it while it is not drawn."""
MISSING = "Bitte zuerst Ihren Namen oder Ihr Kürzel eintragen. Es wurde nichts gespeichert."


def ask() -> None:
    """A field for the name, remembered while the screen is open; signed-in people are known already."""
    if _signed_in():
        return
    if KEY not in st.session_state and COPY in st.session_state:
        st.session_state[KEY] = st.session_state[COPY]  # another screen was open in between
    st.session_state[COPY] = st.text_input(
        "Ihr Name oder Kürzel",
        key=KEY,
        max_chars=60,
        width=230,
        help="Steht im Protokoll neben jeder Änderung.",
    )


def name() -> str:
    """The signed-in name, else what was entered; "" before that."""
    return _signed_in() or str(st.session_state.get(KEY, st.session_state.get(COPY, ""))).strip()


def _signed_in() -> str:
    try:
        return permissions.person().name
    except permissions.NotAllowed:  # the write itself says so
        return ""
