"""The five steps of a workshop: what is done and missing, the clock, on to the next; *Ablauf* with all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.decision import CANDIDATE
from portalkompass.answers.workshop.meeting.progress import STEPS, Step, steps
from portalkompass.answers.workshop.meeting.proposal import (
    MINUTES,
    VOTING,
    Proposal,
    proposal,
    with_selection,
)
from portalkompass.prioritisation import PrioritisationError
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page
from portalkompass.ui.components.text import plain
from portalkompass.ui.editing import fields
from portalkompass.ui.filters import views
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.workshop import NEXT, ON_STAGE, Workshop, save, who
from portalkompass.workspace import (
    Agenda,
    Scenario,
    WorkspaceError,
    agenda_of,
    all_rounds,
    change_agenda,
    decisions,
    rename_scenario,
    turn_clock,
)

SCREEN, PARAMETER = "priorisierung", "ansicht"
SECONDS_BETWEEN_LOOKS = 10
LONGEST = 240
"""Minutes of a step at most."""


def head(workshop: Workshop) -> None:
    """Below the choice of views: the step's sentence, its clock, and the button that moves on."""
    scenario = workshop.ground.basis.kept
    if scenario is None:
        with workshop.row, messages.told():
            workshop_start.offer(workshop)
        return
    with workshop.head, messages.told():
        step = next(one for one in _steps(workshop) if one.title == workshop.view.part)
        with st.container(horizontal=True, vertical_alignment="center", key="schritt"):
            if not workshop.stage:
                st.markdown(f":gray[{plain(step.sentence)}]")
            _clock(workshop, scenario)
            _move_on(workshop, scenario)


def show(workshop: Workshop) -> None:
    """*Ablauf*: all steps, then what the workshop is; the projector shows the steps in large letters."""
    scenario = workshop.ground.basis.kept
    if scenario is None:
        workshop_start.measured(workshop)
        return
    _list(workshop, scenario)
    if workshop.stage:
        return
    _what(workshop, scenario)
    _selection(workshop, scenario)


def _steps(workshop: Workshop) -> tuple[Step, ...]:
    return steps(workshop.ground.question, workshop.ground.basis, workshop.decision)


def _move_on(workshop: Workshop, scenario: Scenario) -> None:
    """The first view of the next step; on the projector one view after the other, with the keys of a presenter."""
    if workshop.stage:
        place = ON_STAGE.index(workshop.view.slug)
        for label, key, step in (("Zurück", "PageUp", -1), ("Weiter", "PageDown", 1)):
            other = place + step
            inside = 0 <= other < len(ON_STAGE)
            st.button(
                label,
                key=f"schritt-{key}",
                shortcut=key,
                disabled=not inside,
                on_click=_go,
                args=(workshop, scenario, ON_STAGE[other] if inside else ""),
            )
        return
    place = STEPS.index(workshop.view.part)
    if place + 1 < len(STEPS):
        first = next(view.slug for view in views.listed(SCREEN).views if view.part == STEPS[place + 1])
        st.button(
            f"Weiter: {STEPS[place + 1]}",
            key="schritt-weiter",
            on_click=_go,
            args=(workshop, scenario, first),
        )


def _go(workshop: Workshop, scenario: Scenario, slug: str) -> None:
    """Show that view; where the clock runs for the step that is left for a later one, it runs for that from now on.

    Whoever looks elsewhere meanwhile, or back, leaves the clock of all as it is.
    """
    part = next(view.part for view in views.listed(SCREEN).views if view.slug == slug)
    views.show(PARAMETER, slug)
    if not permissions.may("moderate"):
        return
    with messages.told():
        workspace = workshop.reading.workspace
        running = agenda_of(workspace, scenario.id).step
        if running == workshop.view.part and STEPS.index(part) > STEPS.index(running):
            turn_clock(workspace, scenario.id, part, who())


def _clock(workshop: Workshop, scenario: Scenario) -> None:
    """How long the step has left, looked up anew for everybody; the button that starts or stops it."""
    _time_left(workshop, scenario.id)
    if not permissions.may("moderate"):
        return
    running = agenda_of(workshop.reading.workspace, scenario.id).step == workshop.view.part
    st.button(
        "Zeit anhalten" if running else "Zeit starten",
        key="schritt-uhr",
        icon=":material/timer_off:" if running else ":material/timer:",
        on_click=_turn,
        args=(workshop, scenario, "" if running else workshop.view.part),
    )


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _time_left(workshop: Workshop, scenario_id: int) -> None:
    told = time_told(agenda_of(workshop.reading.workspace, scenario_id), dt.datetime.now(dt.UTC))
    if told and workshop.stage:
        st.header(plain(told), anchor=False, width="content")
    elif told:
        st.markdown(f"**{plain(told)}**", width="content")


def time_told(agenda: Agenda, now: dt.datetime) -> str:
    """Which step runs and how many of its minutes are left or over; "" while no clock runs."""
    if not agenda.step or agenda.began_at is None:
        return ""
    planned = _planned(agenda, agenda.step)
    left = planned - int((now - agenda.began_at).total_seconds() // 60)
    if left < 0:
        return f"{agenda.step}: {german.count(-left, 'Minute', 'Minuten')} über der Zeit"
    return f"{agenda.step}: noch {left} von {german.count(planned, 'Minute', 'Minuten')}"


def _planned(agenda: Agenda, step: str) -> int:
    return _or_usual(step, agenda.minutes.get(step))


def _turn(workshop: Workshop, scenario: Scenario, step: str) -> None:
    with messages.told():
        turn_clock(workshop.reading.workspace, scenario.id, step, who())


def _list(workshop: Workshop, scenario: Scenario) -> None:
    """One row a step; a click on its name opens it."""
    agenda = agenda_of(workshop.reading.workspace, scenario.id)
    for number, step in enumerate(_steps(workshop), start=1):
        mark = ":green[:material/check_circle:]" if not step.missing else ":material/radio_button_unchecked:"
        minutes = german.count(_planned(agenda, step.title), "Minute", "Minuten")
        if workshop.stage:
            st.title(f"{mark} {number} {step.title} :gray[{minutes}]", anchor=False)
            st.header(f":gray[{plain(step.sentence)}]", anchor=False)
            continue
        st.markdown(f"{mark} **{number} {step.title}** :gray[({minutes})] {plain(step.sentence)}")


def _what(workshop: Workshop, scenario: Scenario) -> None:
    """Name, day, who takes part, minutes of each step; saved one by one, but for the name also after the decisions."""
    page.section("Termin und Teilnehmende")
    if not permissions.allowed("moderate"):
        return
    _name(workshop, scenario)
    agenda = agenda_of(workshop.reading.workspace, scenario.id)
    proposed = _proposed(workshop)
    left, right = st.columns(2)
    with left:
        author.ask()
        _field(
            workshop,
            scenario,
            agenda,
            "day",
            partial(st.date_input, "Termin", format="DD.MM.YYYY", value=None),
        )
        options = list(dict.fromkeys([*proposed.departments, *agenda.departments]))
        box = partial(st.multiselect, "Beteiligte Stellen", options, accept_new_options=True)
        _field(workshop, scenario, agenda, "departments", box, list, tuple)
    with right:
        place = "Eine Zeile je Person, z. B. Erika Beispiel (FB 50)"
        area = partial(st.text_area, "Wer teilnimmt", placeholder=place, height=170, max_chars=4000)
        _field(workshop, scenario, agenda, "people", area)
    cells = st.columns(len(STEPS))
    for cell, step in zip(cells, STEPS, strict=True):
        with cell:
            number = partial(st.number_input, f"Minuten: {step}", min_value=1, max_value=LONGEST, step=5)
            _field(
                workshop,
                scenario,
                agenda,
                "minutes",
                number,
                partial(_or_usual, step),
                int,
                part=step,
            )


def _name(workshop: Workshop, scenario: Scenario) -> None:
    """Its name until it is locked; the next run shows the workshop under the new one."""
    key = f"ablauf-name-{scenario.id}"

    def write(seen: str, entered: str) -> None:
        rename_scenario(workshop.reading.workspace, scenario.id, seen, entered, who())
        st.session_state[NEXT] = entered.strip()

    fields.begin(key, scenario.name)
    st.text_input(
        "Name des Workshops",
        max_chars=200,
        key=key,
        disabled=scenario.locked,
        on_change=fields.entered,
        args=(key, write),
    )
    fields.told(key, write)


def _proposed(workshop: Workshop) -> Proposal:
    question = workshop.ground.question
    return workshop.reading.once(("proposal", question.filters), lambda: proposal(question))


def _or_usual(step: str, minutes: int | None) -> int:
    return MINUTES[step] if minutes is None else int(minutes)


def _field(
    workshop: Workshop,
    scenario: Scenario,
    agenda: Agenda,
    name: str,
    widget: Callable[..., Any],
    shown: Callable[[Any], Any] = lambda value: value,
    value: Callable[[Any], Any] = lambda value: value,
    part: str = "",
) -> None:
    """One field of the agenda (``part`` of it), saved as soon as it is entered."""
    key = f"ablauf-{name}-{part}-{scenario.id}"

    def write(seen: object, entered: object) -> None:
        change_agenda(workshop.reading.workspace, scenario.id, name, seen, entered, who(), part)

    whole = getattr(agenda, name)
    fields.begin(key, whole.get(part) if part else whole, shown)
    widget(key=key, on_change=fields.entered, args=(key, write, value))
    fields.told(key, write, value)


def _selection(workshop: Workshop, scenario: Scenario) -> None:
    """Criteria and services, chosen anew until the first decision."""
    page.section("Kriterien und Leistungen")
    decided = scenario.locked or bool(decisions(workshop.reading.workspace, scenario.id))
    voting = any(one.is_open for one in all_rounds(workshop.reading.workspace, scenario.id))
    base = workshop.ground.basis
    every = _proposed(workshop).basis
    labels = {one.id: one.label for one in (*every.criteria, *base.criteria)}
    names = {
        str(key): str(name)
        for frame in (every.services, base.services)
        for key, name in frame["name"].items()
    }
    taken = {str(key) for key, own in base.services["list"].items() if own == CANDIDATE}
    look: Mapping[str, Any] = {"disabled": decided or voting or not permissions.may("moderate")}
    criteria = st.multiselect(
        "Kriterien",
        list(labels),
        [one.id for one in base.criteria],
        format_func=lambda one: labels.get(one, one),
        key=f"auswahl-kriterien-{scenario.id}-{scenario.version}",
        **look,
    )
    services = st.multiselect(
        "Leistungen",
        [name for name in names if name not in taken],
        [str(key) for key in base.services.index if str(key) not in taken],
        format_func=lambda one: names.get(one, one),
        key=f"auswahl-leistungen-{scenario.id}-{scenario.version}",
        **look,
    )
    if decided:
        st.caption("Mit der ersten Entscheidung stehen Kriterien und Leistungen fest.")
        return
    if voting:
        st.caption(VOTING)
        return
    same = set(criteria) == {one.id for one in base.criteria} and {*services, *taken} == set(
        base.services.index
    )
    if not look["disabled"] and st.button("Auswahl übernehmen", key="auswahl-fertig", disabled=same):
        with messages.told(PrioritisationError, WorkspaceError):
            save(
                workshop,
                lambda: with_selection(workshop.ground.question, scenario, criteria, services),
                "Auswahl übernommen; die Messwerte sind von heute. Früher Eingeschätztes ist wieder da.",
            )
