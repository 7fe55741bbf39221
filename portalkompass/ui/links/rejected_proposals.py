"""Rejected proposals, newest first; each can be allowed again."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.ui.components import page
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.links import link_actions
from portalkompass.ui.reading import Reading
from portalkompass.urls import path_of
from portalkompass.workspace import RejectedProposal, rejected_proposals

CHOICE = "ablehnung-wahl"


def show(reading: Reading, site: str, choices: pd.DataFrame) -> None:
    """Nothing where nothing was rejected; a person who rejected by mistake finds the way back here."""
    by_key = {_key(proposal): proposal for proposal in reversed(rejected_proposals(reading.workspace, site))}
    told = st.session_state.get(link_actions.PLACE) == link_actions.REJECTED
    if not by_key and not told:
        return
    page.section("Abgelehnte Vorschläge")
    link_actions.report(link_actions.REJECTED)
    if not by_key:
        return
    st.caption(
        plain(german.count(len(by_key), "Vorschlag wird", "Vorschläge werden") + " nicht mehr gezeigt.")
    )
    names = dict(zip(choices["service_id"], choices["name"], strict=True))
    labels = {key: _label(proposal, names) for key, proposal in by_key.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        proposal = by_key.get(
            pick("Abgelehnter Vorschlag", labels, CHOICE, width=640), next(iter(by_key.values()))
        )
        name = names.get(proposal.service_id, proposal.service_id)
        st.button(
            "Wieder vorschlagen",
            key="ablehnung-zuruecknehmen",
            on_click=link_actions.allow,
            args=(reading, proposal, _subject(proposal), name),
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
