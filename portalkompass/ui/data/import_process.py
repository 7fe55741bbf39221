"""Uploads are loaded by a child process with limits: a broken or hostile file cannot harm the app.

``python -m etl import --json`` is the only coupling between app and loader: reports as JSON on standard
output, one German sentence on standard error when the exit code is 1.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portalkompass.settings import ROOT
from portalkompass.ui.auth import permissions

SECONDS = 600
MEMORY_BYTES = 6 * 1024**3
"""Address space, of which the loader's libraries reserve most without using it."""


class ImportFault(Exception):
    """The file was not loaded; the message is a German sentence."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An OZG list edited in the app: by whom, from the state of which run, for which day."""

    by: str
    base: str
    demo: bool


def run_import(
    path: Path,
    *,
    site: str = "",
    profile: str = "",
    as_of: dt.date | None = None,
    edit: Edit | None = None,
    period: str = "",
    decisions: Mapping[str, str] | None = None,
    confirmed: bool = False,
    preview: bool,
) -> list[dict[str, Any]]:
    """Reports of the files under ``path`` (fields of ``etl.reports.ImportReport``), loaded or previewed.

    ``profile`` names a column mapping of the workspace, ``period`` that of figures whose file tells none.
    ``decisions``: which service a name in a directory is ("" for one of its own), as a person chose.
    ``confirmed``: the person has answered the questions of the preview with yes.

    Raises:
        ImportFault: the file was refused, took too long or too much memory; published data are unchanged.
        NotAllowed: the person may not load; edited lists take the role edit, files administer.
    """
    permissions.need("edit" if edit else "administer")
    options = ["--preview"] if preview else []
    options += [f"--site={site}"] if site else []
    options += [f"--profile={profile}"] if profile else []
    options += [f"--as-of={as_of.isoformat()}"] if as_of else []
    options += [f"--period={period}"] if period else []
    options += ["--confirm"] if confirmed else []
    if edit is not None:
        options += [f"--edited-by={edit.by}", f"--base={edit.base}", *(["--demo"] if edit.demo else [])]
    try:
        with _decisions(decisions, path.parent) as said:
            printed = _output("import", "--json", *options, *said, "--", str(path))
    except ImportFault as fault:
        permissions.done("upload", str(fault), file=path.name, preview=preview)
        raise
    permissions.done("upload", file=path.name, preview=preview)
    answer: dict[str, list[dict[str, Any]]] = json.loads(printed)
    return answer["reports"]


@contextmanager
def _decisions(decisions: Mapping[str, str] | None, folder: Path) -> Iterator[list[str]]:
    """The option that names a file with the decisions, which is there while the block runs."""
    if not decisions:
        yield []
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix="auswahl-") as scratch:
        path = Path(scratch) / "auswahl.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(("name", "service_id"))
            writer.writerows(decisions.items())
        yield [f"--decisions={path}"]


def run_columns(path: Path) -> dict[str, Any]:
    """Headings, first rows and a proposed mapping of an unknown file (see ``etl.operations.inspection.inspect``).

    Raises:
        ImportFault: the file is no table, or needs no mapping.
    """
    permissions.need("administer")
    columns: dict[str, Any] = json.loads(_output("columns", "--", str(path)))
    return columns


def run_undo(run_id: str, *, demo: bool) -> str:
    """Take an import back; returns the loader's sentence.

    Raises:
        ImportFault: it cannot be taken back; published data are unchanged.
    """
    permissions.need("administer")
    sentence = _output("undo", *(["--demo"] if demo else []), "--", run_id).strip()
    permissions.done("write", action="undo import", what=run_id)
    return sentence


def run_reread(run_id: str, *, demo: bool) -> str:
    """Read an import again from its kept original; returns the loader's sentences.

    Raises:
        ImportFault: there is no original, or it is refused now; published data are unchanged.
    """
    permissions.need("administer")
    sentences = " ".join(_output("reread", *(["--demo"] if demo else []), "--", run_id).split("\n")).strip()
    permissions.done("write", action="reread import", what=run_id)
    return sentences


def _output(*arguments: str) -> str:
    with subprocess.Popen(
        [sys.executable, "-m", "etl", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        _limit_memory(process.pid)
        try:
            stdout, stderr = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise ImportFault(
                f"Der Import wurde nach {SECONDS // 60} Minuten abgebrochen. Der Datenbestand ist unverändert. "
                "Große Dateien kann die Betreuung der Anwendung auf dem Server laden."
            ) from None
    if process.returncode != 0:
        raise ImportFault(_sentence(process.returncode, stderr))
    return stdout


def _limit_memory(process_id: int) -> None:
    """On Linux; elsewhere the time limit alone must do."""
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(process_id, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        except ProcessLookupError:  # it was done before the limit came
            return


def _sentence(code: int, stderr: str) -> str:
    """The loader's own sentence; anything else (a crash, a kill) gets one that says what is certain."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    if code == 1 and lines and "Traceback" not in stderr:
        return lines[-1].removeprefix("Fehler: ")
    return "Die Datei konnte nicht gelesen werden; der Import brach ab. Der Datenbestand ist unverändert."
