"""Drafts of forms: each owner sees the own ones alone, in no audit, and they are bounded."""

import datetime as dt

import sqlalchemy as sa

from portalkompass.workspace import audit_list, keep_typed, open_workspace, typed_by
from portalkompass.workspace import typed as module
from portalkompass.workspace.storage.tables import typed_drafts

HOSTILE = "=1+1 <script>alert(1)</script> '; DROP TABLE typed_drafts; -- \x00 \ud800 🐕"


def test_a_draft_comes_back_as_it_was_to_its_owner_alone(tmp_path):
    workspace = open_workspace(f"sqlite:///{(tmp_path / 'workspace.db').as_posix()}")
    typed = {"text": HOSTILE, "tag": dt.date(2025, 3, 1), "ende": None, "zahl": 3, "liste": ["a", {"b": 1.5}]}
    before = workspace.revision(), len(audit_list(workspace))
    keep_typed(workspace, "browser a", "anmerkung", typed)
    keep_typed(workspace, "browser b", "anmerkung", {"text": "anders"})
    assert typed_by(workspace, "browser a") == {"anmerkung": typed}
    assert typed_by(workspace, "browser b") == {"anmerkung": {"text": "anders"}}
    assert typed_by(workspace, "") == {}
    assert (workspace.revision(), len(audit_list(workspace))) == before
    keep_typed(workspace, "browser a", "anmerkung", {})
    assert typed_by(workspace, "browser a") == {}
    assert typed_by(workspace, "browser b") != {}


def test_old_drafts_too_many_and_too_long_ones_go(tmp_path):
    workspace = open_workspace(f"sqlite:///{(tmp_path / 'workspace.db').as_posix()}")
    for number in range(module.MOST_OF_ONE + 2):
        keep_typed(workspace, "a", f"form {number}", {"text": str(number)})
    assert list(typed_by(workspace, "a")) == [f"form {number}" for number in range(2, module.MOST_OF_ONE + 2)]
    keep_typed(workspace, "a", "form 2", {"text": "x" * module.LONGEST})
    assert typed_by(workspace, "a")["form 2"] == {"text": "2"}
    with workspace.engine.begin() as connection:
        old = module.now() - dt.timedelta(days=module.MOST_DAYS, minutes=1)
        connection.execute(
            sa.update(typed_drafts).where(typed_drafts.c.form != "form 9").values(updated_at=old)
        )
    assert list(typed_by(workspace, "a")) == ["form 9"]
    module.forget_old(workspace)
    with workspace.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(typed_drafts)).scalar() == 1
