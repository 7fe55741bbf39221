"""The pointer to the published snapshot: who reads what, without ever blocking a load.

A snapshot is an immutable DuckDB file ``<UTC stamp>.duckdb``; the text file ``current`` names the
published one and is replaced atomically. A pointer file instead of a symbolic link, so that
Windows can do it too. Writing is the business of ``etl.store.publish``.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portalkompass.settings import Settings

POINTER = "current"
_OPEN_SECONDS = 10.0
_WINDOWS = os.name == "nt"
WRITER_LOCK = ".writer.lock"
"""File in the folder of the snapshots that whoever writes there holds locked."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published, immutable warehouse file; ``name`` is the cache key of everything read from it."""

    path: Path

    @property
    def name(self) -> str:
        """UTC stamp of the load, e.g. 20251217T031500123456Z."""
        return self.path.stem


def published(folder: Path) -> Snapshot | None:
    """The snapshot that the pointer names; None before the first load.

    A pointer to a file that is gone (deleted by hand) falls back to the newest snapshot there is:
    yesterday's figures with their date are better than an empty screen.
    """
    try:
        name = (folder / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    path = folder / name
    if Path(name).name == name and path.suffix == ".duckdb" and path.is_file():
        return Snapshot(path)
    remaining = history(folder)
    return remaining[-1] if remaining else None


def history(folder: Path) -> list[Snapshot]:
    """All snapshots kept for roll-back, oldest first."""
    return [Snapshot(path) for path in sorted(folder.glob("[0-9]*Z.duckdb"))]


def point_to(folder: Path, snapshot: Snapshot) -> None:
    """Move the pointer atomically; readers see the old name or the new one, never half a name."""
    replace_whole(folder / POINTER, f"{snapshot.path.name}\n".encode())


def replace_whole(path: Path, content: bytes) -> None:
    """Put a file in the place of another at once, safe on the disk before it is seen; its rights stay.

    Raises:
        OSError: it cannot be written; what was there is as it was, and nothing lies beside it.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.write_bytes(content)
        if path.exists():
            shutil.copymode(path, draft)
        sync(draft)
        move(draft, path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def move(source: Path, target: Path) -> None:
    """Put a file or folder in its place at once. Windows refuses while somebody has it open: it is tried for a time."""
    deadline = time.monotonic() + _OPEN_SECONDS
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if not _WINDOWS or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def sync(path: Path) -> None:
    """Have a file's content on the disk before anything says that it is there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def in_use(settings: Settings, *, demo: bool = False) -> Settings:
    """The settings to read with: live data if there are any or a source is configured, else demo.

    Demo data never stand in for a configured source: an empty screen with the next step is honest,
    sample figures under the city's name are not.
    """
    if demo:
        return settings.as_demo()
    if settings.distributed:
        return settings
    configured = bool(settings.search_console.sites or settings.matomo.url)
    if configured or published(settings.warehouse_dir) is not None:
        return settings
    sample = settings.as_demo()
    return sample if published(sample.warehouse_dir) is not None else settings
