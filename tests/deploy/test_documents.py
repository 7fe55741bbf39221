"""What the German documents promise exists: commands, files and settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portalkompass.settings import ROOT, Operations
from tests.conftest import command

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_every_command_of_the_documents_exists(tmp_path: Path) -> None:
    named = set(re.findall(r"(?:python -m|pk) (etl|portalkompass) ([a-z-]+)", OPERATIONS + PRIVACY))
    assert ("portalkompass", "restore") in named
    for module, name in sorted(named):
        done = command(tmp_path, module, name, "--help")
        assert done.returncode == 0, (module, name)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"deploy/[\w./-]*\w", OPERATIONS))))
def test_every_file_of_the_documents_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_periods_in_the_privacy_file_are_those_of_the_settings() -> None:
    promised = dict(re.findall(r"`(keep_\w+)` \((\d+) (?:Tage|MB)", PRIVACY))
    actual = {name: str(value) for name, value in Operations() if name.startswith("keep_")}
    assert promised == actual
