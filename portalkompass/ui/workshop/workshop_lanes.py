"""Bahnen und Anker of a scenario: both editable, a changed lane with its reason; kept in the scenario."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.decision import CANDIDATE
from portalkompass.answers.workshop.scenario_book import with_lanes, with_new_anchors
from portalkompass.prioritisation import PrioritisationError
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import page
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop.workshop import Workshop, say, who
from portalkompass.workspace import Scenario, WorkspaceError, save_scenario

ONLY_OPEN = (
    "Bahnen und Anker gehören zu einem eigenen, offenen Szenario. Bitte unter „Szenarien“ eines speichern."
)


def show(workshop: Workshop) -> None:
    """Two tables with a button each; a locked scenario and a shipped preset stay as they are."""
    if not permissions.may("moderate"):
        permissions.hint("moderate")
        return
    kept = workshop.ground.basis.kept
    if kept is None or kept.locked:
        st.info(ONLY_OPEN)
        return
    _lanes(workshop, kept)
    _anchors(workshop, kept)


def _lanes(workshop: Workshop, kept: Scenario) -> None:
    page.section("Bahnen")
    st.caption(
        "Die Bahn sagt, ob eine Leistung jetzt begonnen werden kann; sie ist kein Teil der Punktzahl. "
        "Wer eine Bahn ändert, nennt den Grund."
    )
    listed = kept.services[kept.services["list"] != CANDIDATE]
    rows = listed[["name", "lane", "lane_reason"]].rename_axis("service").reset_index()
    with st.form("bahnen-aendern", border=False):
        edited = st.data_editor(
            rows,
            hide_index=True,
            disabled=["service", "name"],
            column_order=["name", "lane", "lane_reason"],
            column_config={
                "name": st.column_config.TextColumn("Leistung"),
                "lane": st.column_config.SelectboxColumn(
                    "Bahn", options=list(service_list.LANES), required=True
                ),
                "lane_reason": st.column_config.TextColumn("Grund", max_chars=500, width="large"),
            },
            height="content",
            key=f"bahnen-{kept.id}-{kept.version}",
        )
        pressed = st.form_submit_button("Bahnen speichern", type="primary")
    if pressed:
        lanes = {
            str(row["service"]): (str(row["lane"] or ""), str(row["lane_reason"] or ""))
            for row in edited.to_dict("records")
        }
        try:
            save_scenario(workshop.reading.workspace, with_lanes(kept, lanes), who())
        except WorkspaceError as fault:
            st.error(plain(str(fault)))
            return
        say("Bahnen gespeichert.")
        st.rerun()


def _anchors(workshop: Workshop, kept: Scenario) -> None:
    page.section("Anker")
    st.caption(
        "Am unteren Anker und darunter gibt ein Kriterium 0, am oberen und darüber 1 (bei „weniger ist besser“ "
        "umgekehrt). Anker stehen fest, damit eine weitere Leistung die Reihenfolge der anderen nicht ändert."
    )
    criteria = [one for one in workshop.ground.basis.criteria if one.scale != "ladder"]
    rows = pd.DataFrame(
        [
            {"id": one.id, "label": one.label, "unit": one.unit, "lower": one.lower, "upper": one.upper}
            for one in criteria
        ]
    )
    with st.form("anker-aendern", border=False):
        edited = st.data_editor(
            rows,
            hide_index=True,
            disabled=["id", "label", "unit"],
            column_order=["label", "lower", "upper", "unit"],
            column_config={
                "label": st.column_config.TextColumn("Kriterium"),
                "lower": st.column_config.NumberColumn("Unterer Anker", required=True, format="localized"),
                "upper": st.column_config.NumberColumn("Oberer Anker", required=True, format="localized"),
                "unit": st.column_config.TextColumn("Einheit"),
            },
            height="content",
            key=f"anker-{kept.id}-{kept.version}",
        )
        pressed = st.form_submit_button("Anker speichern", type="primary")
    if pressed:
        anchors = {
            str(row["id"]): (float(row["lower"]), float(row["upper"])) for row in edited.to_dict("records")
        }
        try:
            save_scenario(workshop.reading.workspace, with_new_anchors(kept, anchors), who())
        except (PrioritisationError, WorkspaceError) as fault:
            st.error(plain(str(fault)))
            return
        say("Anker gespeichert.")
        st.rerun()
