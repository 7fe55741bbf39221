"""Der Plan: what fits into the next quarters, why each service is in or waits, and the limits to enter."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.workshop import plan as planning
from portalkompass.answers.workshop.decision import basis, weighed
from portalkompass.answers.workshop.meeting.from_list import order_told
from portalkompass.answers.workshop.planning import plan_rows
from portalkompass.answers.workshop.planning.economic_rows import shipped_rates
from portalkompass.answers.workshop.planning.plan_inputs import (
    COMPONENTS,
    departments_of,
    planned_departments,
    quarters_from,
)
from portalkompass.answers.workshop.planning.plan_sheets import (
    BENEFIT_COLUMNS,
    BUDGET,
    COMPONENT_SHEET,
    CONDITION_COLUMNS,
    CONDITIONS,
    DAYS,
    MOST_PERCENT,
    MOST_YEARS,
    NOTHING,
    RATE_COLUMNS,
    benefit_sheet,
    capacity_sheet,
    effort_sheet,
    rate_sheet,
)
from portalkompass.answers.workshop.planning.planned import Planned
from portalkompass.prioritisation import PrioritisationError
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import exhibits, messages, page
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.editing import sheets
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.workshop import Workshop, who
from portalkompass.workspace import Scenario, Sheet, WorkspaceError, scenario_list

NONE = "keinem"
TABLES = (
    "plan_gantt",
    "plan_waiting",
    "plan_services",
    "plan_load",
    "plan_economy",
    "plan_break_even",
)
DOUBT = "plan-zweifel"
LOCKED = (
    "Das Szenario ist festgeschrieben: Der Plan bleibt, wie er beschlossen ist. Zum Weiterplanen unter „Szenarien“ "
    "eine Kopie speichern."
)


def show(workshop: Workshop) -> None:
    """The plan with its picture and tables, the comparison, the limits below, or first while nothing is planned.

    The projector shows the picture.
    """
    if workshop.stage:
        with messages.told(PrioritisationError):
            answer = planning.answer_on(workshop.ground.question, _planned(workshop, drawn=False), ("gantt",))
            page.message(answer)
            if not answer.exhibits:
                workshop_start.measured(workshop)
            exhibits.show(workshop.with_charts(Answered(answer, {}), "plan_gantt"), "plan_gantt")
        return
    scenario = workshop.ground.basis.kept
    drawn = st.toggle(
        "Wie sicher ist der Plan, und was kostet die nächste Leistung?",
        key=DOUBT,
        help="10.000 Ziehungen der Gewichte und fehlenden Werte, und was jeder wartenden fehlt; dauert Sekunden",
    )
    with messages.told(PrioritisationError):
        made = _planned(workshop, drawn=drawn)
        answer = planning.answer_on(workshop.ground.question, made)
        answered = workshop.with_charts(Answered(answer, {}), "plan_gantt")
        page.top(answered)
        empty = answered.exhibit("plan_gantt") is None
        if (
            empty and scenario is not None
        ):  # what is missing first; the list of all would only repeat who waits
            _limits(workshop, scenario)
        shown = [name for name in TABLES if not (empty and name == "plan_services")]
        exhibits.show(answered, *shown)
        _compared(workshop, made)
        if not empty and scenario is not None:
            _limits(workshop, scenario)
        exhibits.show(answered, "plan_inputs")
        if scenario is None or not scenario.locked:
            page.next_steps(answer)


def _planned(workshop: Workshop, *, drawn: bool) -> Planned:
    """The plan under the sliders' weights; kept for the session's next runs."""
    weights = None if workshop.chosen is None else tuple(sorted(workshop.chosen.items()))
    ground = workshop.ground
    key = ("plan", ground.question.filters, ground.basis.name, weights, drawn)
    kept = planning.kept_plan(ground.basis)
    return workshop.reading.once(
        key,
        lambda: planning.planned(ground.question, workshop.decision, kept, drawn=drawn, costed=drawn),
        "Der Plan wird gerechnet …",
    )


def _compared(workshop: Workshop, made: Planned) -> None:
    """The same quarters under another scenario."""
    own = workshop.ground.basis.name
    names = [str(name) for name in scenario_list(workshop.reading.workspace)["name"] if name != own]
    if not names:
        return
    page.section("Mit einem anderen Plan vergleichen")
    options = {name: name for name in (NONE, *names)}
    other = pick("Vergleichen mit", options, "plan-vergleich", filter_mode=None, width=420)
    if other == NONE:
        return
    with messages.told(PrioritisationError, WorkspaceError):
        question = workshop.ground.question
        base = basis(question, other)
        before = planning.planned(
            question, weighed(base), planning.kept_plan(base), drawn=False, costed=False
        )
        exhibit = plan_rows.compared_table(question, before, made)
        if exhibit is None:
            st.info("Die beiden Szenarien haben keine Leistung gemeinsam.")
        else:
            workshop.draw(exhibit)


def _limits(workshop: Workshop, scenario: Scenario) -> None:
    """The tables to fill; each cell is saved at once."""
    if scenario.locked:
        st.info(LOCKED)
        return
    page.section("Grenzen eingeben")
    if not permissions.allowed("moderate"):
        return
    author.ask()
    departments = planned_departments(
        departments_of(workshop.ground.question, workshop.decision), scenario.plan
    )
    quarters = quarters_from(scenario.data_date)
    labels = [NOTHING, *(quarter.label for quarter in quarters)]
    effort = effort_sheet(departments)
    st.caption(
        "Aufwand in Personentagen; leer heißt unbekannt. Geplant wird eine Leistung, wenn die IT und jede Stelle, die "
        "die Liste für sie nennt, eine Zahl haben; 0, wo keiner anfällt."
    )
    days = {
        name: st.column_config.NumberColumn(label, min_value=0.0, width="small")
        for name, label in effort.columns.items()
        if name.startswith(DAYS)
    }
    last = {"duration": st.column_config.NumberColumn("Dauer (Quartale)", min_value=1, max_value=8, step=1)}
    sheets.show(
        _place(workshop, scenario, effort), "Leistung", {**days, **last}, height="content", placeholder=""
    )
    listed = order_told(workshop.ground.question, scenario)
    st.caption(plain(f"Geld, Termine und Abhängigkeiten. {listed}"))
    names = [NOTHING, *(str(name) for name in scenario.services["name"])]
    chosen = {"earliest": labels, "component": [NOTHING, *COMPONENTS], "after": names, "due": labels}
    conditions = {
        name: st.column_config.SelectboxColumn(label, options=chosen[name])
        if name in chosen
        else st.column_config.NumberColumn(label, min_value=0.0)
        for name, label in CONDITION_COLUMNS.items()
    }
    sheets.show(
        _place(workshop, scenario, CONDITIONS), "Leistung", conditions, height="content", placeholder=""
    )
    st.caption("Kapazität in Personentagen je Quartal; leer heißt nicht begrenzt.")
    capacity = capacity_sheet(departments, quarters)
    room = {
        name: st.column_config.NumberColumn(label, min_value=0.0) for name, label in capacity.columns.items()
    }
    sheets.show(_place(workshop, scenario, capacity), "Stelle", room, height="content", placeholder="")
    left, right = st.columns(2)
    with left:
        money = {"euros": st.column_config.NumberColumn("Budget (Euro)", min_value=0.0)}
        sheets.show(_place(workshop, scenario, BUDGET), "Jahr", money, height="content", placeholder="")
    with right:
        ready = {"ready": st.column_config.SelectboxColumn("Verfügbar ab", options=labels)}
        sheets.show(
            _place(workshop, scenario, COMPONENT_SHEET), "Baustein", ready, height="content", placeholder=""
        )
    _economy(workshop, scenario)


def _economy(workshop: Workshop, scenario: Scenario) -> None:
    """Cases and saved minutes by service, and the rates in euros."""
    rates = shipped_rates(workshop.reading.settings)
    st.caption(
        "Nutzen für die Wirtschaftlichkeit: Fälle je Jahr und Minuten, die ein Fall online weniger kostet. Sie ändern "
        "den Plan nicht. Ohne eine Angabe gibt es keinen Kapitalwert; 0, wo nichts anfällt."
    )
    benefits = {
        name: st.column_config.NumberColumn(label, min_value=0.0) for name, label in BENEFIT_COLUMNS.items()
    }
    sheets.show(
        _place(workshop, scenario, benefit_sheet(rates)),
        "Leistung",
        benefits,
        height="content",
        placeholder="",
    )
    st.caption("Sätze, mit denen gerechnet wird; sie bleiben bei diesem Szenario.")
    least = {"day": 0.0, "hour": 0.0, "discount": -MOST_PERCENT, "years": 1.0}
    most = {"discount": MOST_PERCENT, "years": float(MOST_YEARS)}
    chosen = {
        name: st.column_config.NumberColumn(label, min_value=least[name], max_value=most.get(name))
        for name, label in RATE_COLUMNS.items()
    }
    sheets.show(
        _place(workshop, scenario, rate_sheet(rates)), "Wofür", chosen, height="content", placeholder=""
    )


def _place(workshop: Workshop, scenario: Scenario, sheet: Sheet) -> sheets.Place:
    return sheets.Place(workshop.reading.workspace, scenario, sheet, who)
