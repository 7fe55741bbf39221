import datetime as dt
from dataclasses import replace

import pytest

from portalkompass.workspace import (
    Annotation,
    StaleEdit,
    Workspace,
    WorkspaceError,
    add_annotation,
    annotations,
    delete_annotation,
)

CAMPAIGN = Annotation(
    dt.date(2025, 3, 1),
    "Kampagne",
    dt.date(2025, 3, 31),
    scope_site="sc-domain:a.de",
    scope_url="https://a.de/x",
)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (dt.date(2025, 9, 14), dt.date(2025, 12, 31), ["num=100 entfällt"]),
        (dt.date(2025, 9, 15), dt.date(2025, 12, 31), []),
        (dt.date(2024, 1, 1), dt.date(2025, 9, 10), ["Relaunch", "num=100 entfällt"]),
        (None, dt.date(2024, 7, 8), []),
        (dt.date(2024, 7, 9), dt.date(2024, 7, 9), ["Relaunch"]),
    ],
)
def test_a_period_is_crossed_from_its_first_to_its_last_day(
    workspace: Workspace, first: dt.date | None, last: dt.date, labels: list[str]
) -> None:
    assert [note.label for note in annotations(workspace, first=first, last=last)] == labels


def test_a_scope_keeps_an_annotation_to_its_property_and_page(workspace: Workspace) -> None:
    add_annotation(workspace, CAMPAIGN, "anna")
    here = annotations(workspace, site="sc-domain:a.de", url="https://a.de/x")
    other_page = annotations(workspace, site="sc-domain:a.de", url="https://a.de/y")
    other_site = annotations(workspace, site="sc-domain:b.de")
    assert [note.label for note in here] == ["Relaunch", "Kampagne", "num=100 entfällt"]
    assert len(other_page) == len(other_site) == 2


def test_a_saved_annotation_is_read_back_and_guarded(workspace: Workspace) -> None:
    stored = add_annotation(workspace, CAMPAIGN, "anna")
    assert replace(stored, id=0, version=0, updated_by="", updated_at=None) == CAMPAIGN
    delete_annotation(workspace, stored, "anna")
    assert [note.label for note in annotations(workspace)] == ["Relaunch", "num=100 entfällt"]
    with pytest.raises(StaleEdit) as caught:
        delete_annotation(workspace, stored, "berta")
    assert caught.value.theirs is None


def test_a_deleted_shipped_annotation_stays_deleted(workspace: Workspace) -> None:
    relaunch = annotations(workspace)[0]
    delete_annotation(workspace, relaunch, "anna")
    assert [note.label for note in annotations(workspace)] == ["num=100 entfällt"]
    with pytest.raises(StaleEdit):
        delete_annotation(workspace, relaunch, "berta")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "sonst"}, "erlaubt"),
        ({"label": " "}, "Beschriftung"),
        ({"end_date": dt.date(2025, 2, 1)}, "vor"),
    ],
)
def test_what_an_annotation_must_not_be(workspace: Workspace, change: dict[str, str], sentence: str) -> None:
    with pytest.raises(WorkspaceError, match=sentence):
        add_annotation(workspace, replace(CAMPAIGN, **change), "anna")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"search_type": "Web"}, "Suchtyp „Web“ ist nicht vorgesehen; erlaubt: web, image"),
        ({"device": "PC"}, "Gerät „PC“ ist nicht vorgesehen; erlaubt: DESKTOP"),
        ({"measures": "visits"}, "Kennzahl „visits“ ist nicht vorgesehen"),
    ],
)
def test_what_an_event_concerns_is_checked(workspace: Workspace, part: dict[str, str], said: str) -> None:
    with pytest.raises(WorkspaceError, match=said):
        add_annotation(workspace, replace(CAMPAIGN, **part), "Ina")
    own = add_annotation(workspace, replace(CAMPAIGN, search_type="image"), "Ina")
    kept = [note for note in annotations(workspace) if note.id == own.id]
    assert [note.search_type for note in kept] == ["image"]
