"""Bahnen und Anker of a scenario: both editable, a changed lane with its reason; kept in the scenario."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.decision import CANDIDATE
from portalkompass.answers.workshop.scenario_book import with_lanes, with_new_anchors
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import page
from portalkompass.ui.workshop.workshop import Workshop, edited, save
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
    columns = {
        "name": "Leistung",
        "lane": st.column_config.SelectboxColumn("Bahn", options=service_list.LANES, required=True),
        "lane_reason": st.column_config.TextColumn("Grund", max_chars=500, width="large"),
    }
    changed = edited("bahnen", scenario, rows, columns, "Bahnen speichern", height="content")
    if changed is not None:
        lanes = {
            str(row["service"]): (str(row["lane"] or ""), str(row["lane_reason"] or ""))
            for row in changed.to_dict("records")
        }
        save(workshop, lambda: with_lanes(scenario, lanes), "Bahnen gespeichert.")


def _anchors(workshop: Workshop, scenario: Scenario) -> None:
    page.section("Anker")
    st.caption(
        "Am unteren Anker und darunter gibt ein Kriterium 0, am oberen und darüber 1 (bei „weniger ist besser“ "
        "umgekehrt). Anker stehen fest, damit eine weitere Leistung die Reihenfolge der anderen nicht ändert."
    )
    shown = {"id", "label", "unit", "lower", "upper"}
    criteria = [one for one in workshop.ground.basis.criteria if one.scale != "ladder"]
    rows = pd.DataFrame([criterion.model_dump(include=shown) for criterion in criteria])
    columns = {
        "label": "Kriterium",
        "lower": st.column_config.NumberColumn("Unterer Anker", required=True, format="localized"),
        "upper": st.column_config.NumberColumn("Oberer Anker", required=True, format="localized"),
        "unit": "Einheit",
    }
    changed = edited("anker", scenario, rows, columns, "Anker speichern", height="content")
    if changed is not None:
        rows = changed.set_index("id")[["lower", "upper"]].astype("float64")
        anchors = {str(name): (lower, upper) for name, lower, upper in rows.itertuples(name=None)}
        save(workshop, lambda: with_new_anchors(scenario, anchors), "Anker gespeichert.")
