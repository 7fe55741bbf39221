"""Faults of disk and database file as one sentence with the next step; the published state is untouched."""

from __future__ import annotations

import errno

import duckdb

from portalkompass import german

_DISK = {
    errno.ENOSPC: "Der Datenträger ist voll",
    errno.EDQUOT: "Das Speicherkontingent ist aufgebraucht",
    errno.EFBIG: "Eine Datei würde zu groß",
    errno.EROFS: "Der Datenträger ist schreibgeschützt",
    errno.EACCES: "Es fehlen Rechte am Ordner der Daten",
    errno.EPERM: "Es fehlen Rechte am Ordner der Daten",
}
_UNTOUCHED = "Der veröffentlichte Stand ist unverändert."


def sentence_of(error: OSError | duckdb.Error) -> str:
    """What happened and what to do; details of the database's own message stay out."""
    if isinstance(error, OSError):
        what = _DISK.get(error.errno or 0, f"Ein Dateizugriff schlug fehl: {german.why_unreadable(error)}")
        return f"{what}. {_UNTOUCHED}"
    text = str(error).casefold()
    if "no space left" in text or "file too large" in text or "could not write" in text:
        return f"Der Datenträger ist voll oder nicht beschreibbar. {_UNTOUCHED}"
    if "storage version number" in text:
        return (
            "Der veröffentlichte Stand wurde mit einer neueren Version von DuckDB geschrieben. "
            "Bitte Portalkompass aktualisieren."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"Arbeitsspeicher oder Platz für Zwischenergebnisse reichen nicht. {_UNTOUCHED}"
    return (
        "Der veröffentlichte Stand lässt sich nicht lesen, er ist wohl beschädigt. "
        "Mit „python -m etl rollback“ auf den vorigen Stand zurückstellen oder mit "
        "„python -m portalkompass restore DATEI“ eine Sicherung zurückspielen."
    )
