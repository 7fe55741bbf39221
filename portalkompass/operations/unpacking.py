"""Read an archive as something hostile: only known names, only announced sizes, every digest checked."""

from __future__ import annotations

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portalkompass.operations import manifest as contents
from portalkompass.operations import snapshot_check, workspace_copy
from portalkompass.operations.errors import SafekeepingError
from portalkompass.operations.manifest import Manifest, Part, must_belong_here, read_manifest
from portalkompass.operations.places import copy_bytes, room_for
from portalkompass.settings import Settings

_LARGEST_MANIFEST = 2_000_000
_LARGEST_RATIO = 500
"""Unpacked to packed bytes; snapshots are compressed already and stay far below 20."""
_SMALL = 1_048_576
"""Bytes up to which a file may be packed as strongly as it likes."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    UnicodeDecodeError,
    OverflowError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def check(path: Path, settings: Settings) -> Manifest:
    """Read an archive to its last byte and open what it holds, in a temporary folder beside it.

    Raises:
        SafekeepingError: it is damaged, foreign or of a newer release.
    """
    with tempfile.TemporaryDirectory(prefix=".portalkompass-", dir=path.parent) as folder:
        return unpack(path, Path(folder), settings)


def unpack(path: Path, folder: Path, settings: Settings) -> Manifest:
    """Write the verified files of an archive below ``folder``, under their names in the manifest.

    Raises:
        SafekeepingError: it is damaged, foreign, of a newer release, or larger than the free space.
    """
    with _opened(path) as archive:
        manifest = _manifest_of(archive)
        must_belong_here(manifest, settings)
        _must_match(archive, manifest)
        room_for(manifest.size, folder)
        for part in manifest.files:
            with archive.open(part.name) as source:
                _write(source, folder / part.name, part)
    _must_be_usable(manifest, folder)
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = path.stat().st_size
            if not all(0 <= entry.header_offset < size for entry in archive.infolist()):
                raise zipfile.BadZipFile("an entry lies outside the file")
            yield archive
    except FileNotFoundError:
        raise SafekeepingError(f"{path} gibt es nicht.") from None
    except _BROKEN as error:
        raise SafekeepingError(
            f"{path.name} ist keine unversehrte Sicherung. Es wurde nichts verändert."
        ) from error


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        entry = archive.getinfo(contents.NAME)
    except KeyError:
        raise SafekeepingError("Die Datei ist keine Sicherung des Portalkompasses.") from None
    if entry.file_size > _LARGEST_MANIFEST:
        raise SafekeepingError("Das Inhaltsverzeichnis der Sicherung ist zu groß.")
    with archive.open(entry) as file:
        return read_manifest(file.read(_LARGEST_MANIFEST))


def _must_match(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Exactly the files of the manifest, each in its announced size, none blown up."""
    sizes = [(entry.filename, entry.file_size) for entry in archive.infolist()]
    expected = {(part.name, part.size) for part in manifest.files}
    others = [(name, size) for name, size in sizes if name != contents.NAME]
    if len(sizes) != len(manifest.files) + 1 or set(others) != expected:
        raise SafekeepingError("Inhalt und Inhaltsverzeichnis der Sicherung stimmen nicht überein.")
    for entry in archive.infolist():
        if entry.file_size > _SMALL and entry.file_size > _LARGEST_RATIO * max(entry.compress_size, 1):
            raise SafekeepingError("Die Sicherung ist auffällig stark gepackt und wird nicht entpackt.")


def _write(source: IO[bytes], target: Path, part: Part) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        size, digest = copy_bytes(source, file, part.size)
        file.flush()
        os.fsync(file.fileno())
    if size != part.size or digest != part.sha256:
        raise SafekeepingError(f"{part.name} ist in der Sicherung beschädigt. Es wurde nichts verändert.")


def _must_be_usable(manifest: Manifest, folder: Path) -> None:
    """The digest says that a file is as it was saved; this says that it can be used."""
    for part in manifest.files:
        path, fault = folder / part.name, ""
        if part.name.startswith("warehouse/"):
            fault = snapshot_check.damage(path)
        elif part.name == contents.WORKSPACE:
            found = workspace_copy.form_of_file(path)
            if found.newer:
                raise SafekeepingError(
                    "Der Arbeitsbereich der Sicherung stammt von einer neueren Version des Portalkompasses. "
                    "Bitte das Programm aktualisieren."
                )
            fault = found.damaged or ("" if found.name else "kein Arbeitsbereich")
        if fault:
            raise SafekeepingError(f"{part.name} in der Sicherung lässt sich nicht verwenden ({fault}).")
