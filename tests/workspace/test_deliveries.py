import datetime as dt
from pathlib import Path

from portalkompass.workspace import DIGEST, Workspace, delivered, last_digests, note_delivery, subject_of

WEEK = dt.date(2025, 12, 8)
SITE = "https://portal.stadt.example/"


def test_what_was_sent_is_known_by_property_week_and_way(workspace: Workspace) -> None:
    assert last_digests(workspace.url) == {}
    before = workspace.revision()
    note_delivery(workspace, [subject_of("Hundesteuer")], SITE, WEEK, "mail")
    assert last_digests(workspace.url) == {}  # an alert is no digest
    note_delivery(workspace, [DIGEST, subject_of("Hundesteuer"), subject_of("Wohngeld")], SITE, WEEK, "mail")
    assert delivered(workspace, SITE, WEEK, "mail") == {DIGEST, "alert Hundesteuer", "alert Wohngeld"}
    assert delivered(workspace, SITE, WEEK, "webhook") == frozenset()
    assert delivered(workspace, SITE, WEEK - dt.timedelta(weeks=1), "mail") == frozenset()
    assert delivered(workspace, "https://andere.example/", WEEK, "mail") == frozenset()
    note_delivery(workspace, [DIGEST], "https://andere.example/", WEEK, "webhook")
    sent = last_digests(workspace.url)
    assert set(sent) == {(SITE, "mail"), ("https://andere.example/", "webhook")}
    assert all(abs(dt.datetime.now(dt.UTC) - at) < dt.timedelta(minutes=5) for at in sent.values())
    assert workspace.revision() == before  # no cached answer depends on it


def test_asking_for_the_last_digest_makes_no_workspace(tmp_path: Path) -> None:
    file = tmp_path / "workspace.db"
    assert last_digests(f"sqlite:///{file.as_posix()}") == {}
    assert not file.exists()
    file.write_bytes(b"x" * 9000)
    assert last_digests(f"sqlite:///{file.as_posix()}") == {}
