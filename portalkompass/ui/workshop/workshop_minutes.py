"""*Protokoll*: open questions and dissent as they are said, then everything as Word, slides, Excel and list."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop import audit_paper
from portalkompass.answers.workshop.meeting.assessments import apart_table, assessed
from portalkompass.answers.workshop.meeting.minutes import (
    blank,
    list_day,
    minutes,
    off_list,
    planned_quarters,
    proposed_list,
    proposed_questions,
    reason,
)
from portalkompass.answers.workshop.meeting.promised import promise_table
from portalkompass.answers.workshop.meeting.votes import Votes, votes_of
from portalkompass.answers.workshop.ranking_export import ranking_exhibit
from portalkompass.answers.workshop.scenario_book import workbook
from portalkompass.answers.workshop.workshop_slides import TITLE, cover, workshop_slides
from portalkompass.exhibit import Exhibit
from portalkompass.exports import files
from portalkompass.prioritisation import PrioritisationError
from portalkompass.slide_set import SlideSet
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page, slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking, fields
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.workshop import Workshop, act, who
from portalkompass.workspace import Decision as Resolution
from portalkompass.workspace import (
    Kind,
    Remark,
    Scenario,
    WorkspaceError,
    add_remarks,
    agenda_of,
    change_remark,
    decisions,
    delete_remark,
    remarks,
)

NEW = "protokoll-neu"
KINDS: Mapping[Kind, str] = {"offen": "Offene Frage", "abweichend": "Abweichende Meinung"}
NONE_YET = "Noch steht nichts im Protokoll."


def show(workshop: Workshop) -> None:
    """Files on top, because the minutes are what one comes for; below what stands in them."""
    scenario = workshop.ground.basis.kept
    if scenario is None:
        workshop_start.measured(workshop)
        return
    resolved = decisions(workshop.reading.workspace, scenario.id)
    _files(workshop, scenario, resolved)
    noted = remarks(workshop.reading.workspace, scenario.id)
    page.section("Offene Fragen und abweichende Meinungen")
    if permissions.allowed("moderate"):
        author.ask()
        for remark in noted:
            _row(workshop, remark)
        _add(workshop, scenario)
    elif noted:
        st.markdown("\n".join(f"- {plain(_told(remark))}" for remark in noted))
    else:
        st.caption(NONE_YET)
    if resolved:
        page.section("Warum so entschieden wurde")
        st.markdown("\n".join(f"- {plain(reason(workshop.decision, one))}" for one in resolved))


def _told(remark: Remark) -> str:
    owner = f" ({remark.owner})" if remark.owner else ""
    return f"{KINDS[remark.kind]}{owner}: {remark.text}"


def _row(workshop: Workshop, remark: Remark) -> None:
    """One entry: text, owner and day can be changed where they stand."""
    text, owner, due, out = st.columns([5, 2.6, 1.6, 0.8], vertical_alignment="bottom")
    label = KINDS[remark.kind]
    with text:
        _field(workshop, remark, "text", functools.partial(st.text_input, label, max_chars=500))
    with owner:
        _field(workshop, remark, "owner", functools.partial(st.text_input, "Wer", max_chars=200))
    if remark.kind == "offen":
        with due:
            _field(
                workshop,
                remark,
                "due",
                functools.partial(st.date_input, "Bis", value=None, format="DD.MM.YYYY"),
            )
    with out:
        asking.delete(
            f"„{remark.text}“ aus dem Protokoll nehmen?",
            f"protokoll-weg-{remark.id}",
            _delete,
            (workshop, remark),
            icon=":material/delete:",
        )


def _field(workshop: Workshop, remark: Remark, name: str, widget: Callable[..., Any]) -> None:
    key = f"protokoll-{name}-{remark.id}"

    def write(seen: object, entered: object) -> None:
        change_remark(workshop.reading.workspace, remark.id, name, seen, entered, who())

    fields.begin(key, getattr(remark, name))
    widget(key=key, on_change=fields.entered, args=(key, write))
    fields.told(key, write)


def _delete(workshop: Workshop, remark: Remark) -> None:
    with messages.told():
        delete_remark(workshop.reading.workspace, remark, who())


def _add(workshop: Workshop, scenario: Scenario) -> None:
    """A new entry, or what should be cleared up first as open questions with who can tell."""
    blank = {f"{NEW}-art": next(iter(KINDS)), f"{NEW}-text": "", f"{NEW}-wer": "", f"{NEW}-bis": None}
    with forms.fields(NEW, blank, {f"{NEW}-art": KINDS}):
        kind, text, owner, due = st.columns([2, 5, 2, 1.6], vertical_alignment="bottom")
        chosen: Kind = kind.selectbox(
            "Neu",
            list(KINDS),
            format_func=lambda one: KINDS.get(one, one),
            key=f"{NEW}-art",
            filter_mode=None,
        )
        said = text.text_input("Text", max_chars=500, key=f"{NEW}-text")
        whose = owner.text_input("Wer", max_chars=200, key=f"{NEW}-wer")
        day = due.date_input("Bis", value=None, format="DD.MM.YYYY", key=f"{NEW}-bis")
        pressed = st.button("Ins Protokoll", type="primary", key=f"{NEW}-fest")
    workspace = workshop.reading.workspace
    if pressed:

        def write() -> None:
            remark = Remark(scenario.id, chosen, said, whose.strip(), day if chosen == "offen" else None)
            if not add_remarks(workspace, [remark], who()):
                raise WorkspaceError("Das steht schon im Protokoll.")
            forms.saved(NEW, stay=(f"{NEW}-art", f"{NEW}-bis"))

        act(write)
    if st.button(
        "Vorschläge übernehmen",
        key="protokoll-vorschlaege",
        help="Was die Auswahl am häufigsten ändern würde, wäre es bekannt, mit denen, die es sagen können",
    ):
        found = proposed_questions(workshop.ground.question, workshop.decision, scenario.id)
        if not found:
            st.info("Nichts, was noch unbekannt ist, würde die Auswahl ändern.")
        else:
            act(
                lambda: add_remarks(workspace, found, who()),
                "Die wichtigsten offenen Fragen stehen im Protokoll.",
            )


def _files(workshop: Workshop, scenario: Scenario, resolved: list[Resolution]) -> None:
    """Minutes, slides, the paper for an audit office, everything as a workbook, the list as it would follow.

    Files are made when they are asked for.
    """
    settings = workshop.reading.settings
    votes = votes_of(workshop.ground.question, scenario.id, full=permissions.may("moderate"))
    shown = votes.spread if votes is not None else None
    made = functools.partial(_minutes, workshop, scenario, resolved, votes)
    ground, decision = workshop.ground, workshop.decision
    stem = blank(ground.question, decision).file_stem
    usable = slide_look.usable(settings)
    with st.container(horizontal=True, key="protokoll-dateien"):
        slide_look.download(
            "Protokoll als Word", settings, made, stem, "protokoll-word", form="docx", type="primary"
        )
        slide_look.download(
            "Protokoll als Folien", settings, made, stem, "protokoll-folien", disabled=not usable
        )
        slide_look.download(
            "Folien zum Workshop",
            settings,
            lambda: workshop_slides(ground, decision, resolved),
            cover(ground.question, decision, TITLE).file_stem,
            "szenario-folien",
            disabled=not usable,
        )
        paper = audit_paper.blank(ground, decision)
        for form in ("docx", "pdf"):
            slide_look.download(
                f"Prüfunterlage als {slide_look.PAPERS[form]}",
                settings,
                lambda: audit_paper.audit_paper(ground, decision, resolved, votes),
                paper.file_stem,
                f"szenario-pruefunterlage-{form}",
                form=form,
            )
        st.download_button(
            "Alles als Excel-Datei",
            data=functools.partial(
                _workbook_file,
                permissions.visitor(),
                lambda: workbook(
                    ground.question,
                    ground.basis,
                    decision,
                    resolved,
                    shown,
                    votes.labels if votes else None,
                    _voices(workshop, scenario),
                    promise_table(ground.question, decision, ground.basis, resolved),
                ),
            ),
            file_name=f"{ranking_exhibit(ground.question, decision).file_stem}-mit-eingaben.xlsx",
            mime=files.XLSX_TYPE,
            on_click="ignore",
            key="szenario-excel",
        )
        _list_button(workshop, resolved)


def _minutes(
    workshop: Workshop, scenario: Scenario, resolved: list[Resolution], votes: Votes | None
) -> SlideSet:
    workspace = workshop.reading.workspace
    return minutes(
        workshop.ground,
        workshop.decision,
        agenda_of(workspace, scenario.id),
        resolved,
        remarks(workspace, scenario.id),
        votes,
    )


def _voices(workshop: Workshop, scenario: Scenario) -> Exhibit | None:
    """What departments said of each cell, as far as this reader may see it."""
    question, decision = workshop.ground.question, workshop.decision
    found = assessed(question, decision, scenario, full=permissions.may("moderate"))
    return apart_table(question, decision, found) if found is not None else None


def _list_button(workshop: Workshop, resolved: list[Resolution]) -> None:
    """The city's list with the decisions in it, to be checked and loaded like any list; nothing before the first."""
    if not resolved:
        return
    ground, decision = workshop.ground, workshop.decision

    def content() -> bytes:
        try:
            live = planned_quarters(ground, decision)
        except PrioritisationError:  # the view of the plan says why there is none
            live = {}
        return proposed_list(ground.question, decision, resolved, live)[0]

    day, missing = workshop.reading.once(
        ("proposed list", decision.scenario),
        lambda: (list_day(ground.question, resolved), off_list(ground.question, decision, resolved)),
    )
    st.download_button(
        "OZG-Liste als Vorschlag",
        data=functools.partial(_list_file, permissions.visitor(), content),
        file_name=f"ozg_services_{day.isoformat()}.csv",
        mime="text/csv",
        on_click="ignore",
        key="protokoll-liste",
        help="Die Liste mit den Entscheidungen als letzter Entwicklung; unter „Daten“ hochgeladen, zeigt die "
        "Vorschau jede Änderung, bevor sie gilt.",
    )
    if missing:
        names = german.listing([f"„{name}“" for name in missing])
        st.caption(plain(f"Entschieden, aber nicht auf der Liste und deshalb nicht im Vorschlag: {names}."))


def _list_file(visitor: permissions.Visitor, content: Callable[[], bytes]) -> bytes:
    visitor.need("read")
    made = content()
    visitor.done("export", what="ozg_services", format="csv")
    return made


def _workbook_file(visitor: permissions.Visitor, sheets: Callable[[], Mapping[str, Exhibit]]) -> bytes:
    visitor.need("read")
    made = files.workbook_file(sheets())
    visitor.done("export", what="workshop", format="xlsx")
    return made
