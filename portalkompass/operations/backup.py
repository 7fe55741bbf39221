"""Write the archive: beside its place first, read back, then moved there; the app and loads go on meanwhile."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import portalkompass
from portalkompass import schema
from portalkompass.operations import manifest as contents
from portalkompass.operations import originals, snapshot_check
from portalkompass.operations.errors import SafekeepingError, german_faults
from portalkompass.operations.manifest import Manifest, Part
from portalkompass.operations.places import alone, copy_bytes, data_files
from portalkompass.operations.restore import is_pending
from portalkompass.operations.restore_plan import STAGE
from portalkompass.operations.unpacking import check
from portalkompass.operations.workspace_copy import copy_out
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots


@dataclass(frozen=True, slots=True)
class Written:
    """A finished archive that was read back; ``size`` in bytes."""

    path: Path
    size: int
    manifest: Manifest
    removed: int
    stuck: int = 0
    """Old archives that should have gone and could not be deleted; the new one is finished all the same."""


def back_up(settings: Settings, out: Path, *, keep: int = 0, with_originals: bool = False) -> Written:
    """Save snapshots, workspace and data files into one archive.

    ``out`` is a new file, or a folder that gets ``portalkompass-<UTC stamp>.zip``; there ``keep`` > 0
    lets that many archives stay, the newest ones. ``with_originals``: kept originals of imports as well. An archive
    is never overwritten, and appears under its name only after it was read back. Snapshots never change, so no load
    is kept waiting.

    Raises:
        SafekeepingError: there is nothing to save, something is damaged, or the archive cannot be written.
    """
    with alone(settings), german_faults(f"Die Sicherung nach {out} ist nicht möglich"):
        if is_pending(settings):
            raise SafekeepingError("Eine Rückspielung ist unterbrochen; sie wird zuerst zu Ende geführt.")
        shutil.rmtree(settings.data_dir / STAGE, ignore_errors=True)  # of a restore killed before its plan
        target = _target(out)
        part = target.with_name(f".{target.name}.part")
        for leftover in target.parent.glob(".portalkompass-*.zip.part"):
            leftover.unlink(missing_ok=True)
        try:
            _write(settings, part, originals.kept(settings) if with_originals else [])
            manifest = check(part, settings)
            os.replace(part, target)  # noqa: PTH105
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        _sync_folder(target.parent)
        removed, stuck = _prune(target.parent, keep) if out.is_dir() and keep else (0, 0)
        return Written(target, target.stat().st_size, manifest, removed, stuck)


def _target(out: Path) -> Path:
    now = dt.datetime.now(dt.UTC)
    target = out / f"portalkompass-{now:%Y%m%dT%H%M%SZ}.zip" if out.is_dir() else out
    if target.exists():
        raise SafekeepingError(f"{target} gibt es schon; eine Sicherung wird nie überschrieben.")
    return target


def _write(settings: Settings, part: Path, kept: list[Path]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix=".portalkompass-", dir=part.parent) as folder,
        os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as file,
    ):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=1) as archive:
            current, parts = _snapshots(settings, archive)
            workspace = Path(folder) / contents.WORKSPACE
            if copy_out(settings.workspace_url, workspace):
                parts.append(_add(archive, contents.WORKSPACE, workspace))
            parts += [_add(archive, f"data/{path.name}", path) for path in data_files(settings)]
            for path in kept:
                with suppress(
                    FileNotFoundError
                ):  # an import that is taken back meanwhile takes its original along
                    parts.append(_add(archive, f"{originals.FOLDER}/{path.name}", path))
            if not parts:
                raise SafekeepingError(f"In {settings.data_dir} gibt es noch nichts zu sichern.")
            made = _manifest(settings, current, parts)
            archive.writestr(contents.NAME, made.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())


def _snapshots(settings: Settings, archive: zipfile.ZipFile) -> tuple[snapshots.Snapshot | None, list[Part]]:
    """The published snapshot, read to its last block, and the earlier ones that are whole.

    A load may publish and prune meanwhile: an earlier snapshot that is gone by then is left out.
    """
    current = snapshots.published(settings.warehouse_dir)
    if current is None:
        return None, []
    if fault := snapshot_check.damage(current.path):
        raise SafekeepingError(
            f"Der Datenstand {current.path.name} ist beschädigt ({fault}). "
            "Zuerst mit „python -m etl rollback“ auf den vorigen zurückstellen."
        )
    parts = [_add(archive, f"warehouse/{current.path.name}", current.path)]
    for earlier in snapshots.history(settings.warehouse_dir):
        if earlier.name < current.name and not snapshot_check.damage(earlier.path):
            with suppress(FileNotFoundError):
                parts.append(_add(archive, f"warehouse/{earlier.path.name}", earlier.path))
    return current, parts


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> Part:
    """Add one file and return its size and digest, taken while it was read."""
    with path.open("rb") as source:
        stamp = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        entry = zipfile.ZipInfo(name, max(stamp.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
        # Originals as they are: one that packs too well would look like an attack on the way back.
        packed = not name.startswith(f"{originals.FOLDER}/")
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.external_attr = 0o600 << 16
        with archive.open(entry, "w", force_zip64=True) as target:
            size, digest = copy_bytes(source, target)
    return Part(name=name, size=size, sha256=digest)


def _manifest(settings: Settings, current: snapshots.Snapshot | None, parts: list[Part]) -> Manifest:
    facts = snapshot_check.about(current.path) if current else None
    return Manifest(
        product="portalkompass",
        # Without originals earlier releases can read it as well.
        format=contents.FORMAT if any(part.is_original for part in parts) else 1,
        version=portalkompass.__version__,
        created_at=dt.datetime.now(dt.UTC),
        data_date=facts.data_date if facts else None,
        origin=cast(Literal["demo", "live"], facts.origin) if facts else settings.origin,
        municipality=(facts.municipality if facts else "") or settings.city.municipality,
        schema_version=facts.schema_version if facts else schema.SCHEMA_VERSION,
        current=current.path.name if current else "",
        files=tuple(parts),
    )


def _prune(folder: Path, keep: int) -> tuple[int, int]:
    """Archives deleted, and those that could not be: the new one is there and must not be called a failure."""
    old = sorted(folder.glob("portalkompass-[0-9]*Z.zip"))[:-keep]
    for path in old:
        with suppress(OSError):
            path.unlink()
    stuck = sum(path.exists() for path in old)
    return len(old) - stuck, stuck


def _sync_folder(folder: Path) -> None:
    """The new name must survive a power cut as well; Windows cannot and need not do this."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
