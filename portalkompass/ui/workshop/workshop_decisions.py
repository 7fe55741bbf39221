"""What is decided on a service: opened with what is stored at that moment, never saved over a newer decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.meeting.promised import promised
from portalkompass.answers.workshop.plan import frozen
from portalkompass.answers.workshop.scenario_book import decision_table
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.workshop import Workshop, act, who
from portalkompass.workspace import (
    DECIDED,
    DECISIONS,
    Decision,
    Entry,
    Scenario,
    StaleEdit,
    WorkspaceError,
    decide,
    decisions,
    drafts_of,
    keep_draft,
    withdraw,
)

NONE = "keine"
MEANING = (
    "Mit der ersten Entscheidung wird das Szenario mit Gewichten, Einschätzungen und Plan festgeschrieben. Ein "
    "Beschluss hält fest, was dann zu erwarten ist; unter „Wirkung → Prognosen“ steht später, was davon eintraf."
)
SHEET = "entscheidung"
SERVICE, WORD, REASON, DAY = (
    "entscheidung-leistung",
    "entscheidung-wort",
    "entscheidung-grund",
    "entscheidung-tag",
)
AGAIN, ONWARD = "entscheidung-trotzdem", "entscheidung-weiter"
OPENED = "entscheidung-offen"
"""Which service's form is open and whose, and the number and version of its decision when it was opened."""


def show(workshop: Workshop) -> None:
    """The decisions so far, and the form of one service; without a workshop the measured ranking."""
    scenario = workshop.ground.basis.kept
    if scenario is None:
        workshop_start.measured(workshop)
        return
    resolved = {one.service_id: one for one in decisions(workshop.reading.workspace, scenario.id)}
    if workshop.stage:
        _large(workshop, resolved)
        return
    exhibit = decision_table(workshop.ground.question, workshop.decision, list(resolved.values()))
    if permissions.allowed("moderate"):
        author.ask()
        with st.container(border=True, key="entscheidung"):
            _form(workshop, scenario, resolved)
            st.caption(MEANING)
    elif exhibit is None:
        workshop_start.measured(workshop)
    if exhibit is not None:
        workshop.draw(exhibit)


def _large(workshop: Workshop, resolved: Mapping[str, Decision]) -> None:
    """What was decided, in letters for the last row; below it in grey what is still open."""
    names = workshop.decision.names
    for service in sorted(names, key=lambda service: service not in resolved):
        one, name = resolved.get(service), names[service]
        word = f":gray[{plain(name)}: noch offen]" if one is None else f"{plain(name)}: {one.decision}"
        st.header(word, anchor=False)
        if one is not None and one.reason:
            st.header(f":gray[{plain(one.reason)}]", anchor=False)


def _form(workshop: Workshop, scenario: Scenario, resolved: Mapping[str, Decision]) -> None:
    names = workshop.decision.names
    drafts = drafts_of(workshop.reading.workspace, scenario.id, SHEET)
    first = _first(workshop, names, resolved, drafts)
    if st.session_state.pop(ONWARD, False) and first is not None:
        st.session_state[SERVICE] = list(names)[first]
    service: str | None = pick(
        "Leistung",
        names,
        SERVICE,
        index=first,
        placeholder="Bitte eine Leistung wählen",
        filter_mode=None,
    )
    if service is None:
        return
    stored = resolved.get(service)
    entries = drafts.get(service, {})
    draft = entries.get(who())
    base = _opened(workshop, scenario, service, stored, entries)
    jot: dict[str, Any] = {"on_change": _jot, "args": (workshop, scenario, service)}
    st.radio("Entscheidung", [*DECISIONS, NONE], index=None, horizontal=True, key=WORD, **jot)
    st.text_input("Grund", max_chars=500, key=REASON, **jot)
    st.date_input("Am", format="DD.MM.YYYY", key=DAY, **jot)
    pressed = st.button("Entscheidung festhalten", type="primary", key="entscheidung-fest")
    if st.session_state.pop(AGAIN, False) or pressed:
        _save(workshop, scenario, service, base)
    if draft is not None:
        st.caption(plain(f"{_from(draft)}: noch nicht festgehalten."))
    _others(names, drafts)
    if base != _version(stored):
        _both(workshop, scenario, service, stored)


def _first(
    workshop: Workshop,
    names: Mapping[str, str],
    resolved: Mapping[str, Decision],
    drafts: Mapping[str, Mapping[str, Entry]],
) -> int | None:
    """Where the form begins: with what this person entered and did not save, else with the first of those that can
    start and are undecided; else nowhere.
    """
    begun = [service for service, entries in drafts.items() if service in names and who() in entries]
    if begun:
        return list(names).index(begun[0])
    ranking = workshop.decision.ranking
    ready = ranking.loc[ranking["lane"] == service_list.LANES[0], "service_id"].tolist()
    undecided = [service for service in ready if service not in resolved]
    return list(names).index(undecided[0]) if undecided else None


def _version(decision: Decision | None) -> tuple[int, int]:
    """Number and version of a decision; zeros while there is none."""
    return (decision.id, decision.version) if decision else (0, 0)


def _opened(
    workshop: Workshop,
    scenario: Scenario,
    service: str,
    stored: Decision | None,
    entries: Mapping[str, Entry],
) -> tuple[int, int]:
    """What was stored when the form was opened. Opening it fills the fields: from a draft, else from the decision.

    An untouched form follows what is stored; one with entries stands on what they were made on. Whoever enters
    another name keeps what stands in the form, unless there is a draft of that name.
    """
    state, person = st.session_state, who()
    here = (scenario.id, service)
    opened: dict[str, Any] = state.get(OPENED) or {"here": None, "person": None}
    same = opened["here"] == here and WORD in state
    if same and (person not in entries or opened["person"] == person):
        if opened["person"] not in entries:
            opened["person"] = person
        return cast(tuple[int, int], opened["base"])
    draft = entries[person].value if person in entries else {}
    base = tuple(draft["base"]) if draft else _version(stored)
    today = workshop.reading.settings.current_day()
    state[WORD] = draft["word"] if draft else stored.decision if stored else None
    state[REASON] = draft["reason"] if draft else stored.reason if stored else ""
    state[DAY] = dt.date.fromisoformat(draft["day"]) if draft else stored.decided_on if stored else today
    state[OPENED] = {"here": here, "base": base, "person": person}
    return base


def _jot(workshop: Workshop, scenario: Scenario, service: str) -> None:
    """Keep what was entered in the workspace: neither a reload nor another view loses it."""
    state = st.session_state
    day = state[DAY] if isinstance(state[DAY], dt.date) else workshop.reading.settings.current_day()
    content = {
        "word": state[WORD],
        "reason": state[REASON],
        "day": day.isoformat(),
        "base": list(state[OPENED]["base"]),
    }
    workspace, opened, person = workshop.reading.workspace, state[OPENED], who()
    with messages.told(WorkspaceError):
        keep_draft(workspace, scenario.id, SHEET, service, content, person)
        if opened["person"] != person:  # begun under another name: it goes along
            keep_draft(workspace, scenario.id, SHEET, service, {}, opened["person"])
            opened["person"] = person


def _forget(workshop: Workshop, scenario: Scenario, service: str) -> None:
    """The person's draft is saved or given up; the form opens anew with what is stored."""
    opened = st.session_state.pop(OPENED, {"person": who()})
    for name in {opened["person"], who()}:
        keep_draft(workshop.reading.workspace, scenario.id, SHEET, service, {}, name)


def _others(names: Mapping[str, str], drafts: Mapping[str, Mapping[str, Entry]]) -> None:
    """What others have entered and not saved, a sentence for each."""
    own = {who(), st.session_state[OPENED]["person"]}
    for service, entries in drafts.items():
        for entry in entries.values():
            if entry.who in own or service not in names:
                continue
            reason = f" ({entry.value['reason']})" if entry.value["reason"] else ""
            word = entry.value["word"] or "noch ohne Entscheidung"
            st.caption(plain(f"{_from(entry)}, zu „{names[service]}“: {word}{reason}; nicht festgehalten."))


def _from(draft: Entry) -> str:
    return f"Entwurf von {draft.who}, {draft.at.astimezone():%H:%M}"


def _save(workshop: Workshop, scenario: Scenario, service: str, base: tuple[int, int]) -> None:
    state, name = st.session_state, workshop.decision.names[service]
    word, reason, day = state[WORD], str(state[REASON]).strip(), state[DAY]
    if word is None or not isinstance(day, dt.date):
        st.error("Bitte eine Entscheidung und den Tag angeben.")
        return
    workspace = workshop.reading.workspace
    draft = Decision(scenario.id, service, word, day, reason, id=base[0], version=base[1])

    def write() -> None:
        if word != NONE:
            ground = workshop.ground
            kept = {} if scenario.locked else frozen(ground.question, workshop.decision, ground.basis)
            told = promised(ground.question, ground.basis, service)
            decide(workspace, draft, who(), kept, told if word == DECIDED else None)
        elif base[0]:
            withdraw(workspace, draft, who())
        _forget(workshop, scenario, service)
        state[ONWARD] = word != NONE  # the form then begins with the next one

    def told() -> None:
        try:
            write()
        except StaleEdit as fault:  # by its name; both decisions are shown below
            by = fault.theirs.updated_by if fault.theirs else ""
            raise WorkspaceError(
                f"Zu „{name}“ hat {by or 'jemand anderes'} inzwischen anders entschieden. Es wurde nichts gespeichert."
            ) from fault

    act(told, f"{name}: {word}." if word != NONE else f"{name}: Entscheidung zurückgenommen.")


def _both(workshop: Workshop, scenario: Scenario, service: str, stored: Decision | None) -> None:
    """What someone else decided meanwhile beside what stands in the form, and the choice."""
    state = st.session_state
    entered = [state[WORD] or "", str(state[REASON]), state[DAY]]
    kept: list[Any] = (
        ["", "", None] if stored is None else [stored.decision, stored.reason, stored.decided_on]
    )
    by = (
        "jemand hat sie zurückgenommen"
        if stored is None
        else f"von {stored.updated_by}, {stored.updated_at.astimezone():%H:%M}"
        if stored.updated_at
        else f"von {stored.updated_by}"
    )
    with st.container(border=True, key="entscheidung-widerspruch"):
        st.warning(plain(f"Inzwischen wurde anders entschieden ({by}). Ihre Eingabe ist nicht gespeichert."))
        rows = {
            label: (plain(_text(mine)), plain(_text(theirs)))
            for label, mine, theirs in zip(("Entscheidung", "Grund", "Am"), entered, kept, strict=True)
        }
        columns = ["Ihre Eingabe", "Gespeichert ist"]
        st.table(pd.DataFrame.from_dict(rows, orient="index", columns=columns))
        with st.container(horizontal=True):
            st.button(
                "Gespeichertes behalten",
                key="entscheidung-behalten",
                on_click=_forget,
                args=(workshop, scenario, service),
            )
            st.button(
                "Meine Eingabe speichern",
                key="entscheidung-meine",
                on_click=_insist,
                args=(_version(stored),),
            )


def _insist(seen: tuple[int, int]) -> None:
    """Save what was entered over the decision that was shown beside it; a still newer one is shown again."""
    st.session_state[OPENED]["base"] = seen
    st.session_state[AGAIN] = True


def _text(value: object) -> str:
    return german.date(value) if isinstance(value, dt.date) else str(value or german.MISSING)
