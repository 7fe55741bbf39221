"""What keeps a backup or a restore from being done: one German sentence each."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

_REASONS = {
    errno.ENOSPC: "der Datenträger ist voll",
    errno.EDQUOT: "das Speicherkontingent ist aufgebraucht",
    errno.EFBIG: "die Datei würde zu groß",
    errno.EROFS: "der Datenträger ist schreibgeschützt",
    errno.EACCES: "die Rechte fehlen",
    errno.EPERM: "die Rechte fehlen",
    errno.ENOENT: "Datei oder Ordner fehlt",
    errno.ENOTDIR: "ein Teil des Pfades ist kein Ordner",
    errno.EIO: "der Datenträger meldet einen Lese- oder Schreibfehler",
}


class SafekeepingError(Exception):
    """A backup or restore that was not done; what was there is as it was, unless the sentence says more."""


def reason(error: OSError) -> str:
    """Why the operating system did not do it, in German."""
    return _REASONS.get(error.errno or 0, error.strerror or "der Grund ist unbekannt")


@contextmanager
def german_faults(what: str) -> Iterator[None]:
    """Faults of the operating system as a sentence that begins with ``what`` was not possible."""
    try:
        yield
    except OSError as error:
        raise SafekeepingError(f"{what}: {reason(error)}.") from error
