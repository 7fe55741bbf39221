"""The self-audit of a service: points saved together, refused where somebody was faster."""

from __future__ import annotations

import datetime as dt

import pytest

from portalkompass.workspace import (
    AuditedPoint,
    StaleEdit,
    Workspace,
    WorkspaceError,
    audit_list,
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
