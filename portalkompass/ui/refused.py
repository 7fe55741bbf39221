"""Refused proposals, newest first; each can be allowed again."""

from __future__ import annotations

import functools

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.ui import mapping_actions, page
from portalkompass.ui.reading import Reading
from portalkompass.ui.text import plain
from portalkompass.urls import path_of
from portalkompass.workspace import Refusal, refusals

CHOICE = "ablehnung-wahl"


def show(reading: Reading, site: str, choices: pd.DataFrame) -> None:
    """Nothing where nothing was refused; a person who refused by mistake finds the way back here."""
    known = list(reversed(refusals(reading.workspace, site)))
    told = st.session_state.get(mapping_actions.PLACE) == mapping_actions.REFUSED
    if not known and not told:
        return
    page.section("Abgelehnte Vorschläge")
    mapping_actions.report(mapping_actions.REFUSED)
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
        one = next((refusal for refusal in known if _key(refusal) == chosen), known[0])
        name = names.get(one.service_id, one.service_id)
        st.button(
            "Wieder vorschlagen",
            key="ablehnung-zuruecknehmen",
            on_click=functools.partial(mapping_actions.allow, reading, one, _subject(one), name),
        )


def _key(refusal: Refusal) -> str:
    return f"{refusal.source} {refusal.subject} {refusal.service_id}"


def _subject(refusal: Refusal) -> str:
    return path_of(refusal.subject) if refusal.source == "url" else refusal.subject


def _label(refusal: Refusal, names: dict[str, str]) -> str:
    """``/leistung/lastenrad → Hundesteuer (Ina, 17.12.2025)``."""
    day = f", {german.date(refusal.updated_at.date())}" if refusal.updated_at else ""
    name = names.get(refusal.service_id, refusal.service_id)
    return f"{_subject(refusal)} → {name} ({refusal.updated_by}{day})"
