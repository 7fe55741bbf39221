"""The way into a round: code, QR code and address on the moderator's screen, and what keeps phones from reaching it."""

from __future__ import annotations

import io

import segno
import streamlit as st

from portalkompass.ui.components.text import plain
from portalkompass.ui.voting.voting_network import ONLY_HERE, WARNING, reach_fault, voting_address
from portalkompass.ui.workshop.workshop import Workshop, act, who
from portalkompass.workspace import Round, show_spread

SECONDS_BETWEEN_LOOKS = 3
AT_DESK, ON_STAGE = 220, 440
"""Pixels of the QR code; the last row scans it from the projector."""


def warn(workshop: Workshop) -> None:
    """Before a round opens: why no phone would reach it."""
    if fault := reach_fault(workshop.reading.settings, _own_address()):
        st.warning(plain(fault))


def show(workshop: Workshop, voting: Round) -> None:
    """Code, QR code and address of an open round."""
    settings = workshop.reading.settings
    address = f"{voting_address(settings, _own_address())}/w/{voting.code}"
    if settings.workshop_lan:
        st.warning(WARNING)
    elif not settings.login.wanted:
        st.info(ONLY_HERE)
    picture, words = st.columns([1, 2], vertical_alignment="center")
    picture.image(_qr(address), width=ON_STAGE if workshop.stage else AT_DESK)
    with words:
        st.title(voting.written_code, anchor=False)
        if workshop.stage:
            st.title(f"[{plain(address)}]({address})", anchor=False)
        else:
            st.markdown(f"[{plain(address)}]({address})")
        st.caption("Code eingeben oder QR-Code scannen; ohne Anmeldung, ohne Namen.")


def result_button(workshop: Workshop, voting: Round, key: str, *, nothing: bool) -> None:
    """Shows what was said so far, or covers it again; ``nothing``: nobody has said anything yet."""
    word = "Ergebnis verdecken" if voting.shown else "Ergebnis zeigen"
    if st.button(word, key=key, disabled=nothing):
        act(lambda: show_spread(workshop.reading.workspace, voting, who(), shown=not voting.shown))


def _own_address() -> str:
    """The address that this browser shows, without the screen."""
    return str(st.context.url or "http://localhost").split("/priorisierung")[0]


def _qr(address: str) -> str:
    """The address as a QR code (SVG text), on white whatever it is laid on."""
    text = io.BytesIO()
    segno.make(address, error="m").save(text, kind="svg", scale=6, border=4, xmldecl=False, light="#ffffff")
    return text.getvalue().decode("utf-8")
