"""Refused proposals, newest first; each can be allowed again."""

from __future__ import annotations

import functools

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.ui.components import page
from portalkompass.ui.components.text import plain
from portalkompass.ui.links import link_actions
from portalkompass.ui.reading import Reading
from portalkompass.urls import path_of
from portalkompass.workspace import RejectedProposal, rejected_proposals

CHOICE = "ablehnung-wahl"


def show(reading: Reading, site: str, choices: pd.DataFrame) -> None:
    """Nothing where nothing was refused; a person who refused by mistake finds the way back here."""
    known = list(reversed(rejected_proposals(reading.workspace, site)))
    told = st.session_state.get(link_actions.PLACE) == link_actions.REFUSED
    if not known and not told:
        return
    page.section("Abgelehnte Vorschläge")
    link_actions.report(link_actions.REFUSED)
    if not known:
        return
    st.caption(
        plain(german.count(len(known), "Vorschlag wird", "Vorschläge werden") + " nicht mehr gezeigt.")
    )
    names = dict(zip(choices["service_id"], choices["name"], strict=True))
    labels = {_key(one): _label(one, names) for one in known}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Abgelehnter Vorschlag",
            list(labels),
            format_func=lambda key: labels.get(key, key),
            key=CHOICE,
            width=640,
        )
        one = next((rejected for rejected in known if _key(rejected) == chosen), known[0])
        name = names.get(one.service_id, one.service_id)
        st.button(
            "Wieder vorschlagen",
            key="ablehnung-zuruecknehmen",
            on_click=functools.partial(link_actions.allow, reading, one, _subject(one), name),
        )


def _key(rejected: RejectedProposal) -> str:
    return f"{rejected.source} {rejected.subject} {rejected.service_id}"


def _subject(rejected: RejectedProposal) -> str:
    return path_of(rejected.subject) if rejected.source == "url" else rejected.subject


def _label(rejected: RejectedProposal, names: dict[str, str]) -> str:
    """``/leistung/lastenrad → Hundesteuer (Ina, 17.12.2025)``."""
    day = f", {german.date(rejected.updated_at.date())}" if rejected.updated_at else ""
    name = names.get(rejected.service_id, rejected.service_id)
    return f"{_subject(rejected)} → {name} ({rejected.updated_by}{day})"
