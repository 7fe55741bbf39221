import datetime as dt
from pathlib import Path

from portalkompass.workspace import DIGEST, Workspace, delivered, last_digest, note_delivery, subject_of

WEEK = dt.date(2025, 12, 8)
SITE = "https://portal.stadt.example/"


def test_what_was_sent_is_known_by_property_week_and_way(workspace: Workspace) -> None:
    assert last_digest(workspace.url) is None
    before = workspace.revision()
    note_delivery(workspace, [subject_of("Hundesteuer")], SITE, WEEK, "mail")
    assert last_digest(workspace.url) is None  # an alert is no digest
    note_delivery(workspace, [DIGEST, subject_of("Hundesteuer"), subject_of("Wohngeld")], SITE, WEEK, "mail")
    assert delivered(workspace, SITE, WEEK, "mail") == {DIGEST, "alert Hundesteuer", "alert Wohngeld"}
    assert delivered(workspace, SITE, WEEK, "webhook") == frozenset()
    assert delivered(workspace, SITE, WEEK - dt.timedelta(weeks=1), "mail") == frozenset()
    assert delivered(workspace, "https://andere.example/", WEEK, "mail") == frozenset()
    sent = last_digest(workspace.url)
    assert sent is not None
    assert abs(dt.datetime.now(dt.UTC) - sent) < dt.timedelta(minutes=5)
    assert workspace.revision() == before  # no cached answer depends on it


def test_asking_for_the_last_digest_makes_no_workspace(tmp_path: Path) -> None:
    file = tmp_path / "workspace.db"
    assert last_digest(f"sqlite:///{file.as_posix()}") is None
    assert not file.exists()
    file.write_bytes(b"x" * 9000)
    assert last_digest(f"sqlite:///{file.as_posix()}") is None
