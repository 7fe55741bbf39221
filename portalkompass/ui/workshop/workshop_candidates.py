"""Als Kandidat aufnehmen: what many look for and is not on the list joins the scenario, in a lane of its own."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.scenario_book import (
    candidates,
    measured_values,
    with_candidate,
)
from portalkompass.ui import reading
from portalkompass.ui.auth import permissions
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.links.link_actions import by_name
from portalkompass.ui.workshop.workshop import Workshop, act, who
from portalkompass.urls import path_of
from portalkompass.workspace import (
    Scenario,
    ServiceLink,
    add_link,
    extra_services,
    save_scenario,
)


def show(workshop: Workshop) -> None:
    """Choose one of the rows above and take it up; a page becomes a service without status by this."""
    rows = candidates(workshop.ground.candidates, workshop.ground.basis)
    if rows.empty or not permissions.may("moderate"):
        return
    scenario = workshop.ground.basis.kept
    if scenario is None or scenario.locked:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {place: f"{row['name']} ({row['kind']})" for place, row in rows.to_dict("index").items()}
        place = pick("Kandidat", names, "kandidat", filter_mode=None, width=520)
        pressed = st.button("Als Kandidat aufnehmen", key="kandidat-aufnehmen")
    if pressed and place is not None:
        _take_up(workshop, scenario, rows.to_dict("index")[place])


def _take_up(workshop: Workshop, scenario: Scenario, row: dict[Hashable, Any]) -> None:
    service, name = str(row["service_id"] or ""), str(row["name"])
    target = "ohne_status"
    if not service:
        target, service, name = by_name(name, _known(workshop))
    if target == "leistung":
        st.error(plain(f"„{name}“ steht schon auf der Liste; die Seite bitte unter „Zuordnung“ zuordnen."))
        return
    workspace = workshop.reading.workspace

    def write() -> None:
        if not row["service_id"]:
            link = ServiceLink(target, "url", "exact", path_of(str(row["url"])), service, name)
            add_link(workspace, link, who())
        # asked anew: a page that has just become a service is measured as one
        question = reading.current().question(workshop.ground.question.filters)
        taken = with_candidate(scenario, service, name, measured_values(question, scenario, service))
        save_scenario(workspace, taken, who())

    act(write, f"„{name}“ ist als Kandidat aufgenommen; unter den anstehenden Leistungen zählt er nicht.")


def _known(workshop: Workshop) -> pd.DataFrame:
    """service_id, name, target of the services that a page's name may meet: the list's and those added."""
    now = workshop.reading
    listed = service_list.services(now.warehouse, now.settings)
    without_status = listed["list"] == service_list.WITHOUT_STATUS
    listed = listed.assign(target=without_status.map({True: "ohne_status", False: "leistung"}))
    listed = listed.rename(columns={"service": "service_id"})[["service_id", "name", "target"]]
    added = extra_services(now.workspace).assign(target="ohne_status")
    return pd.concat([listed, added], ignore_index=True)
