"""Releases of this repository's own history, unpacked beside each other and run with the environment of the tests."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from portalkompass.settings import ROOT
from tests.children import python

FIFTH_FORM = "portalkompass/workspace/migrations/versions/r0005_events_by_measure.py"
NOTE = """
import datetime as dt, sys
from portalkompass import workspace
from portalkompass.settings import load_settings
note = workspace.Annotation(
    date=dt.date(2025, 1, 1), label=sys.argv[1], sentence="Notiz zum Probieren.", kind="portal"
)
workspace.add_annotation(workspace.workspace_of(load_settings()), note, "Ada")
"""
LABELS = """
from portalkompass import workspace
from portalkompass.settings import load_settings
print(*sorted(note.label for note in workspace.annotations(workspace.workspace_of(load_settings()))), sep="\\n")
"""


@dataclass(frozen=True)
class Release:
    """A tree of the program, and the data folder and environment that all releases share."""

    root: Path
    data: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python …` in the release's folder, as a person would type it; this release is imported once for all."""
        own = {"PORTALKOMPASS_DATA_DIR": str(self.data), "PORTALKOMPASS_TODAY": "2025-12-17"}
        if self.root == ROOT:
            return python(list(arguments), os.environ | own)
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=os.environ | own | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=180,
            check=False,
        )

    def must(self, *arguments: str) -> str:
        """The same; what it prints. A failure of the command fails the test."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, label: str) -> None:
        """An annotation, as a person adds it on a screen."""
        self.must("-c", NOTE, label)

    def labels(self) -> set[str]:
        """What the release reads of the annotations."""
        return set(self.must("-c", LABELS).splitlines())


def before(file: str) -> str:
    """The commit before the one that brought this file."""
    brought = subprocess.run(
        ["git", "log", "--diff-filter=A", "--format=%H", "--", file],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    if not brought:
        _not_reached(file)
    return f"{brought[-1]}^"


def unpacked(commit: str, folder: Path, data: Path) -> Release:
    """The tree of a commit, as ``git archive`` gives it to an IT department."""
    made = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if made.returncode:
        _not_reached(commit)
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return Release(folder, data)


def _not_reached(wanted: str) -> NoReturn:
    """Only a clone that was cut off on purpose lacks history; in a whole one the test itself has gone wrong."""
    cut = subprocess.run(
        ["git", "rev-parse", "--is-shallow-repository"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    if cut == "true":
        pytest.skip(
            f"This clone is cut off after {wanted}: nothing of update and way back is tested. "
            "`git fetch --unshallow` brings the history."
        )
    pytest.fail(f"The history holds no {wanted}.", pytrace=False)
