"""Assessing together on the moderator's screen: open a round, see where voices lie apart, ask again, take over."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.meeting.assessments import (
    Asked,
    Assessed,
    agreement_map,
    apart_table,
    assessed,
    content,
    ladders,
    outliers,
    take_over,
    waiting,
)
from portalkompass.answers.workshop.scenario_book import level_text
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import page
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.workshop.rounds import entrance
from portalkompass.ui.workshop.workshop import Workshop, act, who
from portalkompass.workspace import (
    Round,
    Scenario,
    agenda_of,
    assessment_rounds,
    ballots,
    close_round,
    open_assessment,
    voices,
)

MOST_SHOWN = 6
"""Cells that wait for a value, at a time."""
WIDE = 2
"""Steps apart from which a cell is proposed for another round."""


def show(workshop: Workshop, scenario: Scenario) -> bool:
    """The round that runs or the button that opens one, and what was said so far; whether anything was shown."""
    held = assessment_rounds(workshop.reading.workspace, scenario.id)
    running = next((one for one in held if one.is_open), None)
    leads = permissions.may("moderate") and not scenario.locked
    if running is not None and leads:
        if not (workshop.stage and running.shown):  # the room then talks about the result
            entrance.show(workshop, running)
        _watch(workshop, scenario, running)
        return True
    if leads and not held and not workshop.stage and ladders(workshop.decision):
        entrance.warn(workshop)
        if st.button("Stellen auf ihren Geräten einschätzen lassen", key="einschaetzung-auf", type="primary"):
            _open(workshop, scenario, None)
    return bool(held) and _result(workshop, scenario, leads=leads)


def _open(workshop: Workshop, scenario: Scenario, only: Asked | None, before: Round | None = None) -> None:
    """A new round on these cells, all of them without any; the one before ends."""
    workspace = workshop.reading.workspace
    agenda = agenda_of(workspace, scenario.id)
    criteria, asked = content(workshop.ground.question, workshop.decision, scenario, agenda, only)

    def begin() -> None:
        if before is not None and before.is_open:
            close_round(workspace, before, who())
        open_assessment(workspace, scenario, criteria, asked, who())

    act(begin, "Die Runde ist eröffnet.")


@st.fragment(run_every=entrance.SECONDS_BETWEEN_LOOKS)
def _watch(workshop: Workshop, scenario: Scenario, voting: Round) -> None:
    """How many take part, looked up anew; the buttons, and the result once it is shown."""
    workspace = workshop.reading.workspace
    held = assessment_rounds(workspace, scenario.id)
    now = next((newer for newer in held if newer.id == voting.id), voting)
    said = voices(workspace, now)
    with st.container(horizontal=True, key="stimmen"):
        st.metric("Geräte", german.number(len(ballots(workspace, now))), width="content")
        st.metric("Einschätzungen", german.number(int(said["value"].notna().sum())), width="content")
        st.metric("Weiß nicht", german.number(int(said["value"].isna().sum())), width="content")
    if not now.is_open:  # ended by another facilitator, or its time is over: what was said follows
        st.rerun(scope="app")
    with st.container(horizontal=True):
        entrance.result_button(workshop, now, "einschaetzung-zeigen", nothing=said.empty)
        if st.button("Runde beenden", key="einschaetzung-zu"):
            act(lambda: close_round(workspace, now, who()), "Die Runde ist beendet.")
    if now.shown:
        _result(workshop, scenario, leads=True)


def _result(workshop: Workshop, scenario: Scenario, *, leads: bool) -> bool:
    """Heat map, then the cells that wait for a value, the widest apart first; whether there was any of it."""
    question, decision = workshop.ground.question, workshop.decision
    found = assessed(question, decision, scenario, full=permissions.may("moderate"))
    if found is None or found.cells.empty:
        st.caption("Von den Runden ist keine Einschätzung gespeichert.")
        if found is not None and leads and not workshop.stage:
            _again(workshop, scenario, found)
        return False
    heat = agreement_map(question, decision, found)
    if heat is not None:
        workshop.draw(heat)
    talked = leads and _waiting(workshop, found)
    if workshop.stage:
        return heat is not None or talked
    if leads:
        _again(workshop, scenario, found)
    table = apart_table(question, decision, found)
    if table is not None:
        workshop.draw(table)
    return heat is not None or table is not None


def _waiting(workshop: Workshop, found: Assessed) -> bool:
    """Cells to talk about, with who speaks first, and the value that one click takes over; whether there are any."""
    cells = waiting(found)
    if cells.empty:
        st.caption("Alle Felder mit Stimmen sind übernommen.")
        return False
    page.section("Außenseiter sprechen zuerst")
    shown = cells.head(1 if workshop.stage else MOST_SHOWN)
    for row in shown.to_dict("records"):
        _cell(workshop, found, row)
    agreed = cells[(cells["apart"] == 0) & (cells["voices"] > 1)]
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"Alle einigen übernehmen ({len(agreed)})"
        if not (workshop.stage or agreed.empty) and st.button(label, key="einschaetzung-einige"):
            _take(workshop, found, agreed)
        if len(cells) > len(shown):
            more = german.count(len(cells) - len(shown), "weiteres Feld", "weitere Felder")
            st.caption(f"{more} danach.")
    return True


def _cell(workshop: Workshop, found: Assessed, row: Mapping[Hashable, Any]) -> None:
    criterion = found.criteria[row["criterion"]]
    middle = level_text(criterion, row["middle"])
    ends = [level_text(criterion, row[name]) for name in ("least", "most")]
    spread = f"alle „{ends[0]}“" if row["apart"] == 0 else f"„{ends[0]}“ bis „{ends[1]}“"
    unknown = f", {row['unknown']} weiß nicht" if row["unknown"] else ""
    name = f"{workshop.decision.names[row['service']]} · {criterion.label}"
    told = f"{german.count(row['voices'], 'Stimme', 'Stimmen')}{unknown}: {spread}"
    first = outliers(found, row)
    with st.container(border=True, key=f"feld-{row['service']}-{row['criterion']}"):
        if workshop.stage:
            st.title(plain(name), anchor=False)
            st.header(f":gray[{plain(told)}]", anchor=False)
        else:
            st.markdown(f"**{plain(name)}** {plain(told)}")
        if first:
            (st.header if workshop.stage else st.markdown)(plain(f"Spricht zuerst: {first}"))
        key = f"einschaetzung-nehmen-{row['service']}-{row['criterion']}"
        if st.button(plain(f"„{middle}“ übernehmen"), key=key):
            _take(workshop, found, _of(found, row))


def _of(found: Assessed, row: Mapping[Hashable, Any]) -> pd.DataFrame:
    this = pd.Series(
        [
            (service, criterion) == (row["service"], row["criterion"])
            for service, criterion in zip(found.cells["service"], found.cells["criterion"], strict=True)
        ],
        index=found.cells.index,
        dtype="bool",
    )
    return found.cells[this]


def _take(workshop: Workshop, found: Assessed, cells: pd.DataFrame) -> None:
    count = german.count(len(cells), "Einschätzung", "Einschätzungen")
    act(lambda: take_over(workshop.reading.workspace, found, cells, who()), f"{count} übernommen.")


def _again(workshop: Workshop, scenario: Scenario, found: Assessed) -> None:
    """Another round: on the cells that lie wide apart unless others are chosen."""
    cells = {
        f"{row['service']} {row['criterion']}": row
        for row in found.cells.to_dict("records")
        if row["apart"] or row["voices"] < 2  # noqa: PLR2004
    }
    names, labels = workshop.decision.names, workshop.decision.labels
    wide = [key for key, row in cells.items() if row["apart"] >= WIDE]
    number = len(found.rounds) + 1
    form, key = f"einschaetzung-runde {scenario.id} {number}", f"einschaetzung-felder-{number}"
    with forms.fields(form, {key: wide}, {key: cells}):
        chosen = st.multiselect(
            f"Runde {number} über",
            list(cells),
            format_func=lambda cell: f"{names[cells[cell]['service']]} · {labels[cells[cell]['criterion']]}",
            key=key,
            placeholder="alle Felder",
        )
    only: dict[str, list[str]] = {}
    for key in chosen:
        only.setdefault(cells[key]["service"], []).append(cells[key]["criterion"])
    if st.button(f"Runde {number} öffnen", key="einschaetzung-wieder"):
        _open(workshop, scenario, only or None, found.rounds[0])
