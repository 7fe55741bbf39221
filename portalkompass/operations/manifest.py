"""The manifest of an archive: what is in it, of whom, and the SHA-256 that every file must have."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from portalkompass import schema
from portalkompass.operations import originals
from portalkompass.operations.errors import SafekeepingError
from portalkompass.settings import Settings

FORMAT = 2
"""1 until originals of imports could be in it."""
NAME = "manifest.json"
WORKSPACE = "workspace.db"
MOST_FILES = 2000

_SNAPSHOT = re.compile(r"warehouse/\d{8}T\d{12}Z\.duckdb")
_DATA = re.compile(r"data/[^/\\:\x00-\x1f]{1,200}")
_ORIGINAL = re.compile(rf"{originals.FOLDER}/{originals.NAME.pattern}")
_RESERVED = re.compile(rf"data/(\..*|workspace\.db.*|warehouse|demo|inbox|{originals.FOLDER})", re.IGNORECASE)
_NEWER = (
    "Die Sicherung stammt von einer neueren Version des Portalkompasses. Bitte das Programm aktualisieren."
)


class Part(BaseModel):
    """One file of the archive; ``size`` in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @field_validator("name")
    @classmethod
    def _known_place(cls, name: str) -> str:
        """Only names that a backup writes: no path of an archive can lead out of its folder."""
        data = _DATA.fullmatch(name) and not _RESERVED.fullmatch(name)
        known = name == WORKSPACE or _SNAPSHOT.fullmatch(name) or _ORIGINAL.fullmatch(name)
        if not known and not data:
            raise ValueError("a file at a place where no backup puts one")
        return name

    @property
    def is_original(self) -> bool:
        """Whether it is a kept original of an import."""
        return _ORIGINAL.fullmatch(self.name) is not None


class Manifest(BaseModel):
    """``current`` is the published snapshot's file name, empty before the first load."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: Literal["portalkompass"]
    format: int
    version: str
    created_at: dt.datetime
    data_date: dt.date | None
    origin: Literal["demo", "live"]
    municipality: str
    schema_version: int
    current: str
    files: tuple[Part, ...] = Field(max_length=MOST_FILES)

    @model_validator(mode="after")
    def _complete(self) -> Manifest:
        names = [part.name for part in self.files]
        folded = {name.casefold() for name in names}
        if len(folded) != len(names):
            raise ValueError("a name twice")
        if self.current and f"warehouse/{self.current}" not in names:
            raise ValueError("the published snapshot is missing")
        return self

    @property
    def size(self) -> int:
        """Bytes that the files take when unpacked."""
        return sum(part.size for part in self.files)

    @property
    def stand(self) -> str:
        """The data date in German, or that there are no data yet."""
        return f"Datenstand {self.data_date:%d.%m.%Y}" if self.data_date else "ohne Suchdaten"


def read_manifest(raw: bytes) -> Manifest:
    """The manifest of an archive.

    Raises:
        SafekeepingError: it is no manifest of ours, or one of a newer release.
    """
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        if _written_by_newer(raw):
            raise SafekeepingError(_NEWER) from None
        places = {".".join(str(part) for part in fault["loc"][:1]) or "Inhalt" for fault in error.errors()}
        raise SafekeepingError(
            "Die Datei ist keine unversehrte Sicherung des Portalkompasses "
            f"(Inhaltsverzeichnis: {', '.join(sorted(places))})."
        ) from None


class _Header(BaseModel):
    product: Literal["portalkompass"]
    format: int


def _written_by_newer(raw: bytes) -> bool:
    try:
        return _Header.model_validate_json(raw).format > FORMAT
    except ValidationError:
        return False


def must_belong_here(manifest: Manifest, settings: Settings) -> None:
    """Only an archive of the same city and kind of data, and not of a newer release, may be restored.

    Raises:
        SafekeepingError: with the difference.
    """
    if manifest.format > FORMAT or manifest.schema_version > schema.SCHEMA_VERSION:
        raise SafekeepingError(_NEWER)
    if manifest.origin != settings.origin:
        kinds = {"live": "echte Daten", "demo": "Beispieldaten"}
        raise SafekeepingError(
            f"Die Sicherung enthält {kinds[manifest.origin]}, hier liegen {kinds[settings.origin]}."
            " Beispieldaten werden mit „--demo“ zurückgespielt."
        )
    if manifest.municipality != settings.city.municipality:
        raise SafekeepingError(
            "Die Sicherung gehört zu einer anderen Kommune (Einstellung city.municipality)."
        )
