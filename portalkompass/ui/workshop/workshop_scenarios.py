"""Scenarios and decisions: name, copy, compare, lock; decide per service; see an old ranking beside today's."""

from __future__ import annotations

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.decision import CRITERIA_FILE, basis, weighed
from portalkompass.answers.workshop.meeting.from_list import prefilled
from portalkompass.answers.workshop.plan import frozen
from portalkompass.answers.workshop.scenario_book import (
    audit_table,
    new_scenario,
    refreshed,
    then_and_today,
)
from portalkompass.answers.workshop.workshop_rows import beside_today, shift_chart
from portalkompass.prioritisation import PrioritisationError, load_criteria
from portalkompass.ui import reading
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.workshop import SAID, Workshop, save, who
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import (
    Scenario,
    Workspace,
    WorkspaceError,
    decisions,
    delete_scenario,
    lock_scenario,
    save_scenario,
    scenario_list,
)

NONE = "keine"
DECIDED = (
    "Auf diesem Stand beruhen Entscheidungen, deshalb bleibt er festgeschrieben. Für Änderungen unten eine Kopie "
    "unter neuem Namen speichern."
)


def show(workshop: Workshop) -> None:
    """The whole view; without a name changes stand in the audit as the moderation's."""
    scenario = workshop.ground.basis.kept
    if not permissions.allowed("moderate"):
        if scenario is None:
            workshop_start.measured(workshop)
        else:
            _then_and_today(workshop, scenario)
        _compare(workshop)
        return
    if scenario is not None:  # where there is none, the button that begins a workshop asks for the name
        author.ask()
    if scenario is not None:
        _then_and_today(workshop, scenario)
        _own(workshop, scenario)
    _save_as(workshop)
    _compare(workshop)
    _audit(workshop)


def _save_as(workshop: Workshop) -> None:
    page.section("Als eigenes Szenario speichern")
    with forms.fields("szenario-neu", {"szenario-name": "", "szenario-notiz": ""}):
        name = st.text_input("Name", max_chars=200, placeholder="z. B. Workshop Januar", key="szenario-name")
        note = st.text_input("Notiz", max_chars=500, key="szenario-notiz")
        pressed = st.button("Szenario speichern", type="primary", key="szenario-neu-fest")
    if pressed:
        save(
            workshop,
            lambda: _draft(workshop, name, note),
            f"Szenario „{name.strip()}“ gespeichert.",
            lambda: forms.saved("szenario-neu"),
        )


def _draft(workshop: Workshop, name: str, note: str) -> Scenario:
    """What is shown, under this name; one that begins here has what the lists say."""
    ground = workshop.ground
    draft = new_scenario(ground.question, ground.basis, workshop.chosen, name, note)
    return prefilled(ground.question, draft) if ground.basis.kept is None else draft


def _own(workshop: Workshop, scenario: Scenario) -> None:
    """The saved scenario: renew, lock, delete it, or take it along as files."""
    state = "festgeschrieben" if scenario.locked else "offen"
    page.section(f"„{plain(scenario.name)}“ ({state})")
    st.caption(
        plain(
            f"Datenstand {german.date(scenario.data_date) if scenario.data_date else german.MISSING} · Kriterien "
            f"{scenario.criteria_version} · App {scenario.app_version} · zuletzt geändert von {scenario.updated_by}"
            f"{f' · {scenario.note}' if scenario.note else ''}"
        )
    )
    resolved = decisions(workshop.reading.workspace, scenario.id)
    with st.container(horizontal=True):
        _changes(workshop, scenario, decided=bool(resolved))
    if scenario.locked and resolved:
        st.caption(DECIDED)


def _changes(workshop: Workshop, scenario: Scenario, *, decided: bool) -> None:
    workspace = workshop.reading.workspace
    shown = (workshop, scenario)
    if not scenario.locked:
        st.button("Messwerte auf heutigen Stand bringen", key="szenario-heute", on_click=_refresh, args=shown)
    if not (scenario.locked and decided):
        label = "Wieder öffnen" if scenario.locked else "Festschreiben"
        st.button(label, key="szenario-schloss", on_click=_turn_lock, args=shown)
    if not scenario.locked:
        asking.delete(
            f"Szenario „{scenario.name}“ mit Einschätzungen und Stimmen löschen? Das lässt sich nicht zurücknehmen.",
            "szenario-loeschen",
            _delete,
            (workspace, scenario),
        )


def _turn_lock(workshop: Workshop, scenario: Scenario) -> None:
    """Lock what was in sight, or open it again; where someone changed it since, it stays, and that is said."""
    with messages.told(WorkspaceError):
        ground = workshop.ground
        kept = {} if scenario.locked else frozen(ground.question, workshop.decision, ground.basis)
        lock_scenario(workshop.reading.workspace, scenario, who(), locked=not scenario.locked, frozen=kept)
        messages.say(SAID, "Wieder geöffnet." if scenario.locked else "Festgeschrieben.")


def _refresh(workshop: Workshop, scenario: Scenario) -> None:
    """Bring the figures of what was in sight up to date; moved sliders stay, because no weight is saved."""
    with messages.told(PrioritisationError, WarehouseError, WorkspaceError):
        question = reading.current().question(workshop.ground.question.filters)
        save_scenario(workshop.reading.workspace, refreshed(question, scenario), who())
        messages.say(SAID, "Messwerte sind auf dem heutigen Stand.")


def _delete(workspace: Workspace, scenario: Scenario) -> None:
    """Delete what was in sight; where someone changed it since, it stays, and that is said."""
    with messages.told(WorkspaceError):
        delete_scenario(workspace, scenario, who())
        messages.say(SAID, "Szenario gelöscht.")


def _then_and_today(workshop: Workshop, scenario: Scenario) -> None:
    page.section("Damals und heute")
    with messages.told(PrioritisationError):
        then, today = then_and_today(workshop.ground.question, scenario)
        workshop.draw(beside_today(workshop.ground.question, then, today))


def _compare(workshop: Workshop) -> None:
    own = workshop.ground.basis.name
    names = [str(name) for name in scenario_list(workshop.reading.workspace)["name"] if name != own]
    page.section("Mit einem anderen Szenario vergleichen")
    presets = load_criteria(workshop.reading.settings.data_file(CRITERIA_FILE)).presets
    others = [*names, *(preset.name for preset in presets if preset.name not in (own, *names))]
    other = st.selectbox("Vergleichen mit", [NONE, *others], key="vergleich-mit", filter_mode=None, width=420)
    if other == NONE:
        return
    with messages.told(PrioritisationError, WorkspaceError):
        before = weighed(basis(workshop.ground.question, other))
        exhibit = shift_chart(workshop.ground.question, before, workshop.decision)
        if exhibit is None:
            st.info("Die beiden Szenarien haben keine Leistung gemeinsam.")
        else:
            workshop.draw(exhibit)


def _audit(workshop: Workshop) -> None:
    with st.expander("Protokoll der Änderungen"):
        table = audit_table(workshop.ground.question)
        if table.frame.empty:
            st.caption("Noch wurde nichts geändert.")
        else:
            workshop.draw(table, heading="none")
