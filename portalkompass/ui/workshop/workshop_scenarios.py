"""Scenarios and decisions: name, copy, compare, lock; decide per service; see an old ranking beside today's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.audit_table import audit_table
from portalkompass.answers.workshop.decision import CRITERIA_FILE, basis, weighed
from portalkompass.answers.workshop.scenario_book import (
    decision_table,
    new_scenario,
    refreshed,
    then_and_today,
    workbook,
)
from portalkompass.answers.workshop.then_and_today import beside_today
from portalkompass.answers.workshop.workshop_rows import shift_chart
from portalkompass.answers.workshop.workshop_slides import workshop_slides
from portalkompass.exports import files
from portalkompass.prioritisation import PrioritisationError, agreement, load_criteria
from portalkompass.slide_set import SlideSet
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import exhibits, page, slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop.workshop import Workshop, go_to, say, who
from portalkompass.workspace import (
    DECISIONS,
    Decision,
    Scenario,
    WorkspaceError,
    ballots,
    decide,
    decisions,
    delete_scenario,
    lock_scenario,
    rounds,
    save_scenario,
    scenario_list,
    withdraw,
)

NONE = "keine"
DECIDED = (
    "Auf diesem Stand beruhen Entscheidungen, deshalb bleibt er festgeschrieben. Für Änderungen oben eine Kopie "
    "unter neuem Namen speichern."
)


def show(workshop: Workshop) -> None:
    """The whole view; without a name changes stand in the audit as the moderation's."""
    kept = workshop.ground.basis.kept
    if not permissions.may("moderate"):
        permissions.hint("moderate")
        if kept is not None:
            _then_and_today(workshop, kept)
        _compare(workshop)
        return
    author.ask()
    _save_as(workshop)
    if kept is not None:
        _kept(workshop, kept)
        _decide(workshop, kept)
        _then_and_today(workshop, kept)
    _compare(workshop)
    _audit(workshop)


def _save_as(workshop: Workshop) -> None:
    page.section("Als eigenes Szenario speichern")
    with st.form("szenario-neu", border=False, clear_on_submit=True):
        name = st.text_input("Name", max_chars=200, placeholder="z. B. Workshop Januar", key="szenario-name")
        note = st.text_input("Notiz", max_chars=500)
        pressed = st.form_submit_button("Szenario speichern", type="primary")
    if pressed:
        draft = new_scenario(workshop.ground.question, workshop.ground.basis, workshop.chosen, name, note)
        _write(workshop, draft, f"Szenario „{name.strip()}“ gespeichert.")


def _kept(workshop: Workshop, kept: Scenario) -> None:
    state = "festgeschrieben" if kept.locked else "offen"
    page.section(f"„{plain(kept.name)}“ ({state})")
    st.caption(
        plain(
            f"Datenstand {german.date(kept.data_date) if kept.data_date else german.MISSING} · Kriterien "
            f"{kept.criteria_version} · App {kept.app_version} · zuletzt geändert von {kept.updated_by} · {kept.note}"
        )
    )
    with st.container(horizontal=True):
        if not kept.locked and st.button(
            "Gewichte der Regler übernehmen", disabled=workshop.chosen is None, key="szenario-gewichte"
        ):
            weights = {**dict(kept.weights), **dict(workshop.chosen or {})}
            _write(workshop, _with_weights(kept, weights), "Gewichte übernommen.")
        if not kept.locked and st.button("Messwerte auf heutigen Stand bringen", key="szenario-heute"):
            _write(
                workshop, refreshed(workshop.ground.question, kept), "Messwerte sind auf dem heutigen Stand."
            )
        resolved = decisions(workshop.reading.workspace, kept.id)
        label = "Wieder öffnen" if kept.locked else "Festschreiben"
        if not (kept.locked and resolved) and st.button(label, key="szenario-schloss"):
            _act(
                functools.partial(
                    lock_scenario, workshop.reading.workspace, kept, who(), locked=not kept.locked
                ),
                label,
            )
        if not kept.locked and st.button("Löschen", key="szenario-loeschen"):
            _act(
                functools.partial(delete_scenario, workshop.reading.workspace, kept, who()),
                "Szenario gelöscht",
            )
        voted = rounds(workshop.reading.workspace, kept.id)
        votes = agreement(ballots(workshop.reading.workspace, voted[0])) if voted else None
        sheets = workbook(workshop.ground.question, workshop.ground.basis, workshop.decision, resolved, votes)
        st.download_button(
            "Alles als Excel-Datei",
            data=functools.partial(files.workbook_file, sheets),
            file_name=f"{sheets['Reihenfolge'].file_stem}-mit-eingaben.xlsx",
            mime=files.XLSX_TYPE,
            on_click="ignore",
            key="szenario-excel",
        )
        slides = workshop_slides(workshop.ground, workshop.decision, resolved)
        st.download_button(
            "Folien zum Workshop",
            data=functools.partial(_slides, workshop, slides),
            file_name=f"{slides.file_stem}.pptx",
            mime=files.PPTX_TYPE,
            on_click="ignore",
            key="szenario-folien",
            disabled=not slide_look.usable(workshop.reading.settings),
        )

    if kept.locked and resolved:
        st.caption(DECIDED)


def _slides(workshop: Workshop, slides: SlideSet) -> bytes:
    return files.deck_file(slides, slide_look.look(workshop.reading.settings))


def _with_weights(kept: Scenario, weights: dict[str, float]) -> Scenario:
    return replace(kept, weights=weights)


def _decide(workshop: Workshop, kept: Scenario) -> None:
    page.section("Entscheidungen")
    st.caption("Mit der ersten Entscheidung wird das Szenario festgeschrieben.")
    names, workspace = workshop.decision.names, workshop.reading.workspace
    known = {one.service_id: one for one in decisions(workspace, kept.id)}
    exhibit = decision_table(workshop.ground.question, workshop.decision, list(known.values()))
    if exhibit is not None:
        exhibits.draw(workshop.answered(extra=exhibit), exhibit)
    with st.form("entscheidung", border=True):
        service = st.selectbox(
            "Leistung",
            list(names),
            format_func=lambda one: names.get(one, one),
            key="entscheidung-leistung",
            filter_mode=None,
        )
        word = st.radio("Entscheidung", [*DECISIONS, NONE], horizontal=True, key="entscheidung-wort")
        reason = st.text_input("Grund", max_chars=500, key="entscheidung-grund")
        day = st.date_input(
            "Am", workshop.reading.settings.current_day(), format="DD.MM.YYYY", key="entscheidung-tag"
        )
        pressed = st.form_submit_button("Entscheidung festhalten", type="primary")
    if not pressed:
        return
    before = known.get(service)
    if word == NONE:
        if before is not None:
            _act(functools.partial(withdraw, workspace, before, who()), "Entscheidung zurückgenommen")
        return
    draft = Decision(
        kept.id,
        service,
        word,
        day,
        reason,
        id=before.id if before else 0,
        version=before.version if before else 0,
    )
    _act(functools.partial(decide, workspace, draft, who()), f"{names[service]}: {word}")


def _then_and_today(workshop: Workshop, kept: Scenario) -> None:
    page.section("Damals und heute")
    try:
        then, today = then_and_today(workshop.ground.question, kept)
    except PrioritisationError as fault:
        st.error(plain(str(fault)))
        return
    exhibit = beside_today(workshop.ground.question, then, today)
    exhibits.draw(workshop.answered(extra=exhibit), exhibit)


def _compare(workshop: Workshop) -> None:
    own = workshop.ground.basis.name
    names = [str(name) for name in scenario_list(workshop.reading.workspace)["name"] if name != own]
    page.section("Mit einem anderen Szenario vergleichen")
    presets = load_criteria(workshop.reading.settings.data_file(CRITERIA_FILE)).presets
    others = [*names, *(one.name for one in presets if one.name not in (own, *names))]
    other = st.selectbox("Vergleichen mit", [NONE, *others], key="vergleich-mit", filter_mode=None, width=420)
    if other == NONE:
        return
    try:
        before = weighed(basis(workshop.ground.question, other))
    except (PrioritisationError, WorkspaceError) as fault:
        st.error(plain(str(fault)))
        return
    exhibit = shift_chart(workshop.ground.question, before, workshop.decision)
    if exhibit is None:
        st.info("Die beiden Szenarien haben keine Leistung gemeinsam.")
        return
    exhibits.draw(workshop.with_charts(workshop.answered(extra=exhibit), "shifts"), exhibit)


def _audit(workshop: Workshop) -> None:
    with st.expander("Protokoll der Änderungen"):
        table = audit_table(workshop.ground.question)
        if table.frame.empty:
            st.caption("Noch wurde nichts geändert.")
        else:
            exhibits.draw(workshop.answered(extra=table), table, heading="none")


def _write(workshop: Workshop, draft: Scenario, sentence: str) -> None:
    try:
        saved = save_scenario(workshop.reading.workspace, draft, who())
    except WorkspaceError as fault:
        st.error(plain(str(fault)))
        return
    go_to(saved.name)
    say(sentence)
    st.rerun()


def _act(action: Callable[[], object], sentence: str) -> None:
    try:
        action()
    except WorkspaceError as fault:
        st.error(plain(str(fault)))
        return
    say(f"{sentence}.")
    st.rerun()
