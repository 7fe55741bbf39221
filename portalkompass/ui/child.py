"""Uploads are loaded by a child process with limits: a broken or hostile file cannot harm the app.

``python -m etl import --json`` is the only coupling between app and loader: reports as JSON on standard
output, one German sentence on standard error when the exit code is 1.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portalkompass.settings import ROOT

SECONDS = 600
MEMORY_BYTES = 6 * 1024**3
"""Address space, of which the loader's libraries reserve most without using it."""


class ImportFault(Exception):
    """The file was not loaded; the message is a German sentence."""


def run_import(path: Path, *, site: str = "", preview: bool) -> list[dict[str, Any]]:
    """Reports of the files under ``path`` (fields of ``etl.reports.ImportReport``), loaded or previewed.

    Raises:
        ImportFault: the file was refused, took too long or too much memory; published data are unchanged.
    """
    options = ["--preview"] if preview else []
    options += ["--site", site] if site else []
    command = [sys.executable, "-m", "etl", "import", "--json", *options, "--", str(path)]
    finished = _run(command)
    if finished.returncode != 0:
        raise ImportFault(_sentence(finished))
    reports: list[dict[str, Any]] = json.loads(finished.stdout)["reports"]
    return reports


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        _limit_memory(process.pid)
        try:
            stdout, stderr = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise ImportFault(
                f"Der Import wurde nach {SECONDS // 60} Minuten abgebrochen. Der Datenbestand ist unverändert. "
                "Große Dateien lädt „python -m etl import“ auf dem Server."
            ) from None
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def _limit_memory(process_id: int) -> None:
    """On Linux; elsewhere the time limit alone must do."""
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(process_id, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        except ProcessLookupError:  # it was done before the limit came
            return


def _sentence(finished: subprocess.CompletedProcess[str]) -> str:
    """The loader's own sentence; anything else (a crash, a kill) gets one that says what is certain."""
    lines = [line for line in finished.stderr.splitlines() if line.strip()]
    if finished.returncode == 1 and lines and "Traceback" not in finished.stderr:
        return lines[-1].removeprefix("Fehler: ")
    return "Die Datei konnte nicht gelesen werden; der Import brach ab. Der Datenbestand ist unverändert."
