"""The way back: everything is unpacked and checked first, then put in place step by step.

The steps can be repeated: a restore that was killed before the first one changed nothing, one that was
killed later is finished by the next command (`finish_pending`). So it is all or nothing.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from portalkompass.operations import manifest as contents
from portalkompass.operations import workspace_copy
from portalkompass.operations.errors import SafekeepingError, german_faults
from portalkompass.operations.manifest import Manifest
from portalkompass.operations.places import alone, data_files, no_load, place, room_for
from portalkompass.operations.unpacking import unpack
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse import snapshots
from portalkompass.workspace.storage.database import sqlite_file

_STAGE = ".restore"
_PLAN = "plan.json"
_WORKSPACE_DONE = "workspace.done"


class _Plan(BaseModel):
    """Written last into the stage: from here on the restore is finished, whatever happens."""

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    aside: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the folder where the earlier state was laid aside."""

    manifest: Manifest
    aside: Path


def restore(settings: Settings, archive: Path) -> Restored:
    """Put the archive's state in place of the present one, which is laid aside, not deleted.

    The app may go on running: snapshots come under the pointer, the workspace changes in one
    transaction. A load that is running is waited for (``writer_wait_seconds``).

    Raises:
        SafekeepingError: the archive is damaged, foreign or newer (nothing was changed), a load is
            running, or a disk cannot be written.
    """
    with alone(settings), no_load(settings), german_faults("Das Zurückspielen ist nicht möglich"):
        _finish(settings)
        stage = settings.data_dir / _STAGE
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(mode=0o700)
        try:
            manifest = unpack(archive, stage, settings)
            plan = _Plan(manifest=manifest, aside=_aside_name(settings))
            _keep_present_workspace(settings, settings.data_dir / plan.aside)
            snapshots.replace_whole(stage / _PLAN, plan.model_dump_json().encode())
        except BaseException:
            shutil.rmtree(stage, ignore_errors=True)
            raise
        return _carry_out(settings, stage, plan)


def finish_pending(settings: Settings) -> bool:
    """Finish a restore that was killed half-way; True if there was one.

    Raises:
        SafekeepingError: it cannot be finished now, e.g. because a disk is full.
    """
    if not (settings.data_dir / _STAGE / _PLAN).exists():
        return False
    with alone(settings), no_load(settings), german_faults("Das Zurückspielen ist nicht möglich"):
        return _finish(settings)


def _finish(settings: Settings) -> bool:
    stage = settings.data_dir / _STAGE
    try:
        plan = _Plan.model_validate_json((stage / _PLAN).read_bytes())
    except FileNotFoundError:
        return False
    except ValidationError:
        raise SafekeepingError(
            f"In {stage} liegt ein unlesbarer Plan einer Rückspielung. Bitte den Ordner von Hand prüfen."
        ) from None
    _carry_out(settings, stage, plan)
    return True


def _carry_out(settings: Settings, stage: Path, plan: _Plan) -> Restored:
    aside = settings.data_dir / plan.aside
    _restore_workspace(settings, stage, aside)
    _restore_snapshots(settings, stage, plan, aside)
    _restore_data(settings, stage, plan, aside)
    # The plan goes first: a stage without a plan is nothing but rubbish.
    (stage / _PLAN).unlink()
    shutil.rmtree(stage, ignore_errors=True)
    return Restored(plan.manifest, aside)


def _aside_name(settings: Settings) -> str:
    name = f"vor-rueckspielung-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%fZ}"
    (settings.data_dir / name).mkdir(mode=0o700)
    return name


def _keep_present_workspace(settings: Settings, aside: Path) -> None:
    """A readable workspace is copied; a damaged SQLite file is laid aside as it is when its turn comes."""
    file = sqlite_file(settings.workspace_url)
    if file is not None and file.is_file():
        room_for(2 * file.stat().st_size, aside)
        if workspace_copy.damage(file):
            return
    workspace_copy.copy_out(settings.workspace_url, aside / contents.WORKSPACE)


def _restore_workspace(settings: Settings, stage: Path, aside: Path) -> None:
    source, done = stage / contents.WORKSPACE, stage / _WORKSPACE_DONE
    if not source.exists() or done.exists():
        return
    file = sqlite_file(settings.workspace_url)
    if file is not None and file.is_file() and workspace_copy.damage(file):
        for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
            if path.exists():
                place(path, aside / f"beschaedigt-{path.name}")
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    workspace_copy.copy_in(source, settings.workspace_url)
    done.touch()


def _restore_snapshots(settings: Settings, stage: Path, plan: _Plan, aside: Path) -> None:
    """In first, then the pointer, then the others out: a reader always finds a whole snapshot."""
    folder, current = settings.warehouse_dir, plan.manifest.current
    if not current:
        return
    for staged in sorted((stage / "warehouse").glob("*.duckdb")):
        place(staged, folder / staged.name)
    snapshots.point_to(folder, snapshots.Snapshot(folder / current))
    in_archive = {part.name for part in plan.manifest.files}
    for path in [*(snapshot.path for snapshot in snapshots.history(folder)), *folder.glob("draft-*.duckdb*")]:
        if f"warehouse/{path.name}" not in in_archive:
            place(path, aside / "warehouse" / path.name)


def _restore_data(settings: Settings, stage: Path, plan: _Plan, aside: Path) -> None:
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
