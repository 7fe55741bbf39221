"""From the paths a person hands over to single readable files: folders, zip archives, loose files.

A zip is judged before anything is read from it: sizes, compression ratio, encryption. Its entries
are read in place and never written to disk, so an entry's name can do no harm.
"""

from __future__ import annotations

import io
import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from etl.errors import LoadError
from portalkompass import german

MAX_BYTES = 1024**3
"""Unpacked bytes that one import may bring along."""
MAX_ENTRIES = 2_000
MAX_RATIO = 200
"""Unpacked to packed bytes; genuine tables stay below 60."""
RATIO_FREE_BYTES = 4 * 1024**2
"""Below this an entry is harmless whatever its ratio."""
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
"""What the zip module raises on an archive that was cut off or altered."""
READABLE = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".zip", ".xls", ".json"})
"""Endings that are looked at inside folders and archives; a file named by hand is always looked at."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: on disk, or (``member``) inside a zip on disk.

    ``name`` is what a person sees, ``group`` the archive or folder that holds it together with its
    siblings (a Search Console export is such a group), ``folder`` tells groups of one name apart.
    """

    path: Path
    member: str
    name: str
    group: str
    folder: str

    @property
    def stem(self) -> str:
        """File name without folder and ending, composed (NFC)."""
        return PurePosixPath(self.name).stem

    def opened(self) -> IO[bytes]:
        """The file's bytes, seekable; to be closed by the caller.

        Raises:
            LoadError: it cannot be read, or the archive is damaged.
        """
        if not self.member:
            try:
                return self.path.open("rb")
            except OSError as error:
                raise LoadError(
                    f"{self.name} lässt sich nicht lesen: {german.why_unreadable(error)}. Bitte die Rechte prüfen."
                ) from None
        try:
            with zipfile.ZipFile(self.path) as archive:
                return io.BytesIO(archive.read(self.member))
        except DAMAGE:
            raise LoadError(f"{self.name}: Das Zip-Archiv ist beschädigt. Bitte neu herunterladen.") from None


def composed(name: str) -> str:
    """A file name in composed spelling: macOS stores ``ä`` as ``a`` and a combining diaeresis."""
    return unicodedata.normalize("NFC", name)


def expand(paths: Sequence[Path]) -> list[SourceFile]:
    """Every file behind the paths, in a stable order; zip archives and folders are looked into.

    Raises:
        LoadError: a path does not exist, an archive cannot be used or nothing readable was found.
    """
    files: list[SourceFile] = []
    for path in map(existing, paths):
        if path.is_dir():
            entries = [entry for entry in sorted(path.rglob("*")) if is_readable(entry, path)]
            inside = [file for entry in entries for file in _file(entry)]
            if not inside:
                name = path.resolve().name or str(path)
                raise LoadError(
                    f"Im Ordner {name} liegt keine CSV-, XLSX- oder Zip-Datei. Bitte den Pfad prüfen."
                )
            files += inside
        elif path.is_file():
            files += _file(path)
        else:
            raise LoadError(
                f"{path} gibt es nicht. Bitte den Pfad prüfen; Leerzeichen darin brauchen Anführungszeichen."
            )
    return files


def existing(path: Path) -> Path:
    """The path as the disk spells it: ``~``, Windows' separators, and umlauts composed or not; else as it was."""
    spellings = [path, path.expanduser()]
    if "\\" in str(path) and os.sep != "\\":
        spellings.append(Path(str(path).replace("\\", "/")).expanduser())
    spellings += [Path(unicodedata.normalize(form, str(one))) for one in spellings for form in ("NFC", "NFD")]
    return next((one for one in spellings if one.exists()), path)


def is_readable(entry: Path, folder: Path) -> bool:
    """Whether a file found in a folder is looked at: by its ending, and unless it or what lies between is hidden."""
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in entry.relative_to(folder).parts)
    return not hidden and entry.is_file() and entry.suffix.lower() in READABLE


def _file(path: Path) -> list[SourceFile]:
    parent = path.resolve().parent
    file = SourceFile(path, "", composed(path.name), composed(parent.name), str(parent))
    if _is_plain_zip(file):
        return _entries(path)
    if path.stat().st_size > MAX_BYTES:
        raise LoadError(f"{file.name}: Die Datei ist größer als {MAX_BYTES // 1024**2} MB. Bitte aufteilen.")
    return [file]


def _is_plain_zip(file: SourceFile) -> bool:
    """Whether the file is a zip archive by its first bytes, and not an Excel workbook.

    Raises:
        LoadError: it is named .zip or begins like one, but is damaged.
    """
    with file.opened() as stream:
        magic = stream.read(4)
    if magic not in ZIP_MAGIC:
        if file.path.suffix.lower() == ".zip":
            raise LoadError(f"{file.name}: Das ist kein lesbares Zip-Archiv. Bitte neu herunterladen.")
        return False
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = archive.namelist()
    except DAMAGE:
        raise LoadError(
            f"{file.name}: Das Archiv ist beschädigt oder unvollständig. Bitte neu herunterladen."
        ) from None
    return "[Content_Types].xml" not in names


def check_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Reject an archive that would unpack to more than a table ever needs, or that is encrypted.

    Raises:
        LoadError: with the limit that was passed.
    """
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > MAX_BYTES or len(entries) > MAX_ENTRIES:
        raise LoadError(
            f"{name}: Das Archiv würde entpackt {total // 1024**2} MB in {len(entries)} Dateien ergeben; "
            f"erlaubt sind {MAX_BYTES // 1024**2} MB und {MAX_ENTRIES} Dateien. Bitte aufteilen."
        )
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > RATIO_FREE_BYTES and ratio > MAX_RATIO:
            raise LoadError(
                f"{name}: {entry.filename} ist auffällig stark gepackt ({ratio:.0f} zu 1) "
                "und wird nicht entpackt. Bitte selbst entpacken und prüfen."
            )
        if entry.flag_bits & 0x1:
            raise LoadError(f"{name}: Das Archiv ist mit einem Kennwort geschützt. Bitte ohne exportieren.")


def _entries(path: Path) -> list[SourceFile]:
    name = composed(path.name)
    with zipfile.ZipFile(path) as archive:
        check_archive(archive, name)
        members = sorted(entry.filename for entry in archive.infolist() if not entry.is_dir())
    files = []
    for member in members:
        inside = PurePosixPath(composed(member).replace("\\", "/"))  # archives made on Windows
        if "__MACOSX" in inside.parts or inside.name.startswith("."):
            continue
        if inside.suffix.lower() in READABLE - {".zip"}:
            folder = f"{path.resolve()}!{inside.parent}"
            files.append(SourceFile(path, member, f"{name}/{inside.name}", name, folder))
    if not files:
        raise LoadError(
            f"{name}: Im Archiv liegt keine CSV- oder XLSX-Datei. Bitte den Export als CSV wählen."
        )
    return files


def split_off(paths: Sequence[Path], belongs: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """Paths of the files that belong to a kind (folders are searched), and everything else."""
    own: list[Path] = []
    rest: list[Path] = []
    for path in paths:
        inside = sorted(inner for inner in path.rglob("*") if belongs(inner)) if path.is_dir() else []
        if inside:
            own += inside
            rest += [
                other for other in sorted(path.rglob("*")) if other not in inside and is_readable(other, path)
            ]
        elif belongs(path):
            own.append(path)
        else:
            rest.append(path)
    return own, rest
