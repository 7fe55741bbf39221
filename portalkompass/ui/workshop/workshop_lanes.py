"""Bahnen und Anker of a scenario: both editable, a changed lane with its reason; kept in the scenario."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.ranking_rows import criteria_table
from portalkompass.answers.workshop.scenario_book import lane_table
from portalkompass.answers.workshop.scenario_sheets import ANCHORS, LANES
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import page
from portalkompass.ui.editing import sheets
from portalkompass.ui.workshop.workshop import Workshop, who
from portalkompass.workspace import Scenario, Sheet


def show(workshop: Workshop) -> None:
    """Two tables to fill; of a preset, of a locked scenario and for readers they stand as they are."""
    scenario = workshop.ground.basis.kept
    if scenario is None or scenario.locked or not permissions.allowed("moderate"):
        question = workshop.ground.question
        workshop.draw(lane_table(question, workshop.decision))
        workshop.draw(criteria_table(question, workshop.decision))
        return
    author.ask()
    _lanes(workshop, scenario)
    _anchors(workshop, scenario)


def _lanes(workshop: Workshop, scenario: Scenario) -> None:
    page.section("Bahnen")
    st.caption(
        "Die Bahn sagt, ob eine Leistung jetzt begonnen werden kann; sie ist kein Teil der Punktzahl. "
        "Wer eine Bahn ändert, nennt den Grund."
    )
    columns = {
        "lane": st.column_config.SelectboxColumn("Bahn", options=service_list.LANES, required=True),
        "lane_reason": st.column_config.TextColumn("Grund", max_chars=500, width="large"),
    }
    sheets.show(_place(workshop, scenario, LANES), "Leistung", columns, height="content")


def _anchors(workshop: Workshop, scenario: Scenario) -> None:
    page.section("Anker")
    st.caption(
        "Am unteren Anker und darunter gibt ein Kriterium 0, am oberen und darüber 1 (bei „weniger ist besser“ "
        "umgekehrt). Anker stehen fest, damit eine weitere Leistung die Reihenfolge der anderen nicht ändert."
    )
    columns = {
        "lower": st.column_config.NumberColumn("Unterer Anker", required=True, format="localized"),
        "upper": st.column_config.NumberColumn("Oberer Anker", required=True, format="localized"),
    }
    units = pd.DataFrame({"Einheit": {one.id: one.unit for one in workshop.ground.basis.criteria}})
    sheets.show(_place(workshop, scenario, ANCHORS), "Kriterium", columns, units, height="content")


def _place(workshop: Workshop, scenario: Scenario, sheet: Sheet) -> sheets.Place:
    return sheets.Place(workshop.reading.workspace, scenario, sheet, who)
