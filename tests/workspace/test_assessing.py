import pytest

from portalkompass.workspace import (
    Round,
    RoundClosed,
    Workspace,
    WorkspaceError,
    assess,
    assessment_rounds,
    audit_list,
    ballot_of,
    cast,
    close_round,
    known_cells,
    load_scenario,
    lock_scenario,
    open_assessment,
    open_round,
    round_of_code,
    rounds,
    save_scenario,
    voices,
)
from tests.workspace.test_scenarios import DRAFT
from tests.workspace.test_voting import CRITERIA, POINTS

LADDER = {
    "id": "effort",
    "label": "Aufwand",
    "help": "",
    "direction": "lower",
    "levels": [{"value": 1.0, "label": "Tage"}, {"value": 2.0, "label": "Wochen"}],
}
ASKED = {
    "services": {"a": "Hundesteuer", "b": "Bauportal"},
    "departments": {"FB 20": ["a"], "IT": []},
    "cells": {"a": ["effort"], "b": ["effort"]},
}


@pytest.fixture
def opened(workspace: Workspace) -> Round:
    return open_assessment(workspace, save_scenario(workspace, DRAFT, "anna"), [LADDER], ASKED, "anna")


def test_a_device_says_what_its_department_knows_and_what_it_opened(
    workspace: Workspace, opened: Round
) -> None:
    assert round_of_code(workspace, opened.code) == opened
    assess(workspace, opened.id, "p1", department="FB 20")
    assess(workspace, opened.id, "p1", given={"a": {"effort": 2.0}})
    assess(workspace, opened.id, "p1", opened="b")
    assess(workspace, opened.id, "p1", given={"b": {"effort": None}})
    said = voices(workspace, opened).fillna(-1.0).to_numpy().tolist()
    assert said == [[0, "FB 20", "a", "effort", 2.0], [0, "FB 20", "b", "effort", -1.0]]
    own = ballot_of(workspace, opened.id, "p1")
    assert own is not None
    assert known_cells(opened, own["assessments"]) == ASKED["cells"]
    assess(workspace, opened.id, "p1", department="IT")  # which knows what it opened only
    assert voices(workspace, opened)["service"].tolist() == ["b"]


@pytest.mark.parametrize(
    "said",
    [
        {"given": {"a": {"effort": 1.0}}},
        {"department": "FB 99"},
        {"department": "FB 20", "opened": "z"},
        {"department": "FB 20", "given": {"b": {"effort": 1.0}}},
        {"department": "FB 20", "given": {"a": {"clicks": 1.0}}},
        {"department": "FB 20", "given": {"a": {"effort": 1.5}}},
        {"department": "FB 20", "given": {"a": {"effort": float("nan")}}},
    ],
)
def test_what_a_device_is_not_asked_is_refused(workspace: Workspace, opened: Round, said: dict) -> None:
    with pytest.raises(WorkspaceError, match="passt nicht"):
        assess(workspace, opened.id, "p1", **said)
    assert voices(workspace, opened).empty


def test_assessments_and_votes_on_weights_are_rounds_apart(workspace: Workspace, opened: Round) -> None:
    scenario = load_scenario(workspace, DRAFT.name)
    vote = open_round(workspace, scenario, CRITERIA, "anna")
    assert [one.id for one in rounds(workspace, scenario.id)] == [vote.id]
    assert [one.id for one in assessment_rounds(workspace, scenario.id)] == [opened.id]
    with pytest.raises(WorkspaceError, match="läuft schon"):
        open_assessment(workspace, scenario, [LADDER], ASKED, "anna")
    with pytest.raises(WorkspaceError, match="passt nicht"):
        cast(workspace, opened.id, "p1", POINTS)
    with pytest.raises(WorkspaceError, match="passt nicht"):
        assess(workspace, vote.id, "p1", department="FB 20")


def test_rounds_are_numbered_and_end_with_the_lock(workspace: Workspace, opened: Round) -> None:
    scenario = load_scenario(workspace, DRAFT.name)
    before = workspace.revision()
    assess(workspace, opened.id, "p1", department="FB 20")
    assert workspace.revision() == before
    close_round(workspace, opened, "anna")
    again = open_assessment(workspace, scenario, [LADDER], ASKED | {"cells": {"a": ["effort"]}}, "anna")
    assert again.assessing is not None
    assert again.assessing["number"] == 2
    lines = audit_list(workspace)
    assert set(lines["what"]) >= {"Einschätzung auf Geräten eröffnet", "Einschätzung auf Geräten beendet"}
    lock_scenario(workspace, scenario, "anna")
    with pytest.raises(RoundClosed, match="Einschätzung wurde nicht gespeichert"):
        assess(workspace, again.id, "p1", department="FB 20")
    with pytest.raises(WorkspaceError, match="nichts einzuschätzen"):
        open_assessment(workspace, scenario, [], ASKED | {"cells": {}}, "anna")
