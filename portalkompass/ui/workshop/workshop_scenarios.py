"""Scenarios and decisions: name, copy, compare, lock; decide per service; see an old ranking beside today's."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop import audit_paper
from portalkompass.answers.workshop.decision import CRITERIA_FILE, basis, weighed
from portalkompass.answers.workshop.ranking_export import ranking_exhibit
from portalkompass.answers.workshop.scenario_book import (
    audit_table,
    new_scenario,
    refreshed,
    then_and_today,
    workbook,
)
from portalkompass.answers.workshop.workshop_rows import beside_today, shift_chart
from portalkompass.answers.workshop.workshop_slides import TITLE, workshop_slides
from portalkompass.exhibit import Exhibit
from portalkompass.exports import files
from portalkompass.prioritisation import PrioritisationError, agreement, load_criteria
from portalkompass.slide_set import SlideSet
from portalkompass.ui import reading
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page, slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.editing import asking, forms
from portalkompass.ui.workshop import weights, workshop_decisions
from portalkompass.ui.workshop.workshop import SAID, Workshop, save, who
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import Decision as Resolution
from portalkompass.workspace import (
    Scenario,
    Workspace,
    WorkspaceError,
    decisions,
    delete_scenario,
    lock_scenario,
    opinions,
    rounds,
    save_scenario,
    scenario_list,
)

NONE = "keine"
DECIDED = (
    "Auf diesem Stand beruhen Entscheidungen, deshalb bleibt er festgeschrieben. Für Änderungen oben eine Kopie "
    "unter neuem Namen speichern."
)


def show(workshop: Workshop) -> None:
    """The whole view; without a name changes stand in the audit as the moderation's."""
    scenario = workshop.ground.basis.kept
    if not permissions.allowed("moderate"):
        if scenario is not None:
            _then_and_today(workshop, scenario)
        _compare(workshop)
        return
    author.ask()
    _save_as(workshop)
    if scenario is not None:
        _own(workshop, scenario)
        workshop_decisions.show(workshop, scenario)
        _then_and_today(workshop, scenario)
    _compare(workshop)
    _audit(workshop)


def _save_as(workshop: Workshop) -> None:
    page.section("Als eigenes Szenario speichern")
    forms.begin("szenario-neu")
    with st.form("szenario-neu", border=False):
        name = st.text_input("Name", max_chars=200, placeholder="z. B. Workshop Januar", key="szenario-name")
        note = st.text_input("Notiz", max_chars=500, key="szenario-notiz")
        pressed = st.form_submit_button("Szenario speichern", type="primary")
    if pressed:
        save(
            workshop,
            lambda: new_scenario(
                workshop.ground.question, workshop.ground.basis, workshop.chosen, name, note
            ),
            f"Szenario „{name.strip()}“ gespeichert.",
            lambda: forms.saved("szenario-neu", szenario_name="", szenario_notiz=""),
        )


def _own(workshop: Workshop, scenario: Scenario) -> None:
    """The saved scenario: renew, lock, delete it, or take it along as files."""
    state = "festgeschrieben" if scenario.locked else "offen"
    page.section(f"„{plain(scenario.name)}“ ({state})")
    st.caption(
        plain(
            f"Datenstand {german.date(scenario.data_date) if scenario.data_date else german.MISSING} · Kriterien "
            f"{scenario.criteria_version} · App {scenario.app_version} · zuletzt geändert von {scenario.updated_by} · "
            f"{scenario.note}"
        )
    )
    resolved = decisions(workshop.reading.workspace, scenario.id)
    with st.container(horizontal=True):
        _changes(workshop, scenario, decided=bool(resolved))
        _files(workshop, scenario, resolved)
    if scenario.locked and resolved:
        st.caption(DECIDED)


def _changes(workshop: Workshop, scenario: Scenario, *, decided: bool) -> None:
    workspace = workshop.reading.workspace
    if not scenario.locked and st.button(
        "Gewichte der Regler übernehmen", disabled=workshop.chosen is None, key="szenario-gewichte"
    ):
        new = {**dict(scenario.weights), **dict(workshop.chosen or {})}
        if weights.just_clashed():
            st.error(
                "Inzwischen wurden Gewichte gespeichert. Bitte oben beide Werte ansehen und noch einmal drücken."
            )
        else:
            save(workshop, lambda: replace(scenario, weights=new), "Gewichte übernommen.")
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
        lock_scenario(workshop.reading.workspace, scenario, who(), locked=not scenario.locked)
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


def _workbook_file(visitor: permissions.Visitor, sheets: Callable[[], Mapping[str, Exhibit]]) -> bytes:
    visitor.need("read")
    made = files.workbook_file(sheets())
    visitor.done("export", what="workshop", format="xlsx")
    return made


def _files(workshop: Workshop, scenario: Scenario, resolved: list[Resolution]) -> None:
    """Everything as a workbook, and the slides of the workshop: made when they are asked for."""
    settings, workspace = workshop.reading.settings, workshop.reading.workspace
    ground, decision = workshop.ground, workshop.decision
    voted = rounds(workspace, scenario.id)
    votes = agreement(*opinions(workspace, voted[0])) if voted else None
    st.download_button(
        "Alles als Excel-Datei",
        data=functools.partial(
            _workbook_file,
            permissions.visitor(),
            lambda: workbook(ground.question, ground.basis, decision, resolved, votes),
        ),
        file_name=f"{ranking_exhibit(ground.question, decision).file_stem}-mit-eingaben.xlsx",
        mime=files.XLSX_TYPE,
        on_click="ignore",
        key="szenario-excel",
    )
    empty = SlideSet(TITLE, (), (), decision.data_date, workshop.reading.warehouse.sample)
    slide_look.download(
        "Folien zum Workshop",
        settings,
        lambda: workshop_slides(ground, decision, resolved),
        empty.file_stem,
        "szenario-folien",
        disabled=not slide_look.usable(settings),
    )
    paper = audit_paper.blank(ground, decision)
    for form in ("docx", "pdf"):
        slide_look.download(
            f"Prüfunterlage ({slide_look.PAPERS[form]})",
            settings,
            lambda: audit_paper.audit_paper(ground, decision, resolved, votes),
            paper.file_stem,
            f"szenario-pruefunterlage-{form}",
            form=form,
        )


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
