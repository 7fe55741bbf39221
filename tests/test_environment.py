"""What `make` says on a machine that lacks something: one sentence with what to install, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portalkompass.settings import ROOT

PROGRAM = ROOT / "tools" / "make_environment.py"


def made(folder: Path, change: str = "") -> subprocess.CompletedProcess[str]:
    """Run the tool in an interpreter that was changed first, on a machine without a package manager."""
    code = f"import runpy, sys; {change}; sys.argv = ['x', sys.argv[1]]; runpy.run_path({str(PROGRAM)!r}, "
    return subprocess.run(
        [sys.executable, "-c", code + "run_name='__main__')", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        # as for any script, its own folder is where modules are looked for
        env={**os.environ, "PATH": str(folder.parent), "PYTHONPATH": str(PROGRAM.parent)},
    )


def test_an_environment_with_pip_is_made(tmp_path: Path) -> None:
    assert made(tmp_path / "env", "pass").returncode == 0
    python = next(path for path in (tmp_path / "env").glob("*/python*") if path.is_file())
    asked = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, text=True, check=True)
    assert asked.stdout.startswith("pip ")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("sys.version_info = (3, 9, 2)", "Portalkompass needs Python 3.11 or newer; this is 3.9.2."),
        (
            "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n: None if n == 'ensurepip' else f(n)",
            f"install the package 'python{sys.version_info[0]}.{sys.version_info[1]}-venv'",
        ),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(tmp_path: Path, change: str, sentence: str) -> None:
    tried = made(tmp_path / "env", change)
    assert tried.returncode == 1
    assert sentence in tried.stderr
    assert "Traceback" not in tried.stderr
    assert not (tmp_path / "env").exists()
