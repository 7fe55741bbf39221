"""Where there is no workshop yet: the measured ranking, and the button that begins one with everything proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from portalkompass.answers.workshop.decision import DEFAULT
from portalkompass.answers.workshop.meeting.proposal import Proposal, proposal, workshop_of
from portalkompass.prioritisation import PrioritisationError
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import exhibits, messages, page
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.filters import views
from portalkompass.ui.workshop import weights
from portalkompass.ui.workshop.workshop import NEXT, SAID, Workshop, who
from portalkompass.workspace import WorkspaceError, begin_workshop

NAME, DAY, PLACES, CRITERIA, SERVICES = (
    "neu-name",
    "neu-tag",
    "neu-stellen",
    "neu-kriterien",
    "neu-leistungen",
)
FORM = "workshop-neu"
BASE = "neu-ausgang"
"""Of which preset the criteria are proposed."""
FIRST_VIEW = "ablauf"
ONLY_MEASURED = "Noch kein Workshop"
MEANING = "Gezeigt ist die Rangfolge, wie sie gemessen ist."


def offer(workshop: Workshop) -> None:
    """That this is the measured ranking, and the button; a reader sees the sentence alone."""
    if not workshop.stage and permissions.may("moderate"):
        with st.popover("Workshop beginnen", type="primary", key="workshop-beginnen"):
            _form(workshop)
    st.markdown(f":gray[{ONLY_MEASURED}]", width="content", help=MEANING)


def measured(workshop: Workshop) -> None:
    """What a view shows that belongs to a workshop: the ranking as measured."""
    answered = workshop.answered("ranking", "contributions")
    page.top(answered)
    exhibits.show(workshop.with_charts(answered, "contributions"), "contributions")
    exhibits.show(answered, "ranking_overall")


def _form(workshop: Workshop) -> None:
    """Everything is proposed; whoever agrees presses the button."""
    with messages.told(PrioritisationError, WorkspaceError):
        made = workshop.reading.once(
            ("proposal", workshop.ground.question.filters), lambda: proposal(workshop.ground.question)
        )
        labels = {criterion.id: criterion.label for criterion in made.basis.criteria}
        names = {str(service): str(name) for service, name in made.basis.services["name"].items()}
        blank = {NAME: made.name, DAY: made.agenda.day, PLACES: list(made.agenda.departments)}
        with forms.fields(FORM, {**blank, SERVICES: list(made.services)}, {SERVICES: names}):
            left, right = st.columns([3, 2])
            left.text_input("Name", max_chars=200, key=NAME)
            right.date_input("Termin", None, format="DD.MM.YYYY", key=DAY)
            with right:
                author.ask()
            left.multiselect("Beteiligte Stellen", made.departments, key=PLACES, accept_new_options=True)
            _choose(workshop, made, labels)
            st.multiselect(
                "Leistungen", list(names), format_func=lambda name: names.get(name, name), key=SERVICES
            )
        st.button(
            "Workshop anlegen", type="primary", key="workshop-anlegen", on_click=_begin, args=(workshop, made)
        )


def _choose(workshop: Workshop, made: Proposal, labels: Mapping[str, str]) -> None:
    """The criteria: another preset brings its own, and what was chosen for one is kept with it."""
    state, form = st.session_state, _chosen(workshop)
    if state.get(BASE) != form:
        state.pop(CRITERIA, None)
    state[BASE] = form
    forms.begin(form, {CRITERIA: _criteria(workshop, made)}, {CRITERIA: labels})
    st.multiselect(
        "Kriterien",
        list(labels),
        format_func=lambda name: labels.get(name, name),
        key=CRITERIA,
        help="Vorgeschlagen sind höchstens sechs: was gemessen ist, dann, was über die Umsetzbarkeit zu sagen ist.",
    )
    forms.keep(form)


def _chosen(workshop: Workshop) -> str:
    return f"{FORM} {workshop.ground.basis.name}"


def _criteria(workshop: Workshop, made: Proposal) -> list[str]:
    """Those of the preset that someone chose; for the first one, which only shows what is measured, the proposal."""
    base = workshop.ground.basis
    if base.name == DEFAULT:
        return list(made.criteria)
    return [one.id for one in base.criteria if base.weights.get(one.id, 0.0) > 0]


def _begin(workshop: Workshop, made: Proposal) -> None:
    """Callback: the workshop is stored and its first step open with the next run; a fault is said there."""
    state = st.session_state
    question, day = workshop.ground.question, state[DAY]
    moved = weights.asked(workshop.ground.basis)  # as they stand now: sliders move without the form
    try:
        draft = workshop_of(question, made, state[NAME], state[CRITERIA], state[SERVICES], moved)
        agenda = replace(
            made.agenda, day=day if isinstance(day, dt.date) else None, departments=tuple(state[PLACES])
        )
        state[NEXT] = begin_workshop(workshop.reading.workspace, draft, agenda, who()).name
    except (PrioritisationError, WorkspaceError) as fault:
        st.error(plain(str(fault)))
        return
    forms.saved(FORM)
    forms.saved(_chosen(workshop))
    messages.say(SAID, f"„{state[NEXT]}“ ist angelegt.")
    views.show("ansicht", FIRST_VIEW)
