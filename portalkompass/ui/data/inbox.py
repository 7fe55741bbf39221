"""Uploaded files on their way into the warehouse: one folder each below the inbox, removed when done."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from pathlib import Path

LONGEST_NAME = 120
FORBIDDEN = frozenset('<>:"/\\|?*')


def keep(inbox: Path, name: str, content: bytes) -> Path:
    """Store an upload under its own name (the loader reads the property from it), made harmless."""
    folder = inbox / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%fZ}"
    folder.mkdir(parents=True)
    path = folder / harmless(name)
    path.write_bytes(content)
    return path


def harmless(name: str) -> str:
    """The last part of the name without separators, control characters or leading dots and dashes."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in last if char.isprintable() and char not in FORBIDDEN)
    plain = plain.lstrip(".- ").rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:LONGEST_NAME] or "datei"
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'datei'}.{ending[:10]}"


def discard(path: Path) -> None:
    """Remove an upload with its folder; gone already is fine."""
    shutil.rmtree(path.parent, ignore_errors=True)
