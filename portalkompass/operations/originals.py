"""Kept originals: the files that imports have read, each once, named by the day and its SHA-256.

Bounded by age, by room and by number (`bound`): the oldest go first. The day stands in the name, whatever a copy
did to the times of files.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import time
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portalkompass.operations.errors import SafekeepingError, german_faults
from portalkompass.operations.places import copy_bytes
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

FOLDER = "originals"
READING = ".reading-"
"""How folders begin into which originals are copied while they are read again."""
NAME = re.compile(r"(?P<day>\d{8})-(?P<sha256>[0-9a-f]{64})")
MOST = 1_500
"""Files at most: a backup names each of them."""
_MEGABYTE = 1_000_000
_STALE_SECONDS = 86_400
_NO_ORIGINAL = (
    "Das Original von {name} ist nicht mehr da (operations.keep_originals_days, keep_originals_mb)."
)


@dataclass(frozen=True, slots=True)
class Original:
    """What was kept; ``size`` in bytes."""

    sha256: str
    size: int


def keep(settings: Settings, source: Path) -> Original | None:
    """Copy a file among the originals; None where the settings keep none, or none of this size.

    Raises:
        SafekeepingError: it cannot be copied.
    """
    limits = settings.operations
    if not limits.keep_originals_days or source.stat().st_size > limits.keep_originals_mb * _MEGABYTE:
        return None
    folder = settings.data_dir / FOLDER
    with german_faults(f"Das Original {source.name} lässt sich nicht in {folder} aufbewahren"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder / f"{uuid.uuid4().hex}.part"
        try:
            with source.open("rb") as read, os.fdopen(os.open(part, _NEW, 0o600), "wb") as written:
                size, digest = copy_bytes(read, written)
                written.flush()
                os.fsync(written.fileno())
            target = folder / f"{settings.current_day():%Y%m%d}-{digest}"
            earlier = [path for path in _stored(settings, digest) if path != target]
            snapshots.move(part, target)
            for path in earlier:
                path.unlink()
        finally:
            part.unlink(missing_ok=True)
    return Original(digest, size)


def is_kept(settings: Settings, sha256: str) -> bool:
    """Whether there is an original of this digest."""
    return bool(_stored(settings, sha256))


def fetch(settings: Settings, sha256: str, target: Path) -> None:
    """Copy an original to a new file, proven by its digest.

    Raises:
        SafekeepingError: it is gone, or not what was kept.
    """
    stored = _stored(settings, sha256)
    if not stored:
        raise SafekeepingError(_NO_ORIGINAL.format(name=target.name))
    with german_faults(f"Das Original von {target.name} ist nicht lesbar"):
        target.parent.mkdir(parents=True, exist_ok=True)
        with stored[-1].open("rb") as read, target.open("xb") as written:
            digest = copy_bytes(read, written)[1]
    if digest != sha256:
        raise SafekeepingError(
            f"Das Original von {target.name} ist beschädigt (Prüfsumme); es wird nicht eingelesen. Bitte die Datei "
            "selbst erneut laden."
        )


def forget(settings: Settings, digests: Collection[str]) -> None:
    """Delete these originals; what cannot be deleted now goes when its time is up."""
    for digest in digests:
        for path in _stored(settings, digest):
            with suppress(OSError):
                path.unlink()


def kept(settings: Settings) -> list[Path]:
    """All originals, the oldest first."""
    folder = settings.data_dir / FOLDER
    return sorted(path for path in folder.glob("*-*") if NAME.fullmatch(path.name) and path.is_file())


def bound(settings: Settings, today: dt.date, *, dry_run: bool = False) -> tuple[int, tuple[Path, ...]]:
    """Delete what is past its time, beyond the room or too many; how many, and those that could not be deleted."""
    limits = settings.operations
    present = kept(settings)
    first_day = f"{today - dt.timedelta(days=limits.keep_originals_days):%Y%m%d}"
    overdue = (
        present if not limits.keep_originals_days else [path for path in present if path.name < first_day]
    )
    rest = present[len(overdue) :]
    room = limits.keep_originals_mb * _MEGABYTE
    sizes = [_size(path) for path in rest]
    beyond = 0
    while rest[beyond:] and (sum(sizes[beyond:]) > room or len(rest) - beyond > MOST):
        beyond += 1
    going = [*overdue, *rest[:beyond]]
    if dry_run:
        return len(going), ()
    _remove_leftovers(settings.data_dir)
    for path in going:
        with suppress(OSError):
            path.unlink()
    stuck = tuple(path for path in going if path.exists())
    return len(going) - len(stuck), stuck


_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def _size(path: Path) -> int:
    """Bytes; none where another run has just deleted the file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stored(settings: Settings, sha256: str) -> list[Path]:
    return sorted((settings.data_dir / FOLDER).glob(f"*-{sha256}"))


def _remove_leftovers(data_dir: Path) -> None:
    """Copies of loads that were killed; those of a running one are younger."""
    for left in (*(data_dir / FOLDER).glob("*.part"), *data_dir.glob(f"{READING}*")):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _STALE_SECONDS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
