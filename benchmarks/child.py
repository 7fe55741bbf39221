"""Measured code runs in a process of its own: a fresh interpreter, its own peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import ROOT

_KIB = 1024


class ChildFailed(Exception):
    """The measured process ended with an error; carries the end of its output."""


def run(module: str, order: dict[str, object], env: dict[str, str] | None = None) -> dict[str, Any]:
    """Run ``python -m module <order as JSON>`` and read the JSON that it prints last; ``env`` instead of ours."""
    return _answer([sys.executable, "-m", module, json.dumps(order)], env)


def run_script(python: Path, script: Path, order: dict[str, object]) -> dict[str, Any]:
    """The same for a script under another interpreter, which knows nothing of this project."""
    return _answer([str(python), str(script), json.dumps(order)])


def _answer(command: list[str], env: dict[str, str] | None = None) -> dict[str, Any]:
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise ChildFailed(f"{command[2]}: {done.stderr.strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def peak_megabytes() -> float | None:
    """Peak resident memory of this process in MB (10⁶ bytes); None where the system does not tell.

    Not ``getrusage``: its figure survives exec and would include the parent's memory.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * _KIB / 1e6
