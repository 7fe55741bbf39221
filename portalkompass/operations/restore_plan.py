"""The plan of a restore: whatever could keep it from being finished is found out before the plan is written."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from portalkompass.operations import manifest as contents
from portalkompass.operations import workspace_copy
from portalkompass.operations.errors import SafekeepingError
from portalkompass.operations.manifest import Manifest
from portalkompass.operations.places import room_for
from portalkompass.operations.unpacking import unpack
from portalkompass.operations.workspace_copy import Form
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots
from portalkompass.workspace.storage.database import sqlite_file

STAGE = ".restore"
PLAN = "plan.json"
FORMAT = 1


class Plan(BaseModel):
    """Written last into the stage: from here on the restore is finished, or laid aside where it cannot be.

    ``by`` says how the workspace comes back: row by row, or as a file in place of another. ``revision`` and
    ``snapshot`` are what was there when the plan was made; if either differs before the first step was done,
    somebody has worked on since. A plan without ``format`` is one of an earlier release.
    """

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    aside: str
    format: int = 0
    by: Literal["rows", "file"] = "rows"
    emptied: bool = False
    revision: int | None = None
    snapshot: str = ""


def new_aside(settings: Settings) -> Path:
    """A new folder for what a restore puts out of the way."""
    name = f"vor-rueckspielung-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%fZ}"
    folder = settings.data_dir / name
    folder.mkdir(mode=0o700)
    return folder


def prepare(settings: Settings, archive: Path, *, as_saved: bool = False) -> Plan:
    """Unpack and check the archive, prove that every step can be done, lay a copy of the workspace aside, plan.

    Until the plan is written, a fault leaves everything as it was.

    Raises:
        SafekeepingError: the archive or the place it should go to cannot be used.
    """
    stage = settings.data_dir / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    aside = new_aside(settings)
    try:
        manifest = unpack(archive, stage, settings)
        present = workspace_copy.form_of(settings.workspace_url)
        by = way_of(settings, present, as_saved=as_saved)
        must_fit(settings, stage, manifest)
        staged, emptied = stage / contents.WORKSPACE, False
        if by == "file" and as_saved:
            emptied = not staged.exists()
        else:
            workspace_copy.bring_up(staged)
        if by == "rows":
            rehearse(settings, stage)
        elif staged.exists():
            workspace_copy.mark(staged, present.revision, aside.name)
        _keep_present_workspace(settings, present, aside)
        plan = Plan(
            manifest=manifest,
            aside=aside.name,
            format=FORMAT,
            by=by,
            emptied=emptied,
            revision=present.revision,
            snapshot=published_name(settings),
        )
        snapshots.replace_whole(stage / PLAN, plan.model_dump_json().encode())
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return plan


def published_name(settings: Settings) -> str:
    """Name of the published snapshot; empty where there is none."""
    snapshot = snapshots.published(settings.warehouse_dir)
    return snapshot.name if snapshot else ""


def way_of(settings: Settings, present: Form, *, as_saved: bool = False) -> Literal["rows", "file"]:
    """How the workspace can come back here.

    A SQLite file that is damaged or of a newer release makes way as it is; so does any when the archive's
    workspace shall stay in its own form, for an earlier release to open.

    Raises:
        SafekeepingError: the workspace lies on a database server where that cannot be done.
    """
    if sqlite_file(settings.workspace_url) is not None:
        return "file" if as_saved or present.damaged or present.newer else "rows"
    if present.newer:
        raise SafekeepingError(
            "Der jetzige Arbeitsbereich auf dem Datenbankserver stammt von einer neueren Version. Es wurde nichts "
            "verändert. Bitte eine leere Datenbank anlegen, sie in der Einstellung „workspace“ eintragen und "
            "erneut zurückspielen."
        )
    if as_saved:
        raise SafekeepingError(
            "Auf einem Datenbankserver lässt sich der Arbeitsbereich nicht im Stand der Sicherung ablegen. Bitte "
            "eine leere Datenbank anlegen und mit der früheren Version zurückspielen."
        )
    return "rows"


def must_fit(settings: Settings, stage: Path, manifest: Manifest) -> None:
    """Every place can be written, holds what comes, and no folder stands where a file goes.

    Raises:
        SafekeepingError: with the place and what is wrong with it.
    """
    warehouse, file = settings.warehouse_dir, sqlite_file(settings.workspace_url)
    for part in manifest.files:
        target = warehouse / Path(part.name).name if part.name.startswith("warehouse/") else None
        target = settings.data_dir / Path(part.name).name if part.name.startswith("data/") else target
        target = settings.data_dir / part.name if part.is_original else target
        if target is not None and target.is_dir():
            raise SafekeepingError(f"{target} ist ein Ordner; dort soll eine Datei der Sicherung hin.")
    places = {warehouse: ("warehouse/", sorted(warehouse.glob("*.duckdb*")))}
    if file is not None:
        places[file.parent] = (contents.WORKSPACE, [file] if file.is_file() else [])
    for folder, (prefix, leaving) in places.items():
        must_be_writable(folder)
        if folder.stat().st_dev != stage.stat().st_dev:
            room_for(sum(part.size for part in manifest.files if part.name.startswith(prefix)), folder)
            room_for(sum(path.stat().st_size for path in leaving), stage)


def must_be_writable(folder: Path) -> None:
    """Make the folder where it is not there, and prove that a file can be written into it.

    Raises:
        SafekeepingError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-"):
            pass
    except OSError as error:
        raise SafekeepingError(f"Der Ordner {folder} ist nicht beschreibbar.") from error


def rehearse(settings: Settings, stage: Path) -> None:
    """Write the rows once without keeping them: into the server's database, or a file like the one to come.

    Raises:
        SafekeepingError: the workspace will not go in.
    """
    url = settings.workspace_url
    if sqlite_file(url) is None:
        workspace_copy.copy_in(stage / contents.WORKSPACE, url, "", rehearsal=True)
        return
    with tempfile.TemporaryDirectory(dir=stage) as folder:
        scratch = f"sqlite:///{(Path(folder) / 'scratch.db').as_posix()}"
        workspace_copy.copy_in(stage / contents.WORKSPACE, scratch, "", rehearsal=True)


def _keep_present_workspace(settings: Settings, present: Form, aside: Path) -> None:
    """A readable workspace is copied; a damaged SQLite file is laid aside as it is when its turn comes."""
    file = sqlite_file(settings.workspace_url)
    if present.damaged or (file is None and present.name is None):
        return
    if file is not None and file.is_file():
        room_for(2 * file.stat().st_size, aside)
    workspace_copy.copy_out(settings.workspace_url, aside / contents.WORKSPACE)
