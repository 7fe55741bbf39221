"""Shared by all tests: no setting of this machine may leak in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from portalkompass.settings import ROOT, Settings

for _name in [name for name in os.environ if name.startswith("PORTALKOMPASS_")]:
    del os.environ[_name]
os.environ["PORTALKOMPASS_LOCAL_SETTINGS"] = os.devnull


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Live settings on an empty data folder; a second writer does not wait."""
    return Settings(data_dir=tmp_path / "data", writer_wait_seconds=0)


def environment(folder: Path) -> dict[str, str]:
    """Environment of a command that works on a data folder, on the demo's last day."""
    return os.environ | {"PORTALKOMPASS_DATA_DIR": str(folder), "PORTALKOMPASS_TODAY": "2025-12-17"}


def command(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` as a person would; the result carries exit code, stdout and stderr."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment(folder) | changes,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder with the demo warehouse, built once per test run; tests that write work on a copy.

    Tests run in several processes that share the run's base folder: the first one builds, the others wait.
    """
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base if alone else base.parent) / "demo"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.with_suffix(".built").exists():
            built = command(folder, "etl", "demo")
            assert built.returncode == 0, built.stderr
            folder.with_suffix(".built").touch()
    return folder
