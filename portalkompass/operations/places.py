"""Where things lie in a data folder, who may change them now, and moving files that are whole or not there."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from portalkompass.operations.errors import SafekeepingError, german_faults
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

_BLOCK = 1 << 20


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One backup or restore of a data folder at a time.

    Raises:
        SafekeepingError: another one is running, or the folder cannot be written.
    """
    busy = "Eine andere Sicherung oder Rückspielung läuft gerade."
    with _locked(settings.data_dir / ".safekeeping.lock", settings.writer_wait_seconds, busy):
        yield


@contextmanager
def no_load(settings: Settings) -> Iterator[None]:
    """No load while this lasts; the same lock that a load takes.

    Raises:
        SafekeepingError: a load is running and did not end in time.
    """
    busy = "Ein Ladevorgang läuft gerade. Bitte warten, bis er fertig ist, und dann erneut starten."
    with _locked(settings.warehouse_dir / snapshots.WRITER_LOCK, settings.writer_wait_seconds, busy):
        yield


@contextmanager
def _locked(file: Path, seconds: float, busy: str) -> Iterator[None]:
    with german_faults(f"Der Ordner {file.parent} ist nicht beschreibbar"):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file, timeout=seconds)
        try:
            lock.acquire()
        except Timeout:
            raise SafekeepingError(busy) from None
    try:
        yield
    finally:
        lock.release()


def data_files(settings: Settings) -> list[Path]:
    """The city's own files at the top of the data folder (lists, criteria); never a link, never a hidden file."""
    if not settings.data_dir.is_dir():
        return []
    return sorted(
        path
        for path in settings.data_dir.iterdir()
        if path.is_file()
        and not path.is_symlink()
        and not path.name.startswith(".")
        and not path.name.startswith("workspace.db")
        and path.suffix not in {".zip", ".part", ".lock"}
    )


def copy_bytes(source: IO[bytes], target: IO[bytes], most: int | None = None) -> tuple[int, str]:
    """Copy in blocks; number of bytes read, and the SHA-256 of those written. Stops once ``most`` are exceeded."""
    size, digest = 0, hashlib.sha256()
    while block := source.read(_BLOCK):
        size += len(block)
        if most is not None and size > most:
            break
        digest.update(block)
        target.write(block)
    return size, digest.hexdigest()


def place(source: Path, target: Path) -> None:
    """Move a file onto its place, whole or not at all, also from one disk to another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        snapshots.move(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(target.name + ".part")
        shutil.copyfile(source, part)
        snapshots.sync(part)
        snapshots.move(part, target)
        source.unlink()


def room_for(size: int, folder: Path) -> None:
    """Whether the disk can hold so many bytes, asked before anything is written.

    Raises:
        SafekeepingError: with the space that is missing.
    """
    free = shutil.disk_usage(folder).free
    if free < size:
        raise SafekeepingError(
            f"Auf dem Datenträger von {folder} fehlen {(size - free) // 1_000_000 + 1} MB freier Platz."
        )
