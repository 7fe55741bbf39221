"""Rejected proposals, newest first; each can be allowed again."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.ui.components import page
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.links import link_actions
from portalkompass.ui.links.link_actions import pattern_of
from portalkompass.ui.reading import Reading
from portalkompass.workspace import RejectedProposal, rejected_proposals


def show(reading: Reading, site: str, choices: pd.DataFrame) -> None:
    """Nothing where nothing was rejected; a person who rejected by mistake finds the way back here."""
    proposals = rejected_proposals(reading.workspace, site)[::-1]
    told = st.session_state.get(link_actions.PLACE) == link_actions.REJECTED
    if not proposals and not told:
        return
    page.section("Abgelehnte Vorschläge")
    link_actions.report(link_actions.REJECTED)
    if not proposals:
        return
    count = german.count(len(proposals), "Vorschlag wird", "Vorschläge werden")
    st.caption(plain(f"{count} nicht mehr gezeigt."))
    names = dict(zip(choices["service_id"], choices["name"], strict=True))
    labels = {proposal: _label(proposal, names) for proposal in proposals}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = pick("Abgelehnter Vorschlag", labels, "ablehnung-wahl", width=640)
        proposal = chosen if chosen in labels else proposals[0]
        name = names.get(proposal.service_id, proposal.service_id)
        st.button(
            "Wieder vorschlagen",
            key="ablehnung-zuruecknehmen",
            on_click=link_actions.allow,
            args=(reading, proposal, pattern_of(proposal), name),
        )


def _label(rejected: RejectedProposal, names: dict[str, str]) -> str:
    """``/leistung/lastenrad → Hundesteuer (Ina, 17.12.2025)``."""
    day = f", {german.date(rejected.updated_at.date())}" if rejected.updated_at else ""
    name = names.get(rejected.service_id, rejected.service_id)
    return f"{pattern_of(rejected)} → {name} ({rejected.updated_by}{day})"
