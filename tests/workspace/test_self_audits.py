"""The self-audit of a service: points saved together, refused where somebody was faster."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from etl.demo.files.audits import write_audits
from portalkompass.answers.services.quality.standard import read_standard
from portalkompass.settings import SHIPPED_DATA
from portalkompass.workspace import (
    AuditedPoint,
    Shipped,
    StaleEdit,
    Workspace,
    WorkspaceError,
    audit_list,
    close_workspace,
    open_workspace,
    save_self_audit,
    self_audits,
    with_answer,
)

DAY = dt.date(2025, 12, 17)


def point(name: str, result: str, remark: str = "") -> AuditedPoint:
    return with_answer(AuditedPoint("hundesteuer", name), result, remark, DAY)


def test_points_are_kept_with_who_and_when_and_other_services_apart(workspace: Workspace) -> None:
    save_self_audit(workspace, "hundesteuer", [point("mobil", "met", " ok "), point("sicher", "")], "Anna")
    save_self_audit(workspace, "bauportal", [AuditedPoint("bauportal", "mobil", "not", "", DAY)], "Bert")
    assert [
        (one.point, one.result, one.remark, one.as_of, one.updated_by)
        for one in self_audits(workspace, "hundesteuer")
    ] == [("mobil", "met", "ok", DAY, "Anna"), ("sicher", "", "", DAY, "Anna")]
    assert [one.service_id for one in self_audits(workspace)] == ["bauportal", "hundesteuer", "hundesteuer"]
    assert "Selbstprüfung gespeichert" in audit_list(workspace)["what"].tolist()


def test_of_two_editors_the_second_save_is_refused_as_a_whole(workspace: Workspace) -> None:
    save_self_audit(workspace, "hundesteuer", [point("mobil", "met")], "Anna")
    (seen,) = self_audits(workspace, "hundesteuer")
    save_self_audit(workspace, "hundesteuer", [with_answer(seen, "partly", "", DAY)], "Bert")
    changes = [point("sicher", "met"), with_answer(seen, "not", "", DAY)]
    with pytest.raises(StaleEdit, match="von Bert geändert"):
        save_self_audit(workspace, "hundesteuer", changes, "Anna")
    with pytest.raises(StaleEdit, match="von Bert geändert"):  # begun before there was any answer
        save_self_audit(workspace, "hundesteuer", [point("mobil", "not")], "Carl")
    assert [(one.point, one.result) for one in self_audits(workspace, "hundesteuer")] == [("mobil", "partly")]


def test_what_is_no_result_or_too_long_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="ist kein Ergebnis"):
        save_self_audit(workspace, "hundesteuer", [point("mobil", "gut")], "Anna")
    with pytest.raises(WorkspaceError, match="mehr als 500 Zeichen"):
        save_self_audit(workspace, "hundesteuer", [point("mobil", "met", "x" * 501)], "Anna")
    assert self_audits(workspace) == []


def test_a_sample_workspace_begins_with_the_sample_audits_once(tmp_path: Path, sqlite_url: str) -> None:
    """What a person changed or a later opening finds stays theirs; a file of another form is named."""
    nowhere = tmp_path / "keine.csv"
    path = write_audits(tmp_path / "self_audits.csv", SHIPPED_DATA / "service_standard.toml")
    shipped = Shipped(nowhere, nowhere, path)
    workspace = open_workspace(sqlite_url, shipped)
    found = self_audits(workspace)
    assert len(found) > 60 and {one.updated_by for one in found} == {"Beispieldaten"}
    assert {one.remark for one in found} == {"Beispieldaten (erfunden)"}
    points = {one.id for one in read_standard(SHIPPED_DATA / "service_standard.toml").points}
    assert {one.point for one in found} <= points
    save_self_audit(workspace, found[0].service_id, [with_answer(found[0], "not", "", DAY)], "Anna")
    close_workspace(sqlite_url)
    path.write_text(path.read_text(encoding="utf-8").replace("met", "partly"), encoding="utf-8")
    again = self_audits(open_workspace(sqlite_url, shipped))
    assert len(again) == len(found)
    assert next(one for one in again if one.id == found[0].id).result == "not"
    close_workspace(sqlite_url)
    path.write_text("service_id;point\nhund;bedarf\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"self_audits\.csv lässt sich nicht lesen"):
        open_workspace(f"{sqlite_url}2", shipped)
    assert not self_audits(open_workspace(f"{sqlite_url}3", Shipped(nowhere, nowhere)))
