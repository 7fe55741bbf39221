"""Who writes, without a login, is asked once a day and browser: a reload does not make the rest of it nameless."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from portalkompass.ui.auth import author, permissions
from portalkompass.ui.drafts import drafts

FORM = "kuerzel"


def begin() -> None:
    """Before the screen: the name that was entered in this browser today; a day later somebody else may sit there."""
    state = st.session_state
    if permissions.person().name or author.KEY in state or author.COPY in state:
        return
    kept = drafts.read(FORM)
    if kept.get("day") == _today():
        state[author.COPY] = kept["name"]


def keep() -> None:
    """After the screen."""
    if permissions.person().name or author.COPY not in st.session_state:
        return
    name = author.name()
    if name != drafts.read(FORM).get("name", ""):
        drafts.keep(FORM, {"name": name, "day": _today()} if name else {})


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
