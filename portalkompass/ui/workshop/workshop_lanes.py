"""Bahnen und Anker of a scenario: both editable, a changed lane with its reason; kept in the scenario."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.decision import CANDIDATE
from portalkompass.answers.workshop.scenario_book import with_lanes, with_new_anchors
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import page
from portalkompass.ui.workshop.workshop import Workshop, save
from portalkompass.workspace import Scenario

ONLY_OPEN = (
    "Bahnen und Anker gehören zu einem eigenen, offenen Szenario. Bitte unter „Szenarien“ eines speichern."
)


def show(workshop: Workshop) -> None:
    """Two tables with a button each; a locked scenario and a shipped preset stay as they are."""
    if not permissions.allowed("moderate"):
        return
    scenario = workshop.ground.basis.kept
    if scenario is None or scenario.locked:
        st.info(ONLY_OPEN)
        return
    _lanes(workshop, scenario)
    _anchors(workshop, scenario)


def _lanes(workshop: Workshop, scenario: Scenario) -> None:
    page.section("Bahnen")
    st.caption(
        "Die Bahn sagt, ob eine Leistung jetzt begonnen werden kann; sie ist kein Teil der Punktzahl. "
        "Wer eine Bahn ändert, nennt den Grund."
    )
    listed = scenario.services[scenario.services["list"] != CANDIDATE]
    rows = listed[["name", "lane", "lane_reason"]].rename_axis("service").reset_index()
    with st.form("bahnen-aendern", border=False):
        edited = st.data_editor(
            rows,
            hide_index=True,
            disabled=["service", "name"],
            column_order=["name", "lane", "lane_reason"],
            column_config={
                "name": "Leistung",
                "lane": st.column_config.SelectboxColumn("Bahn", options=service_list.LANES, required=True),
                "lane_reason": st.column_config.TextColumn("Grund", max_chars=500, width="large"),
            },
            height="content",
            key=f"bahnen-{scenario.id}-{scenario.version}",
        )
        pressed = st.form_submit_button("Bahnen speichern", type="primary")
    if pressed:
        lanes = {
            str(row["service"]): (str(row["lane"] or ""), str(row["lane_reason"] or ""))
            for row in edited.to_dict("records")
        }
        save(workshop, lambda: with_lanes(scenario, lanes), "Bahnen gespeichert.")


def _anchors(workshop: Workshop, scenario: Scenario) -> None:
    page.section("Anker")
    st.caption(
        "Am unteren Anker und darunter gibt ein Kriterium 0, am oberen und darüber 1 (bei „weniger ist besser“ "
        "umgekehrt). Anker stehen fest, damit eine weitere Leistung die Reihenfolge der anderen nicht ändert."
    )
    columns = ("id", "label", "unit", "lower", "upper")
    rows = pd.DataFrame(
        [
            {column: getattr(criterion, column) for column in columns}
            for criterion in workshop.ground.basis.criteria
            if criterion.scale != "ladder"
        ]
    )
    with st.form("anker-aendern", border=False):
        edited = st.data_editor(
            rows,
            hide_index=True,
            disabled=["id", "label", "unit"],
            column_order=["label", "lower", "upper", "unit"],
            column_config={
                "label": "Kriterium",
                "lower": st.column_config.NumberColumn("Unterer Anker", required=True, format="localized"),
                "upper": st.column_config.NumberColumn("Oberer Anker", required=True, format="localized"),
                "unit": "Einheit",
            },
            height="content",
            key=f"anker-{scenario.id}-{scenario.version}",
        )
        pressed = st.form_submit_button("Anker speichern", type="primary")
    if pressed:
        rows = edited.set_index("id")[["lower", "upper"]].astype("float64")
        anchors = {str(name): (lower, upper) for name, lower, upper in rows.itertuples(name=None)}
        save(workshop, lambda: with_new_anchors(scenario, anchors), "Anker gespeichert.")
