"""The way back: everything is unpacked, checked and rehearsed first, then put in place step by step.

The steps can be repeated: a restore that was killed before its plan was written changed nothing, one that was
killed later is finished by the next command (`finish_pending`). So it is all or nothing. A plan that was not
begun and cannot be carried out any more, or over which somebody has worked since, is laid aside.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from portalkompass.operations import manifest as contents
from portalkompass.operations import originals, workspace_copy
from portalkompass.operations.errors import SafekeepingError, german_faults
from portalkompass.operations.manifest import Manifest
from portalkompass.operations.places import alone, data_files, no_load, place
from portalkompass.operations.restore_plan import (
    FORMAT,
    PLAN,
    STAGE,
    Plan,
    must_fit,
    new_aside,
    prepare,
    published_name,
    way_of,
)
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse import snapshots
from portalkompass.workspace.storage.database import sqlite_file

_FAILED = "Das Zurückspielen ist nicht möglich"
_OLD_MARK = "workspace.done"
"""By this file a release before plans had a format told that the workspace was back."""
_MADE_WAY = "abgeloest-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, the folder where the earlier state was laid aside, and what became of a pending plan."""

    manifest: Manifest
    aside: Path
    pending: str = ""

    @property
    def without_workspace(self) -> bool:
        """Whether the archive was made before anybody had written anything."""
        return all(part.name != contents.WORKSPACE for part in self.manifest.files)


def restore(settings: Settings, archive: Path, *, as_saved: bool = False) -> Restored:
    """Put the archive's state in place of the present one, which is laid aside, not deleted.

    The app may go on running: snapshots come under the pointer, the workspace changes in one
    transaction. A load that is running is waited for (``writer_wait_seconds``). ``as_saved`` leaves the
    workspace in the form it was saved in, for the earlier release that made the archive; then nothing may run.

    Raises:
        SafekeepingError: the archive is damaged, foreign or newer (nothing was changed), a load is
            running, or a disk cannot be written.
    """
    with alone(settings), no_load(settings), german_faults(_FAILED):
        pending = _finish(settings)
        plan = prepare(settings, archive, as_saved=as_saved)
        _carry_out(settings, plan)
        return Restored(plan.manifest, settings.data_dir / plan.aside, pending)


def finish_pending(settings: Settings) -> str:
    """Finish a restore that was killed half-way, or lay it aside; the sentence about it, empty if there was none.

    Raises:
        SafekeepingError: it was begun and cannot be finished now, e.g. because a disk is full.
    """
    if not is_pending(settings):
        return ""
    with alone(settings), no_load(settings), german_faults(_FAILED):
        return _finish(settings)


def is_pending(settings: Settings) -> bool:
    """Whether a restore was killed after its plan was written and nothing has finished it since."""
    return (settings.data_dir / STAGE / PLAN).exists()


def _finish(settings: Settings) -> str:
    try:
        plan = Plan.model_validate_json((settings.data_dir / STAGE / PLAN).read_bytes())
    except FileNotFoundError:
        return ""
    except ValidationError:
        return _lay_aside(settings, "ihr Plan ist nicht lesbar")
    if reason := _why_not(settings, plan):
        return _lay_aside(settings, reason)
    _carry_out(settings, plan)
    return "Eine unterbrochene Rückspielung wurde zu Ende geführt."


def _why_not(settings: Settings, plan: Plan) -> str:
    """Why the plan must not be carried out; empty if it may."""
    stage = settings.data_dir / STAGE
    current = plan.manifest.current
    if plan.format > FORMAT:
        return "eine neuere Version des Programms hat sie begonnen"
    if current and not any(
        (folder / current).is_file() for folder in (stage / "warehouse", settings.warehouse_dir)
    ):
        return f"der Datenstand {current} der Sicherung fehlt"
    if _workspace_is_back(settings, stage, plan):
        return ""
    if plan.format == 0:
        return "eine frühere Version des Programms hat sie begonnen"
    present = workspace_copy.form_of(settings.workspace_url)
    if present.revision != plan.revision or published_name(settings) != plan.snapshot:
        return "seitdem wurde weitergearbeitet"
    try:
        way_of(settings, present)
        must_fit(settings, stage, plan.manifest)
    except SafekeepingError as fault:
        return str(fault).rstrip(".")
    return ""


def _workspace_is_back(settings: Settings, stage: Path, plan: Plan) -> bool:
    """Whether the first step has been done, or begun where files make way."""
    if plan.format == 0:
        return (stage / _OLD_MARK).exists()
    if plan.by == "file":
        begun = any((settings.data_dir / plan.aside).glob(f"{_MADE_WAY}*"))
        return begun or not (plan.emptied or (stage / contents.WORKSPACE).exists())
    return workspace_copy.is_marked(settings.workspace_url, plan.aside)


def _lay_aside(settings: Settings, reason: str) -> str:
    folder = new_aside(settings)
    snapshots.move(settings.data_dir / STAGE, folder / "nicht-zurueckgespielt")
    return (
        f"Eine unterbrochene Rückspielung wurde nicht zu Ende geführt: {reason}. "
        f"Ihr Inhalt liegt in {folder}; der jetzige Stand ist unverändert."
    )


def _carry_out(settings: Settings, plan: Plan) -> None:
    stage, aside = settings.data_dir / STAGE, settings.data_dir / plan.aside
    _restore_workspace(settings, stage, plan, aside)
    _restore_snapshots(settings, stage, plan, aside)
    _restore_data(settings, stage, plan, aside)
    for staged in sorted((stage / originals.FOLDER).glob("*")):  # those that are here already stay
        place(staged, settings.data_dir / originals.FOLDER / staged.name)
    # The plan goes first: a stage without a plan is nothing but rubbish.
    (stage / PLAN).unlink()
    shutil.rmtree(stage, ignore_errors=True)


def _restore_workspace(settings: Settings, stage: Path, plan: Plan, aside: Path) -> None:
    url, staged = settings.workspace_url, stage / contents.WORKSPACE
    file = sqlite_file(url)
    if plan.by == "file" and file is not None:
        if staged.exists() or plan.emptied:
            _make_way(file, aside)
        if staged.exists():
            place(staged, file)
    elif plan.format == FORMAT and not workspace_copy.is_marked(url, plan.aside):
        workspace_copy.copy_in(staged, url, plan.aside)


def _make_way(file: Path, aside: Path) -> None:
    """The SQLite file and its logs go as they are; what an app made there meanwhile goes too, beside them."""
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        if path.exists():
            target = aside / f"{_MADE_WAY}{path.name}"
            while target.exists():
                target = target.with_name(f"{_MADE_WAY}{target.name}")
            place(path, target)


def _restore_snapshots(settings: Settings, stage: Path, plan: Plan, aside: Path) -> None:
    """In first, then the pointer, then the others out: a reader always finds a whole snapshot.

    An archive that was made before the first load takes the snapshots away: its workspace knew none.
    """
    folder, current = settings.warehouse_dir, plan.manifest.current
    for staged in sorted((stage / "warehouse").glob("*.duckdb")):
        place(staged, folder / staged.name)
    if current:
        snapshots.point_to(folder, snapshots.Snapshot(folder / current))
    else:
        (folder / snapshots.POINTER).unlink(missing_ok=True)
    in_archive = {part.name for part in plan.manifest.files}
    for path in [*(snapshot.path for snapshot in snapshots.history(folder)), *folder.glob("draft-*.duckdb*")]:
        if f"warehouse/{path.name}" not in in_archive:
            place(path, aside / "warehouse" / path.name)


def _restore_data(settings: Settings, stage: Path, plan: Plan, aside: Path) -> None:
    """The archive's files in; others out, except where the shipped files themselves are the data folder."""
    in_archive = {part.name for part in plan.manifest.files}
    if settings.data_dir.resolve() != SHIPPED_DATA.resolve():
        for path in data_files(settings):
            if f"data/{path.name}" not in in_archive:
                place(path, aside / "data" / path.name)
    for staged in sorted((stage / "data").glob("*")):
        present = settings.data_dir / staged.name
        if present.exists():
            (aside / "data").mkdir(exist_ok=True)
            shutil.copy2(present, aside / "data" / staged.name)
        place(staged, present)
