import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from portalkompass.workspace import (
    Decision,
    Scenario,
    Sheet,
    Workspace,
    WorkspaceError,
    audit_list,
    decide,
    delete_scenario,
    drafts_of,
    keep_draft,
    last_changes,
    load_scenario,
    lock_scenario,
    read_sheet,
    save_cells,
    save_scenario,
    settle,
)
from portalkompass.workspace.storage.merging import merged
from portalkompass.workspace.storage.tables import sheet_drafts
from tests.workspace.test_scenarios import DAY, DRAFT


def rows(scenario: Scenario) -> dict[str, dict[str, Any]]:
    return {
        str(service): {"lane": row["lane"], "lane_reason": row["lane_reason"]}
        for service, row in scenario.services.to_dict("index").items()
    }


def with_row(scenario: Scenario, service: str, row: Mapping[str, Any]) -> Scenario:
    if row["lane"] != scenario.services["lane"].to_dict()[service] and not row["lane_reason"]:
        raise WorkspaceError("Bitte den Grund nennen.")
    services = scenario.services.copy()
    services.loc[service, ["lane", "lane_reason"]] = [row["lane"], row["lane_reason"]]
    return replace(scenario, services=services)


def names(scenario: Scenario) -> dict[str, str]:
    return {str(service): str(name) for service, name in scenario.services["name"].items()}


LANES = Sheet("bahnen", "Bahn geändert", {"lane": "Bahn", "lane_reason": "Grund"}, names, rows, with_row)
REASON = ("a", "lane_reason")


def test_only_my_change_is_written_and_only_theirs_is_kept() -> None:
    opened = {("a", "x"): 1, ("b", "x"): 1, ("c", "x"): 1, ("d", "x"): 1}
    theirs = {("a", "x"): 1, ("b", "x"): 2, ("c", "x"): 3, ("d", "x"): 3}
    mine = {("a", "x"): 9, ("b", "x"): 1, ("c", "x"): 3, ("d", "x"): 4, ("gone", "x"): 5}
    outcome = merged(opened, mine, theirs)
    assert outcome.written == {("a", "x"): 9}
    assert outcome.clashes == {("d", "x"): 4}


def test_two_people_fill_different_cells_of_one_row_and_both_are_kept(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    opened = read_sheet(workspace, scenario.id, LANES).cells
    save_cells(workspace, scenario.id, LANES, opened, {("b", "lane_reason"): "Land prüft"}, "anna")
    save_cells(workspace, scenario.id, LANES, opened, {("b", "lane"): "startbar"}, "bernd")
    stored = load_scenario(workspace, scenario.name).services.loc["b"]
    assert stored[["lane", "lane_reason"]].tolist() == ["startbar", "Land prüft"]
    lines = audit_list(workspace, limit=2)
    assert lines[["who", "detail"]].to_numpy().tolist() == [
        ["bernd", "Workshop Januar · Bauportal · Bahn: wartet auf andere → startbar"],
        ["anna", "Workshop Januar · Bauportal · Grund: Fachverfahren des Landes → Land prüft"],
    ]


def test_a_clash_keeps_what_is_stored_and_shows_both_until_one_is_chosen(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    opened = read_sheet(workspace, scenario.id, LANES).cells
    save_cells(workspace, scenario.id, LANES, opened, {REASON: "Vertrag"}, "anna")
    save_cells(workspace, scenario.id, LANES, opened, {REASON: "Personal"}, "bernd")
    now = read_sheet(workspace, scenario.id, LANES)
    assert now.cells[REASON] == "Vertrag"
    (claim,) = now.claims[REASON]
    assert (claim.value, claim.who) == ("Personal", "bernd")
    assert last_changes(workspace, scenario.name, LANES, now, [REASON])[REASON][0] == "anna"

    settle(workspace, scenario.id, LANES, REASON, "Personal", "Vertrag", "carla")
    after = read_sheet(workspace, scenario.id, LANES)
    assert after.cells[REASON] == "Personal"
    assert after.claims == {}
    assert audit_list(workspace, limit=1)["detail"][0].endswith("Grund: Vertrag → Personal")


def test_a_choice_between_two_values_is_refused_where_a_third_came(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    opened = read_sheet(workspace, scenario.id, LANES).cells
    save_cells(workspace, scenario.id, LANES, opened, {REASON: "Vertrag"}, "anna")
    save_cells(workspace, scenario.id, LANES, opened, {REASON: "Personal"}, "bernd")
    save_cells(workspace, scenario.id, LANES, {REASON: "Vertrag"}, {REASON: "Geld"}, "anna")
    with pytest.raises(WorkspaceError, match="noch einmal geändert"):
        settle(workspace, scenario.id, LANES, REASON, "Personal", "Vertrag", "bernd")
    assert read_sheet(workspace, scenario.id, LANES).claims[REASON][0].value == "Personal"


def test_a_lane_without_its_reason_is_a_draft_that_counts_for_nothing_yet(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    opened = read_sheet(workspace, scenario.id, LANES).cells
    save_cells(workspace, scenario.id, LANES, opened, {("a", "lane"): "erst klären"}, "anna")
    now = read_sheet(workspace, scenario.id, LANES)
    assert now.rows["a"]["lane"] == "erst klären"
    assert (now.drafts["a"].value, now.drafts["a"].who) == ("Bitte den Grund nennen.", "anna")
    assert load_scenario(workspace, scenario.name).services["lane"]["a"] == "startbar"

    save_cells(workspace, scenario.id, LANES, now.cells, {REASON: "Satzung fehlt"}, "bernd")
    assert read_sheet(workspace, scenario.id, LANES).drafts == {}
    assert load_scenario(workspace, scenario.name).services.loc["a", "lane"] == "erst klären"
    assert audit_list(workspace, limit=2)["detail"].str.contains("→ erst klären|→ Satzung fehlt").all()


def test_a_locked_or_decided_scenario_takes_no_cell(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    opened = read_sheet(workspace, scenario.id, LANES).cells
    lock_scenario(workspace, scenario, "anna")
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        save_cells(workspace, scenario.id, LANES, opened, {REASON: "x"}, "bernd")
    lock_scenario(workspace, load_scenario(workspace, scenario.name), "anna", locked=False)
    decide(workspace, Decision(scenario.id, "a", "beschlossen", DAY), "anna")
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        save_cells(workspace, scenario.id, LANES, opened, {REASON: "x"}, "bernd")
    assert rows(load_scenario(workspace, scenario.name))["a"]["lane_reason"] == ""


def test_drafts_of_a_form_go_with_their_scenario(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    content = {"decision": "zurückgestellt", "reason": "Vertrag fehlt", "decided_on": DAY.isoformat()}
    keep_draft(workspace, scenario.id, "entscheidung", "a", content, "anna")
    drafts = drafts_of(workspace, scenario.id, "entscheidung")
    assert {who: draft.value for who, draft in drafts["a"].items()} == {"anna": content}
    keep_draft(workspace, scenario.id, "entscheidung", "a", {}, "anna")
    assert drafts_of(workspace, scenario.id, "entscheidung") == {}
    keep_draft(workspace, scenario.id, "entscheidung", "b", content, "anna")
    delete_scenario(workspace, scenario, "anna")
    assert drafts_of(workspace, scenario.id, "entscheidung") == {}


def test_two_people_have_a_draft_each_of_the_same_row(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    for who, reason in (("anna", "Vertrag"), ("bernd", "Personal"), ("anna", "Vertrag fehlt")):
        keep_draft(workspace, scenario.id, "entscheidung", "a", {"reason": reason}, who)
    keep_draft(workspace, scenario.id, "entscheidung", "b", {"reason": "Geld"}, "bernd")

    def told() -> dict[str, dict[str, Any]]:
        found = drafts_of(workspace, scenario.id, "entscheidung")
        return {
            row: {who: one.value["reason"] for who, one in drafts.items()} for row, drafts in found.items()
        }

    assert told() == {"a": {"anna": "Vertrag fehlt", "bernd": "Personal"}, "b": {"bernd": "Geld"}}
    keep_draft(workspace, scenario.id, "entscheidung", "a", {}, "bernd")
    assert told() == {"a": {"anna": "Vertrag fehlt"}, "b": {"bernd": "Geld"}}


def test_a_draft_of_an_earlier_version_is_its_writers(workspace: Workspace) -> None:
    scenario = save_scenario(workspace, DRAFT, "anna")
    keep_draft(workspace, scenario.id, "entscheidung", "a", {"reason": "alt"}, "anna")
    with workspace.collecting() as connection:
        connection.execute(sa.update(sheet_drafts).values(cell=""))  # as earlier versions kept it
    keep_draft(workspace, scenario.id, "entscheidung", "a", {"reason": "neu"}, "bernd")
    keep_draft(workspace, scenario.id, "entscheidung", "a", {"reason": "neuer"}, "anna")
    drafts = drafts_of(workspace, scenario.id, "entscheidung")["a"]
    assert {who: one.value["reason"] for who, one in drafts.items()} == {"bernd": "neu", "anna": "neuer"}


def test_the_moment_of_an_entry_is_that_of_its_save(workspace: Workspace) -> None:
    begin = dt.datetime.now(dt.UTC)
    scenario = save_scenario(workspace, DRAFT, "anna")
    opened = read_sheet(workspace, scenario.id, LANES).cells
    save_cells(workspace, scenario.id, LANES, opened, {REASON: "Vertrag"}, "anna")
    now = read_sheet(workspace, scenario.id, LANES)
    (_, at) = last_changes(workspace, scenario.name, LANES, now, [REASON])[REASON]
    assert begin <= at <= dt.datetime.now(dt.UTC)
