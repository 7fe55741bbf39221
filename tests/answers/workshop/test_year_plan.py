"""The plan of a scenario: its inputs as cells, its sentences against its rows, what waits and for whom."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re

import pytest

from portalkompass.answers.workshop.audit_paper import audit_paper
from portalkompass.answers.workshop.decision import basis, basis_of, weighed
from portalkompass.answers.workshop.meeting.promised import live_by, promised
from portalkompass.answers.workshop.plan import answer_on, frozen, kept_plan, plan_list, planned
from portalkompass.answers.workshop.planning import economic_rows, plan_rows
from portalkompass.answers.workshop.planning.plan_inputs import Quarter, quarters_from
from portalkompass.answers.workshop.planning.plan_sheets import (
    BUDGET,
    COMPONENT_SHEET,
    CONDITIONS,
    benefit_sheet,
    capacity_sheet,
    effort_sheet,
    rate_sheet,
)
from portalkompass.answers.workshop.prioritisation import ground
from portalkompass.answers.workshop.scenario_book import new_scenario, workbook
from portalkompass.exports.disclosure_control import outgoing_slides
from portalkompass.exports.papers.content import paper_of
from portalkompass.prioritisation.planning import Business, Clash, Extra, Rates, present_value
from portalkompass.workspace import (
    WorkspaceError,
    audit_list,
    delete_scenario,
    load_scenario,
    lock_scenario,
    read_sheet,
    save_cells,
    save_scenario,
)

EFFORT = effort_sheet(("IT", "FB 50"))
STARTABLE = ("pflegewohngeld", "hundesteuer")
"""The list names FB 50 for the first, nobody for the second."""
NO_DAYS = {("pflegewohngeld", "tage-FB 50"): 0.0}


@pytest.fixture
def question(house):
    return house.question()


@pytest.fixture
def saved(question, request):
    draft = new_scenario(question, basis(question), None, request.node.name)
    scenario = save_scenario(question.workspace, draft, "A")
    yield scenario
    delete_scenario(question.workspace, load_scenario(question.workspace, scenario.name), "A")


def filled(question, saved, sheet, cells):
    """Cells saved as by the screen; the scenario as it stands then."""
    opened = read_sheet(question.workspace, saved.id, sheet).cells
    save_cells(question.workspace, saved.id, sheet, opened, cells, "B")
    return load_scenario(question.workspace, saved.name)


def made_of(question, scenario, *, drawn=False):
    return planned(question, weighed(basis_of(scenario)), scenario.plan, drawn=drawn)


def shown(answer, name):
    return next((exhibit for exhibit in answer.exhibits if exhibit.id == name), None)


def numbers(sentence):
    return [
        float(text.replace(".", "").replace(",", ".")) for text in re.findall(r"\d[\d.]*(?:,\d+)?", sentence)
    ]


def limits(scenario):
    quarters = quarters_from(scenario.data_date)
    return capacity_sheet(("IT", "FB 50"), quarters), [quarter.label for quarter in quarters]


def test_quarters_begin_after_the_data_date() -> None:
    import datetime as dt

    assert [one.label for one in quarters_from(dt.date(2025, 12, 15))[:2]] == ["Q1 2026", "Q2 2026"]
    assert quarters_from(dt.date(2026, 3, 31))[0] == Quarter(2026, 2)
    assert Quarter(2026, 4).after(1) == Quarter(2027, 1)
    assert Quarter(2026, 2).first_day == dt.date(2026, 4, 1)


def test_without_inputs_every_service_asks_for_its_effort(question) -> None:
    base = basis(question)
    answer = answer_on(question, planned(question, weighed(base), {}))
    rows = shown(answer, "plan_waiting").frame
    assert set(rows["state"]) == {"Aufwand fehlt"}
    assert len(rows) == len(base.matrix)
    assert f"{len(rows)} nicht planbar (Aufwand fehlt: {len(rows)})" in answer.message
    assert shown(answer, "plan_gantt") is None


def test_cells_become_a_plan_and_stand_in_the_audit(question, saved) -> None:
    first, second = STARTABLE
    scenario = filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 20.0, (first, "duration"): 2.0})
    assert scenario.plan["projects"][first] == {"effort": {"IT": 20.0, "FB 50": 0.0}, "duration": 2}
    assert "IT (Personentage): leer → 20" in audit_list(question.workspace)["detail"].str.cat(sep="|")
    made = made_of(question, scenario)
    assert set(made.plan.starts) == {first}
    assert made.plan.live[first] == 1
    scenario = filled(question, saved, EFFORT, {(second, "tage-IT"): 5.0})
    assert set(made_of(question, scenario).plan.starts) == {first, second}
    scenario = filled(question, saved, EFFORT, {(first, "tage-IT"): None})
    assert set(made_of(question, scenario).plan.starts) == {second}


def test_a_copy_and_a_reload_keep_the_plan(question, saved) -> None:
    scenario = filled(question, saved, EFFORT, {(STARTABLE[0], "tage-IT"): 20.0})
    copy = save_scenario(question.workspace, new_scenario(question, basis_of(scenario), None, "Kopie"), "A")
    assert load_scenario(question.workspace, copy.name).plan == scenario.plan


def test_sentences_are_the_sums_of_the_rows(question, saved) -> None:
    first, second = STARTABLE
    scenario = filled(
        question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 20.0, (second, "tage-IT"): 11.0}
    )
    sheet, labels = limits(scenario)
    scenario = filled(question, saved, sheet, {("IT", label): 12.0 for label in labels})
    made = made_of(question, scenario)
    answer = answer_on(question, made)
    rows = shown(answer, "plan_services").frame
    inside = rows[rows["state"] == "im Plan"]
    told = numbers(answer.message)
    assert told[4:6] == [len(inside), len(rows)]
    assert told[6] == pytest.approx(inside["points"].sum(), abs=0.05)
    assert told[7] == inside["days"].sum() == 11.0
    assert "1 wartet" in answer.message.replace("\u00a0", " ")
    cards = {figure.label: figure.value for figure in answer.figures}
    assert cards["Im Plan"] == "1"
    assert cards["Personentage"] == "11"
    assert cards["Nicht planbar"] == str(len(rows) - 2)
    waits = shown(answer, "plan_waiting")
    own = waits.frame.set_index("service_id").loc[first]
    # 20 days fit beside 11 of 12 only with 8 more in another quarter
    assert own["more_days"] == pytest.approx(8.0)
    assert (own["whom"], own["state"]) == ("IT", "wartet")
    assert waits.headline == f"Am wenigsten fehlt für „{own['name']}“: 8\u00a0Personentage mehr"
    load = shown(answer, "plan_load")
    top = load.frame.sort_values("share").iloc[-1]
    assert load.headline == f"Am vollsten: IT in {top['when']}, 92\u00a0% belegt"
    assert top["used"] == 11.0
    gantt = shown(answer, "plan_gantt")
    assert gantt.headline == f"Zuerst live, in {gantt.frame['live'][0]}: „{gantt.frame['name'][0]}“"


def test_lanes_are_conditions(question, saved) -> None:
    waiting = next(name for name, lane in saved.services["lane"].items() if lane == "wartet auf andere")
    scenario = filled(question, saved, EFFORT, {(waiting, "tage-IT"): 5.0})
    assert made_of(question, scenario).programme.apart[waiting] == "wartet auf andere, ohne Termin"
    scenario = filled(question, saved, CONDITIONS, {(waiting, "component"): "ePayment"})
    assert made_of(question, scenario).programme.apart[waiting] == "ePayment ohne Termin"
    label = quarters_from(scenario.data_date)[2].label
    scenario = filled(question, saved, COMPONENT_SHEET, {("ePayment", "ready"): label})
    made = made_of(question, scenario)
    assert made.plan.starts == {waiting: 2}


def test_a_service_comes_after_the_one_it_waits_for_and_never_after_itself(question, saved) -> None:
    first, second = STARTABLE
    scenario = filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 5.0, (second, "tage-IT"): 5.0})
    names = scenario.services["name"].to_dict()
    scenario = filled(question, saved, CONDITIONS, {(second, "after"): names[first]})
    made = made_of(question, scenario)
    assert made.plan.starts == {first: 0, second: 1}
    assert plan_rows.why_in(made, first) == f"Voraussetzung für „{names[second]}“"
    with pytest.raises(WorkspaceError, match="auf sich selbst"):
        CONDITIONS.with_row(scenario, first, {**CONDITIONS.rows(scenario)[first], "after": names[second]})


def test_legal_dates_that_clash_are_named_with_what_is_missing(question, saved) -> None:
    first, second = STARTABLE
    scenario = filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0, (second, "tage-IT"): 7.0})
    sheet, labels = limits(scenario)
    filled(question, saved, sheet, {("IT", label): 12.0 for label in labels})
    due = {(service, "due"): labels[0] for service in STARTABLE}
    scenario = filled(question, saved, CONDITIONS, due)
    message = answer_on(question, made_of(question, scenario)).message
    names = scenario.services["name"].to_dict()
    assert all(f"„{names[service]}“ (live bis {labels[0]})" in message for service in STARTABLE)
    assert message.endswith(f"gehen zusammen nicht. Es fehlen 5\u00a0Personentage (IT, {labels[0]}).")


def test_a_budget_asks_for_the_costs(question, saved) -> None:
    first = STARTABLE[0]
    filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0})
    year = str(quarters_from(saved.data_date)[0].year)
    scenario = filled(question, saved, BUDGET, {(year, "euros"): 1000.0})
    assert made_of(question, scenario).programme.apart[first] == "Kosten fehlen"
    scenario = filled(question, saved, CONDITIONS, {(first, "once"): 400.0, (first, "yearly"): 0.0})
    assert first in made_of(question, scenario).plan.starts


def test_faulty_cells_wait_as_a_draft(question, saved) -> None:
    first = STARTABLE[0]
    scenario = filled(question, saved, EFFORT, {(first, "duration"): 9.0})
    assert scenario.plan == {}
    draft = read_sheet(question.workspace, saved.id, EFFORT).drafts[first]
    assert draft.value == "Die Dauer liegt zwischen 1 und 8 Quartalen."


def test_list_and_workbook_say_what_the_plan_says(question, saved) -> None:
    first = STARTABLE[0]
    scenario = filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0})
    base = basis_of(scenario)
    made = planned(question, weighed(base), scenario.plan)
    listed = {entry["service_id"]: entry for entry in plan_list(made)}
    assert set(listed) == set(scenario.matrix.index)
    assert listed[first]["quarter"] == quarters_from(scenario.data_date)[0].label
    assert listed[first]["effort"] == 10.0
    assert listed[first]["in_plan_share"] == 1.0
    others = [entry for service, entry in listed.items() if service != first]
    assert all(entry["effort"] is None and entry["quarter"] is None for entry in others)
    sheets = workbook(question, base, weighed(base), [])
    assert {"Plan", "Plan, was wartet", "Plan, Eingaben"} <= set(sheets)
    inputs = sheets["Plan, Eingaben"].frame
    assert inputs[["entry", "value"]].to_numpy().tolist() == [
        ["Personentage IT", "10"],
        ["Personentage FB 50", "0"],
        ["Dauer (Quartale)", "1"],
    ]


def test_what_the_plan_promises_of_a_service(question, saved) -> None:
    first, second = STARTABLE
    filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0})
    filled(question, saved, CONDITIONS, {(first, "once"): 400.0})
    base = basis_of(filled(question, saved, BENEFIT, {(first, "cases"): 900.0}))
    told = promised(question, base, first)
    ready = quarters_from(saved.data_date)[0]
    assert {name: told.get(name) for name in ("effort", "once", "yearly", "cases", "live")} == {
        **{"effort": 10.0, "once": 400.0, "yearly": None, "cases": 900.0},
        "live": ready.label,
    }
    assert live_by(told) == ready.after(1).first_day - dt.timedelta(days=1)
    assert live_by(promised(question, base, second)) is None  # nobody entered its effort: it has no quarter


def test_two_plans_side_by_side(question, saved) -> None:
    first, second = STARTABLE
    one = made_of(question, filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0}))
    other = made_of(question, filled(question, saved, EFFORT, {(second, "tage-IT"): 10.0}))
    table = plan_rows.compared_table(question, one, other)
    changed = table.frame[table.frame["changed"] == "ja"]
    assert changed["name"].tolist() == [other.decision.names[second]]
    assert table.headline.startswith(f"1 von {len(table.frame)} ")


def test_a_share_belongs_to_the_draws(question, saved) -> None:
    first, second = STARTABLE
    filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0, (second, "tage-IT"): 10.0})
    sheet, labels = limits(saved)
    scenario = filled(
        question, saved, sheet, {("IT", label): 10.0 if label == labels[0] else 0.0 for label in labels}
    )
    made = made_of(question, scenario, drawn=True)
    assert made.doubt is not None
    assert made.doubt.share[first] + made.doubt.share[second] == pytest.approx(1.0)
    best = max(STARTABLE, key=lambda service: float(made.decision.evaluation.score[service]))
    assert set(made.plan.starts) == {best}
    assert dataclasses.replace(made.doubt, share={}).checked > 0


def test_a_department_that_has_not_answered_is_no_effort_of_nought(question, saved) -> None:
    first = STARTABLE[0]
    scenario = filled(question, saved, EFFORT, {(first, "tage-IT"): 5.0})
    made = made_of(question, scenario)
    assert made.programme.apart[first] == "Aufwand von FB 50 fehlt"
    assert made.plan.starts == {}
    assert plan_rows.next_push(made, first)[:2] == ("FB 50", "Aufwand in Personentagen nennen")
    assert next(one for one in plan_list(made) if one["service_id"] == first)["effort"] is None
    scenario = filled(question, saved, EFFORT, NO_DAYS)
    assert plan_rows.days_of(made_of(question, scenario), [first]) == 5.0


@pytest.fixture
def both(question, saved):
    """Two services planned with IT's days for the first quarter only, and a budget of the first year only."""
    days = NO_DAYS | {(service, "tage-IT"): 10.0 for service in STARTABLE}
    filled(question, saved, EFFORT, days)
    money = {(service, field): 400.0 for service in STARTABLE for field in ("once", "yearly")}
    filled(question, saved, CONDITIONS, money)
    sheet, labels = limits(saved)
    filled(question, saved, BUDGET, {(labels[0][-4:], "euros"): 5000.0})
    return made_of(question, filled(question, saved, sheet, {("IT", labels[0]): 10.0}))


def test_quarters_and_years_without_a_limit_are_told(question, both) -> None:
    labels = [quarter.label for quarter in both.inputs.quarters]
    assert sorted(both.plan.starts.values()) == [0, 1]
    caveats = answer_on(question, both).caveats
    assert caveats == (
        f"Ohne Kapazität angegeben und deshalb nicht begrenzt: IT ({labels[1]}).",
        f"Ohne Budget angegeben und deshalb nicht begrenzt: {labels[4][-4:]}.",
    )
    assert set(caveats) <= set(shown(answer_on(question, both), "plan_load").notes)


def with_plan(made, **parts):
    return dataclasses.replace(made, plan=dataclasses.replace(made.plan, **parts))


def test_a_plan_that_is_not_proved_says_so_on_everything_that_is_exported(question, both) -> None:
    near = with_plan(both, bound=both.plan.value * 1.0312)
    told = "Nicht bewiesen: Ein anderer Plan könnte bis zu 3,2\u00a0% besser sein."
    answer = answer_on(question, near)
    assert told in answer.caveats
    for name in ("plan_gantt", "plan_services", "plan_waiting", "plan_load"):
        exhibit = shown(answer, name)
        assert told in exhibit.notes
        assert " · Näherung, bis zu 3,2\u00a0% besser möglich · " in exhibit.subtitle
    assert not any("größten" in note for note in shown(answer, "plan_gantt").notes)
    proved = answer_on(question, both)
    assert shown(proved, "plan_gantt").notes[0].startswith("Der Plan mit der größten Summe")
    assert "Näherung" not in shown(proved, "plan_gantt").subtitle
    worthless = with_plan(both, value=0.0, bound=5.0)
    assert (
        "Nicht bewiesen: Um wie viel ein anderer Plan besser sein könnte" in plan_rows.unproved(worthless)[0]
    )


def test_what_would_have_room_displaces_something_only_in_a_proved_plan(both) -> None:
    first = STARTABLE[0]
    left = with_plan(both, starts={STARTABLE[1]: 0}, live={STARTABLE[1]: 0})
    left = dataclasses.replace(left, extra={first: Extra({}, {})})
    assert plan_rows.next_push(left, first)[1] == "Hätte Platz, verdrängte aber Früheres"
    near = with_plan(left, bound=2 * left.plan.value)
    assert plan_rows.next_push(near, first)[1] == "Hätte Platz; ob dafür Früheres weicht, ist nicht gerechnet"


def test_time_that_ran_out_is_told_as_not_worked_out(question, both) -> None:
    made = with_plan(both, starts={}, live={}, value=0.0, bound=math.inf, feasible=None)
    answer = answer_on(question, made)
    assert answer.message.startswith("Plan nicht gerechnet: In der Rechenzeit fand sich keiner")
    assert {figure.label for figure in answer.figures} == {"Nicht planbar"}
    states = shown(answer, "plan_services").frame.set_index("service_id")["state"]
    assert {states[service] for service in STARTABLE} == {"nicht gerechnet"}
    assert plan_rows.next_push(made, STARTABLE[0])[1] == "Nicht gerechnet"
    unnamed = with_plan(both, starts={}, live={}, feasible=False)
    assert plan_rows.message(unnamed).endswith("welche einander im Weg stehen, ist nicht gerechnet.")
    clashing = dataclasses.replace(unnamed, clash=Clash(STARTABLE, Extra({}, {}, possible=None)))
    clashing.inputs.plan["projects"][STARTABLE[0]]["due"] = both.inputs.quarters[0].label
    clashing.inputs.plan["projects"][STARTABLE[1]]["due"] = both.inputs.quarters[0].label
    assert plan_rows.message(clashing).endswith("gehen zusammen nicht. Was fehlt, ist nicht gerechnet.")


def waiting_for(made, extra):
    """The plan without its two services, which lack this room."""
    left = with_plan(made, starts={}, live={})
    return dataclasses.replace(left, extra=dict(zip(left.waiting, extra, strict=False)))


def test_room_that_time_did_not_find_is_not_no_room(both) -> None:
    made = waiting_for(both, [Extra({}, {}, possible=None), Extra({}, {}, possible=False)])
    first, second = made.waiting
    assert plan_rows.next_push(made, first)[:2] == ("IT", "Mehr Platz; wie viel, ist hier nicht gerechnet")
    assert plan_rows.next_push(made, second)[1] == "Kein Platz in diesem Zeitraum"


def test_what_is_missing_is_rounded_up_and_the_least_only_where_that_is_known(question, both) -> None:
    days, euros = Extra({("IT", 0): 2.34}, {}), Extra({}, {2026: 1999.2})

    def headline(*extra):
        made = waiting_for(both, extra)
        exhibit = plan_rows.waiting_table(question, made)
        return exhibit.headline.replace("\u00a0", " "), [made.decision.names[one] for one in made.waiting]

    text, names = headline(days, euros)
    assert text == f"Am wenigsten fehlt für „{names[1]}“: 2.000 Euro mehr"
    text, names = headline(days)
    assert (
        text
        == f"Unter den 1 mit den meisten Punkten fehlt am wenigsten für „{names[0]}“: 2,4 Personentage mehr"
    )
    text, names = headline(Extra({("IT", 0): 0.04}, {}, proved=False), days)
    assert text == f"Zum Beispiel fehlt für „{names[0]}“: höchstens 0,1 Personentage mehr"
    quarter = both.inputs.quarters[0].label
    words = plan_rows.missing_words(both, dataclasses.replace(days, proved=False)).replace("\u00a0", " ")
    assert words == f"höchstens 2,4 Personentage (IT, {quarter})"
    assert plan_rows.missing_words(both, Extra({("IT", 0): 2.3}, {})).startswith("2,3\u00a0")


def test_a_legal_date_that_is_over_says_when_it_was(question, saved) -> None:
    first = STARTABLE[0]
    scenario = filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0})
    before = quarters_from(scenario.data_date)[0].after(-1).label
    own = scenario.plan["projects"][first] | {"due": before}
    late = dataclasses.replace(scenario, plan={"projects": {first: own}})
    made = made_of(question, late)
    assert made.plan.starts == {first: 0}
    assert plan_rows.why_in(made, first) == f"gesetzlicher Termin war im {before}"
    none = dataclasses.replace(
        late, plan=late.plan | {"capacity": {"IT": {made.inputs.quarters[0].label: 4.0}}}
    )
    message = plan_rows.message(made_of(question, none))
    assert f"(Termin war im {before}, jetzt live bis {made.inputs.quarters[0].label})" in message


RATES = {"day": 500.0, "hour": 40.0, "discount": 2.0, "years": 3.0}
RATES_GIVEN = Rates(500.0, 40.0, 0.02, 3)
BENEFIT = benefit_sheet(RATES)


def test_the_economic_view_names_what_is_missing_and_values_what_is_known(question, saved) -> None:
    first, second = STARTABLE
    scenario = filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0, (second, "tage-IT"): 4.0})
    assert shown(answer_on(question, made_of(question, scenario)), "plan_economy") is None
    filled(question, saved, CONDITIONS, {(first, "once"): 2000.0, (first, "yearly"): 300.0})
    scenario = filled(question, saved, BENEFIT, {(first, "cases"): 1200.0, (first, "minutes"): 6.0})
    assert scenario.plan["rates"] == RATES
    made = made_of(question, scenario)
    answer = answer_on(question, made)
    table = shown(answer, "plan_economy")
    rows = table.frame.set_index("service_id")
    value = -7000 + sum((4800 - 300) / 1.02**year for year in (1, 2, 3))
    assert rows.loc[first, "value"] == pytest.approx(value)
    assert rows.loc[first, "even_after"] == "im 2. Jahr"
    assert rows["value"].notna().sum() == 1
    assert "einmalige Kosten" in rows.loc[second, "missing"]
    name = made.decision.names[first]
    headline = table.headline.replace("\xa0", " ")
    assert headline == f"Kapitalwert bekannt für 1 von {len(rows)} Leistungen: „{name}“ (5.977 Euro)"
    assert "500 Euro je Personentag, 40 Euro je Stunde Sachbearbeitung, 2,00 % Zins, 3 Jahre" in table.notes[
        1
    ].replace("\xa0", " ")
    even = shown(answer, "plan_break_even")
    (needed,) = even.frame["even_cases"]
    assert present_value(Business(10.0, 2000.0, 300.0, needed, 6.0), RATES_GIVEN) >= 0
    assert present_value(Business(10.0, 2000.0, 300.0, needed - 1, 6.0), RATES_GIVEN) < 0
    assert f"trägt sich ab {needed:.0f} Fällen je Jahr, angenommen sind 1.200" in even.headline
    assert ("Satz", "Kalkulationszins (%)", "Wert", "2") in set(
        shown(answer, "plan_inputs").frame.itertuples(index=False, name=None)
    )
    # Other settings later change nothing: the scenario keeps its rates, and their sheet changes them.
    later = filled(question, saved, benefit_sheet({**RATES, "hour": 99.0}), {(first, "minutes"): 7.0})
    assert later.plan["rates"]["hour"] == 40.0
    assert filled(question, saved, rate_sheet(RATES), {("rates", "hour"): 50.0}).plan["rates"]["hour"] == 50.0
    for cell, wrong in (("years", 2.5), ("years", None), ("discount", 80.0), ("hour", -1.0)):
        with pytest.raises(WorkspaceError):
            rate_sheet(RATES).with_row(later, "rates", {**RATES, cell: wrong})
    none = filled(question, saved, BENEFIT, {(first, "cases"): 0.0})
    even = shown(answer_on(question, made_of(question, none)), "plan_break_even")
    assert even.headline.endswith("angenommen sind 0")


def test_the_paper_for_an_audit_office_names_every_gap(question, saved) -> None:
    measured = ground(question, saved.name)
    decision = measured.weighed(None)
    slides = audit_paper(measured, decision, [], None)
    pages = {page.id: page for page in slides.pages}
    gaps = " ".join(pages["gaps"].paragraphs)
    for words in (
        "Keine Abstimmung",
        "Keine Angaben zu Aufwand",
        "Noch kein Beschluss",
        "nicht festgeschrieben",
    ):
        assert words in gaps
    assert pages["gaps"].headline == f"Was fehlt: {len(pages['gaps'].paragraphs)}\xa0Punkte"
    assert pages["economy"].headline == "Wirtschaftlichkeit: nicht untersucht"
    first, _ = STARTABLE
    filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0})
    measured = ground(question, saved.name)
    pages = {page.id: page for page in audit_paper(measured, measured.weighed(None), [], None).pages}
    assert pages["economy"].headline == "Wirtschaftlichkeit: nicht untersucht"
    assert {"plan_gantt", "plan_inputs", "who", "dissent"} <= set(pages)  # the plan without euros
    assert pages["plan"].paragraphs[0].startswith("Von Q1 2026 bis ")
    assert any("nicht begrenzt" in line for line in pages["plan"].paragraphs[1:])
    filled(question, saved, CONDITIONS, {(first, "once"): 2000.0, (first, "yearly"): 300.0})
    filled(question, saved, BENEFIT, {(first, "cases"): 1200.0, (first, "minutes"): 6.0})
    measured = ground(question, saved.name)
    slides = audit_paper(measured, measured.weighed(None), [], None)
    pages = {page.id: page for page in slides.pages}
    assert {
        "criteria",
        "ranking_by_lane",
        "plan_economy",
        "plan_break_even",
        "plan_inputs",
        "sensitivity",
        "origin",
    } <= set(pages)
    lines = " ".join(pages["procedure"].paragraphs)
    assert f"Kapitalwert für 1 von {len(decision.ranking)} Leistungen bekannt" in lines.replace("\xa0", " ")
    without = len(decision.ranking) - 1
    named = [line for line in pages["gaps"].paragraphs if line.startswith("Ohne Kapitalwert")]
    assert sum(line.count("„") for line in named) == without
    paper = paper_of(outgoing_slides(slides), "Stadt")
    assert paper.sections[0].headline == "Wie entschieden wurde"


def test_a_locked_plan_is_computed_with_rates_and_departments_of_its_day(question, saved) -> None:
    first, _ = STARTABLE
    filled(question, saved, EFFORT, NO_DAYS | {(first, "tage-IT"): 10.0})
    scenario = filled(question, saved, CONDITIONS, {(first, "once"): 2000.0, (first, "yearly"): 300.0})
    base = basis_of(scenario)
    kept = frozen(question, weighed(base), base)
    assert kept["departments"][first] == "FB 50"
    own = {**kept, "rates": {**kept["rates"], "hour": 123.0}, "departments": {first: "FB 50; FB 99"}}
    locked = lock_scenario(question.workspace, scenario, "A", frozen=own)
    made = planned(question, weighed(basis_of(locked)), kept_plan(basis_of(locked)))
    assert economic_rows.rates_of(question, made).hour == 123.0
    assert made.inputs.departments[first] == "FB 50; FB 99"
    assert first in made.programme.apart  # FB 99 has not answered
    opened = lock_scenario(question.workspace, locked, "A", locked=False)
    made = planned(question, weighed(basis_of(opened)), kept_plan(basis_of(opened)))
    assert made.inputs.departments[first] == "FB 50"


def test_what_was_taken_out_of_the_scenario_is_told_nowhere(question, saved) -> None:
    scenario = filled(question, saved, CONDITIONS, {("hundesteuer", "once"): 2000.0})
    less = dataclasses.replace(
        scenario,
        matrix=scenario.matrix.drop(index="hundesteuer"),
        services=scenario.services.drop(index="hundesteuer"),
    )
    made = made_of(question, less)
    assert not economic_rows.entered(made)
    assert shown(answer_on(question, made), "plan_inputs") is None
