"""The watched four get their newest versions, everything else keeps its own; failures are counted by room."""

from __future__ import annotations

from portalkompass.settings import ROOT
from tools.next_versions import WATCHED, broken, pins, repinned

REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_only_the_watched_change_their_version() -> None:
    newest = dict.fromkeys(WATCHED, "99.1")
    before, after = pins(REQUIREMENTS), pins(repinned(REQUIREMENTS, newest))
    assert set(WATCHED) <= set(before)
    assert after == before | newest
    lines = repinned(
        "-r requirements.txt\npandas==3.1.1\npandas-stubs==2\npsycopg[binary]==3.3.9\n", newest
    ).splitlines()
    assert lines == ["pandas==99.1", "pandas-stubs==2", "psycopg[binary]==3.3.9"]


def test_what_breaks_is_said_by_room() -> None:
    output = (
        "FAILED tests/ui/auth/test_a.py::test_b - KeyError: 'x'\nFAILED tests/ui/auth/test_c.py::test_d[1] - y\n"
        "ERROR tests/exports/test_e.py\n3 failed\n"
    )
    assert broken(output) == ["tests/ui/auth: 2 failed (KeyError: 'x')", "tests/exports: 1 failed"]
    assert broken("12 passed") == []
