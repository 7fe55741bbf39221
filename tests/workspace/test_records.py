from collections.abc import Callable
from dataclasses import replace

import pytest

from portalkompass.workspace import (
    Decision,
    PageMove,
    Profile,
    RejectedProposal,
    Report,
    SavedView,
    ServiceLink,
    StaleEdit,
    Workspace,
    WorkspaceError,
    add_link,
    add_moves,
    allow_again,
    audit_list,
    cells_of,
    close_round,
    create_report,
    decide,
    discard,
    keep,
    kept,
    links,
    lock_scenario,
    move_page,
    open_round,
    page_moves,
    pages_of,
    read_sheet,
    reject,
    save_cells,
    save_scenario,
    save_texts,
    show_page,
    show_spread,
    track,
    untrack,
    update_link,
    update_move,
)
from tests.workspace.test_scenarios import DAY, DRAFT
from tests.workspace.test_sheets import LANES, REASON
from tests.workspace.test_voting import CRITERIA

RECORDS = [
    SavedView("Quartal", "rankings", "grain=week&from=2025-10-01"),
    Profile("Portal alt", "portal", {"Seite": "url", "Aufrufe": "page_views"}),
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_kept_guarded_and_discarded(workspace: Workspace, record: SavedView) -> None:
    saved = keep(workspace, record, "anna")
    assert kept(workspace, type(record)) == [saved]
    assert replace(saved, id=0, version=0, updated_by="", updated_at=None) == record
    newer = keep(workspace, replace(saved, name=f"{saved.name} neu"), "berta")
    with pytest.raises(StaleEdit) as caught:
        keep(workspace, saved, "anna")
    assert caught.value.theirs == newer
    with pytest.raises(WorkspaceError, match="gibt es schon"):
        keep(workspace, replace(record, name=newer.name), "anna")
    discard(workspace, newer, "anna")
    assert kept(workspace, type(record)) == []


def test_a_record_needs_a_name(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="Ansicht: der Name fehlt"):
        keep(workspace, SavedView(" ", "rankings"), "anna")


def saves_that_change_nothing(workspace: Workspace) -> dict[str, Callable[[], object]]:
    """Each door of the workspace at which what is there already can be said again, once it is there."""
    scenario = save_scenario(workspace, DRAFT, "anna")
    cells = read_sheet(workspace, scenario.id, LANES).cells
    voting = open_round(workspace, scenario, CRITERIA, "anna")
    close_round(workspace, voting, "anna")
    locked = lock_scenario(workspace, save_scenario(workspace, replace(DRAFT, name="fest"), "anna"), "anna")
    decision = decide(workspace, Decision(locked.id, "a", "beschlossen", DAY), "anna")
    link = add_link(workspace, ServiceLink("leistung", "url", "exact", "/x", service_id="a"), "anna")
    moves = [PageMove("https://a.de/", "https://a.de/alt", "https://a.de/neu", DAY)]
    add_moves(workspace, moves, "anna")
    (moved,) = page_moves(workspace, "https://a.de/")
    rejected, never = (RejectedProposal("https://a.de/", "url", one, "a") for one in ("/x", "/y"))
    reject(workspace, rejected, "anna")
    track(workspace, "https://a.de/", "hundesteuer", "anna")
    view = keep(workspace, RECORDS[0], "anna")
    report = create_report(workspace, Report("Sachstand"), ("summary", "top_pages"), "anna")
    pages = pages_of(workspace, report.id)
    texts = cells_of(report, pages)
    return {
        "scenario": lambda: save_scenario(workspace, scenario, "berta"),
        "cells": lambda: save_cells(workspace, scenario.id, LANES, cells, {REASON: cells[REASON]}, "berta"),
        "lock": lambda: lock_scenario(workspace, locked, "berta"),
        "decision": lambda: decide(workspace, decision, "berta"),
        "spread": lambda: show_spread(workspace, voting, "berta", shown=False),
        "round": lambda: close_round(workspace, voting, "berta"),
        "link": lambda: update_link(workspace, link, "berta"),
        "moves": lambda: add_moves(workspace, moves, "berta"),
        "move": lambda: update_move(workspace, moved, "berta"),
        "reject": lambda: reject(workspace, rejected, "berta"),
        "allow": lambda: allow_again(workspace, never, "berta"),
        "track": lambda: track(workspace, "https://a.de/", "hundesteuer", "berta"),
        "untrack": lambda: untrack(workspace, "https://a.de/", "kfz", "berta"),
        "view": lambda: keep(workspace, view, "berta"),
        "texts": lambda: save_texts(workspace, report.id, texts, {("", "name"): " Sachstand "}, "berta"),
        "page beyond the end": lambda: move_page(workspace, pages[0], -1, "berta"),
        "page shown": lambda: show_page(workspace, pages[0], "berta", shown=True),
    }


def test_a_save_that_changes_nothing_is_no_write_anywhere(workspace: Workspace) -> None:
    told: list[str] = []
    noting = replace(workspace, written=lambda _action, what: told.append(what))
    saves = saves_that_change_nothing(noting)
    before = workspace.revision(), workspace.links_revision(), len(audit_list(workspace))
    told.clear()
    for door, save in saves.items():
        save()
        after = workspace.revision(), workspace.links_revision(), len(audit_list(workspace))
        assert (told, after) == ([], before), door
    update_link(noting, replace(links(workspace)[-1], note="neu"), "berta")
    assert told == ["Zuordnung geändert"]
    assert workspace.revision() == before[0] + 1
