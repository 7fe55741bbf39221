from dataclasses import replace

import pytest

from portalkompass.workspace import (
    Profile,
    SavedView,
    StaleEdit,
    Workspace,
    WorkspaceError,
    discard,
    keep,
    kept,
)

RECORDS = [
    SavedView("Quartal", "rankings", "grain=week&from=2025-10-01"),
    Profile("Portal alt", "portal", {"Seite": "url", "Aufrufe": "page_views"}),
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_kept_guarded_and_discarded(workspace: Workspace, record: SavedView) -> None:
    saved = keep(workspace, record, "anna")
    assert kept(workspace, type(record)) == [saved]
    assert replace(saved, id=0, version=0, updated_by="", updated_at=None) == record
    newer = keep(workspace, saved, "berta")
    with pytest.raises(StaleEdit) as caught:
        keep(workspace, saved, "anna")
    assert caught.value.theirs == newer
    with pytest.raises(WorkspaceError, match="gibt es schon"):
        keep(workspace, record, "anna")
    discard(workspace, newer, "anna")
    assert kept(workspace, type(record)) == []


def test_a_record_needs_a_name(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="Ansicht: der Name fehlt"):
        keep(workspace, SavedView(" ", "rankings"), "anna")
