import datetime as dt
import math
from dataclasses import replace

import pandas as pd
import pytest

from portalkompass.prioritisation import Criterion, evaluate, ranking
from portalkompass.workspace import (
    Agenda,
    Decision,
    Remark,
    Scenario,
    StaleEdit,
    Workspace,
    WorkspaceError,
    add_remarks,
    agenda_of,
    audit_list,
    begin_workshop,
    change_agenda,
    change_remark,
    decide,
    decisions,
    delete_scenario,
    load_scenario,
    lock_scenario,
    promises,
    remarks,
    rename_scenario,
    save_scenario,
    scenario_list,
    turn_clock,
    withdraw,
)
from tests.prioritisation.example import CRITERIA, MATRIX, WEIGHTS

DAY = dt.date(2025, 12, 17)
SERVICES = pd.DataFrame(
    {
        "name": ["Hundesteuer und -marke", "Bauportal", "Reitkennzeichen"],
        "list": ["anstehend"] * 3,
        "lane": ["startbar", "wartet auf andere", ""],
        "lane_reason": ["", "Fachverfahren des Landes", ""],
    },
    index=["a", "b", "c"],
)
DRAFT = Scenario(
    name="Workshop Januar",
    criteria_version="2025-12-15",
    criteria=tuple(criterion.model_dump(mode="json") for criterion in CRITERIA),
    weights=WEIGHTS,
    anchors={"clicks": (100.0, 10_000.0)},
    assessments={"a": {"effort": {"value": 3, "note": "mit Kasse klären", "confidence": "mittel"}}},
    matrix=MATRIX,
    services=SERVICES,
    data_date=dt.date(2025, 12, 15),
    snapshot="20251217T031500Z",
    app_version="0.1.0",
    note="erste Runde",
)


def result(scenario: Scenario) -> pd.DataFrame:
    criteria = [Criterion.model_validate(dict(criterion)) for criterion in scenario.criteria]
    return ranking(evaluate(scenario.matrix, criteria, scenario.weights), scenario.services["lane"].to_dict())


def test_an_old_scenario_gives_exactly_its_ranking_without_any_warehouse(workspace: Workspace) -> None:
    odd = MATRIX * (1 / 3)
    save_scenario(workspace, replace(DRAFT, matrix=odd), "anna")
    found = load_scenario(workspace, "Workshop Januar")
    pd.testing.assert_frame_equal(found.matrix, odd, check_exact=True, check_index_type=False)
    pd.testing.assert_frame_equal(result(found), result(replace(DRAFT, matrix=odd)), check_exact=True)


def test_everything_of_a_scenario_comes_back(workspace: Workspace) -> None:
    saved = save_scenario(workspace, DRAFT, "anna")
    assert (saved.weights, saved.anchors, saved.assessments) == (WEIGHTS, DRAFT.anchors, DRAFT.assessments)
    assert saved.services.loc["b"].to_dict() == {**SERVICES.loc["b"].to_dict(), "trend_note": ""}
    assert (saved.data_date, saved.snapshot, saved.app_version, saved.note) == (
        dt.date(2025, 12, 15),
        "20251217T031500Z",
        "0.1.0",
        "erste Runde",
    )
    assert (saved.created_by, saved.updated_by, saved.version, saved.locked) == ("anna", "anna", 1, False)


def test_a_scenario_without_services_is_allowed(workspace: Workspace) -> None:
    saved = save_scenario(workspace, Scenario("leer"), "anna")
    assert saved.matrix.empty
    assert saved.services.empty


def test_of_two_editors_the_second_save_is_refused(workspace: Workspace) -> None:
    read = save_scenario(workspace, DRAFT, "anna")
    save_scenario(workspace, replace(read, note="von Anna"), "anna")
    with pytest.raises(StaleEdit, match="Version 2, Ihre Fassung beruht auf Version 1") as caught:
        save_scenario(workspace, replace(read, note="von Berta"), "berta")
    assert caught.value.theirs is not None
    assert load_scenario(workspace, DRAFT.name).note == "von Anna"


def test_a_name_is_given_once(workspace: Workspace) -> None:
    save_scenario(workspace, DRAFT, "anna")
    before = workspace.revision()
    with pytest.raises(WorkspaceError, match="gibt es schon"):
        save_scenario(workspace, DRAFT, "berta")
    assert workspace.revision() == before


def test_a_renamed_workshop_keeps_everything_and_no_name_is_written_over_unseen(workspace: Workspace) -> None:
    one = begin_workshop(workspace, DRAFT, Agenda(0, day=DAY), "anna")
    save_scenario(workspace, replace(DRAFT, name="Anderer"), "anna")
    rename_scenario(workspace, one.id, DRAFT.name, " Workshop Februar ", "anna")
    assert load_scenario(workspace, "Workshop Februar").weights == DRAFT.weights
    assert agenda_of(workspace, one.id).day == DAY
    assert audit_list(workspace)["detail"].iloc[0] == "Workshop Januar → Workshop Februar"
    for seen, name, sentence in (
        (DRAFT.name, "Workshop März", "inzwischen „Workshop Februar“ .von anna."),
        ("Workshop Februar", "Anderer", "„Anderer“ gibt es schon"),
        ("Workshop Februar", "  ", "braucht einen Namen"),
    ):
        with pytest.raises(WorkspaceError, match=sentence):
            rename_scenario(workspace, one.id, seen, name, "bernd")
    with pytest.raises(StaleEdit):  # what was read under the old name does not bring it back
        save_scenario(workspace, replace(one, note="später"), "bernd")
    lock_scenario(workspace, load_scenario(workspace, "Workshop Februar"), "anna")
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        rename_scenario(workspace, one.id, "Workshop Februar", "Workshop März", "anna")


def test_a_copy_is_open_even_where_the_original_is_locked(workspace: Workspace) -> None:
    locked = lock_scenario(workspace, save_scenario(workspace, DRAFT, "anna"), "anna")
    copy = save_scenario(workspace, replace(locked, name="Variante", id=0, version=0), "berta")
    assert (copy.locked, copy.created_by, copy.version) == (False, "berta", 1)
    assert scenario_list(workspace)[["name", "locked"]].to_numpy().tolist() == [
        ["Variante", False],
        ["Workshop Januar", True],
    ]


def test_a_locked_scenario_is_neither_changed_nor_deleted_until_it_is_opened(workspace: Workspace) -> None:
    locked = lock_scenario(workspace, save_scenario(workspace, DRAFT, "anna"), "anna")
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        save_scenario(workspace, replace(locked, note="anders"), "anna")
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        delete_scenario(workspace, locked, "anna")
    opened = lock_scenario(workspace, locked, "anna", locked=False)
    assert save_scenario(workspace, replace(opened, note="anders"), "anna").note == "anders"


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(DRAFT, name=" "), "Namen"),
        (replace(DRAFT, weights={"clicks": math.nan}), "endliche Zahl"),
        (replace(DRAFT, anchors={"clicks": (1, math.inf)}), "endliche Zahl"),
        (replace(DRAFT, matrix=MATRIX.replace(10_000, math.inf)), "unendlicher Wert"),
    ],
)
def test_what_cannot_be_reproduced_is_not_saved(workspace: Workspace, draft: Scenario, sentence: str) -> None:
    with pytest.raises(WorkspaceError, match=sentence):
        save_scenario(workspace, draft, "anna")


def test_an_unknown_name_lists_the_saved_ones(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="noch keines"):
        load_scenario(workspace, "Wunsch")
    save_scenario(workspace, DRAFT, "anna")
    with pytest.raises(WorkspaceError, match="gespeichert sind: Workshop Januar"):
        load_scenario(workspace, "Wunsch")


def test_a_decision_locks_its_scenario(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    saved = decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "anna")
    assert decisions(workspace, scenario.id) == [saved]
    assert load_scenario(workspace, DRAFT.name).locked
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        save_scenario(workspace, scenario, "berta")


def test_what_a_decision_rests_on_is_not_changed_under_it(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    decided = decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "anna")
    opened = lock_scenario(workspace, load_scenario(workspace, DRAFT.name), "anna", locked=False)
    with pytest.raises(WorkspaceError, match="beruhen Entscheidungen"):
        save_scenario(workspace, replace(opened, weights={"clicks": 1.0}), "anna")
    assert load_scenario(workspace, DRAFT.name).weights == DRAFT.weights
    withdraw(workspace, decided, "anna")
    assert save_scenario(workspace, replace(opened, note="anders"), "anna").note == "anders"


def test_what_was_promised_stays_whatever_is_decided_later(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    refused = Decision(scenario.id, "a", "abgelehnt", DAY, "kein Bedarf")
    first = decide(workspace, refused, "anna", promised={"clicks": 1})
    assert promises(workspace) == []  # what is not begun promises nothing
    begun = decide(workspace, replace(first, decision="beschlossen"), "anna", promised={"clicks": 2})
    again = decide(workspace, replace(begun, reason="Frist"), "bernd", promised={"clicks": 3})
    withdraw(workspace, again, "anna")
    anew = Decision(scenario.id, "a", "beschlossen", DAY + dt.timedelta(days=1))
    decide(workspace, decide(workspace, anew, "anna", promised={"clicks": 2}), "anna", promised={"clicks": 4})
    assert [(one.content, one.made_on, one.updated_by) for one in promises(workspace, scenario.id)] == [
        ({"clicks": 2}, DAY, "anna")
    ]
    withdraw(workspace, decisions(workspace)[0], "anna")
    decide(
        workspace, anew, "anna", promised={"clicks": 5}
    )  # decided anew on newer data: a promise of its own
    assert [one.content for one in promises(workspace)] == [{"clicks": 2}, {"clicks": 5}]


def test_two_people_cannot_decide_the_same_twice(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    first = decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "anna")
    with pytest.raises(StaleEdit) as caught:
        decide(workspace, Decision(scenario.id, "a", "abgelehnt", DAY, "kein Bedarf"), "berta")
    assert caught.value.theirs == first
    changed = decide(workspace, replace(first, decision="zurückgestellt", reason="Vertrag fehlt"), "anna")
    with pytest.raises(StaleEdit):
        withdraw(workspace, first, "berta")
    withdraw(workspace, changed, "anna")
    assert decisions(workspace) == []


@pytest.mark.parametrize(
    ("decision", "reason", "sentence"), [("vertagt", "x", "erlaubt"), ("abgelehnt", " ", "Grund")]
)
def test_what_a_decision_must_say(workspace: Workspace, decision: str, reason: str, sentence: str) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    with pytest.raises(WorkspaceError, match=sentence):
        decide(workspace, Decision(scenario.id, "a", decision, DAY, reason), "anna")


def test_decisions_go_with_a_deleted_scenario(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "anna")
    opened = lock_scenario(workspace, load_scenario(workspace, DRAFT.name), "anna", locked=False)
    delete_scenario(workspace, opened, "anna")
    assert decisions(workspace) == []
    with pytest.raises(WorkspaceError, match="gibt es nicht mehr"):
        decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "anna")


def test_the_audit_says_who_did_what(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "berta")
    found = audit_list(workspace, limit=2)
    assert found[["who", "what", "detail"]].to_numpy().tolist() == [
        ["berta", "Entscheidung festgehalten", "a: beschlossen"],
        ["anna", "Szenario angelegt", "Workshop Januar"],
    ]


def test_two_people_fill_a_workshop_and_nothing_is_saved_over_unseen(workspace: Workspace) -> None:
    one = begin_workshop(workspace, DRAFT, Agenda(0, day=DAY, departments=("FB 50",)), "anna")
    change_agenda(workspace, one.id, "people", "", "Erika", "anna")
    change_agenda(workspace, one.id, "departments", ("FB 50",), ("FB 50", "IT"), "bernd")
    with pytest.raises(WorkspaceError, match="inzwischen „Erika“"):
        change_agenda(workspace, one.id, "people", "", "Paul", "bernd")
    decide(workspace, Decision(one.id, "a", "beschlossen", DAY), "anna")
    change_agenda(workspace, one.id, "people", "Erika", "Erika, Paul", "bernd")  # after the decision, too
    revision = workspace.revision()
    turn_clock(workspace, one.id, "Gewichten", "anna")
    kept = agenda_of(workspace, one.id)
    assert (kept.people, kept.departments, kept.day) == ("Erika, Paul", ("FB 50", "IT"), DAY)
    assert (kept.step, workspace.revision()) == ("Gewichten", revision)
    assert load_scenario(workspace, DRAFT.name).version == one.version + 1  # by the decision alone
    with pytest.raises(WorkspaceError, match="gibt es schon"):
        begin_workshop(workspace, DRAFT, Agenda(0), "anna")


def test_an_open_question_is_noted_once_and_changed_where_it_was_seen(workspace: Workspace) -> None:
    one = save_scenario(workspace, DRAFT, "anna")
    assert agenda_of(workspace, one.id).id == 0
    asked = Remark(one.id, "offen", "Vertrag klären", "FB 50")
    add_remarks(workspace, [asked], "anna")
    add_remarks(workspace, [asked, Remark(one.id, "abweichend", "Erst B", "IT")], "bernd")
    first, _ = remarks(workspace, one.id)
    change_remark(workspace, first.id, "due", None, DAY, "anna")
    with pytest.raises(WorkspaceError, match="inzwischen „17"):
        change_remark(workspace, first.id, "due", None, dt.date(2026, 1, 1), "bernd")
    change_remark(workspace, first.id, "owner", "FB 50", "FB 36", "bernd")
    told = [(now.kind, now.text, now.owner, now.due) for now in remarks(workspace, one.id)]
    assert told == [("offen", "Vertrag klären", "FB 36", DAY), ("abweichend", "Erst B", "IT", None)]
    # another's dissent in the same words is one of its own
    again = [Remark(one.id, "abweichend", "Erst B", owner) for owner in ("IT", "FB 50")]
    assert (add_remarks(workspace, again, "anna"), add_remarks(workspace, [asked], "anna")) == (1, 0)
    assert [now.owner for now in remarks(workspace, one.id)] == ["FB 36", "IT", "FB 50"]


def test_two_who_plan_different_steps_both_stay(workspace: Workspace) -> None:
    one = save_scenario(workspace, DRAFT, "anna")
    change_agenda(workspace, one.id, "minutes", None, 20, "anna", "Vorbereiten")
    change_agenda(workspace, one.id, "minutes", None, 25, "bernd", "Gewichten")
    with pytest.raises(WorkspaceError, match="Gewichten: Gespeichert ist inzwischen „25“"):
        change_agenda(workspace, one.id, "minutes", None, 30, "anna", "Gewichten")
    assert agenda_of(workspace, one.id).minutes == {"Vorbereiten": 20, "Gewichten": 25}


def test_with_the_lock_a_plan_keeps_what_it_was_computed_with(workspace: Workspace) -> None:
    facts = {"rates": {"day": 500.0}, "departments": {"a": "FB 50"}}
    plan = {"projects": {"a": {"once": 2000.0}}}
    one = save_scenario(workspace, replace(DRAFT, plan=plan), "anna")
    decide(workspace, Decision(one.id, "a", "beschlossen", DAY), "anna", facts)
    decide(workspace, Decision(one.id, "b", "beschlossen", DAY), "anna", {"rates": {"day": 600.0}})
    kept = load_scenario(workspace, DRAFT.name)
    assert kept.plan == plan | facts
    opened = lock_scenario(workspace, kept, "anna", locked=False)
    newer = {"rates": {"day": 600.0}, "departments": {"a": "FB 51"}}
    again = lock_scenario(workspace, opened, "anna", frozen=newer)
    assert again.plan == plan | {"rates": {"day": 500.0}, "departments": {"a": "FB 51"}}
    other = save_scenario(workspace, replace(DRAFT, name="ohne Plan"), "anna")
    assert lock_scenario(workspace, other, "anna", frozen=facts).plan == {}


def test_the_audit_says_which_weight_became_which(workspace):
    saved = save_scenario(workspace, replace(DRAFT, weights={"clicks": 50.0, "effort": 50.0}), "anna")
    save_scenario(workspace, replace(saved, weights={"clicks": 50.0, "effort": 100.0}), "bernd")
    line = audit_list(workspace, limit=1).iloc[0]
    assert (line["who"], line["what"]) == ("bernd", "Gewichte geändert")
    assert "33\xa0%" in line["detail"] and "50\xa0% → 67\xa0%" in line["detail"]
