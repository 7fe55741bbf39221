import datetime as dt
from dataclasses import replace

import pytest

from portalkompass.workspace import (
    Annotation,
    StaleEdit,
    Workspace,
    WorkspaceError,
    add_annotation,
    annotation_differences,
    annotation_frame,
    annotations,
    delete_annotation,
    update_annotation,
)
from portalkompass.workspace.opening import Shipped

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
    read = add_annotation(workspace, CAMPAIGN, "anna")
    stored = update_annotation(workspace, replace(read, label="Kampagne Hund"), "anna")
    with pytest.raises(StaleEdit) as caught:
        update_annotation(workspace, replace(read, label="anders"), "berta")
    assert caught.value.theirs == stored
    delete_annotation(workspace, stored, "anna")
    assert [note.label for note in annotations(workspace)] == ["Relaunch", "num=100 entfällt"]


def test_a_deleted_shipped_annotation_is_a_difference(workspace: Workspace, shipped: Shipped) -> None:
    delete_annotation(workspace, annotations(workspace)[0], "anna")
    found = annotation_differences(workspace, shipped.annotations)
    assert [(one.kind, one.key) for one in found] == [("entfernt", "relaunch")]


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


def test_the_table_of_no_annotations_has_its_columns() -> None:
    assert list(annotation_frame([]).columns)[:4] == ["id", "date", "end_date", "label"]
