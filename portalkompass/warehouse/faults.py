"""What the database says, as one German sentence with the next step; its own words and class names stay inside."""

from __future__ import annotations

import duckdb


def sentence_of(error: duckdb.Error | OSError, name: str = "") -> str:
    """Why a state cannot be read; ``name`` is that of its file, where it is known.

    A limit that is too low or no amount at all, and rights that are missing, say nothing about the data:
    only what is left is called damage.
    """
    text = str(error).casefold()
    state = f"Der Datenstand {name}" if name else "Der Datenstand"
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)) or "memory limit" in text:
        return (
            "Der Arbeitsspeicher für Auswertungen reicht nicht. Bitte die Einstellung „memory_limit“ erhöhen "
            "(zum Beispiel 500MB) oder Platz auf dem Datenträger schaffen."
        )
    if isinstance(error, (duckdb.ParserException, duckdb.InvalidInputException)) and "memory" in text:
        return "Die Einstellung „memory_limit“ ist keine Menge wie 200MB oder 4GB."
    if "permission denied" in text or isinstance(error, PermissionError):
        return f"{state} lässt sich nicht öffnen: Die Rechte fehlen. Er gehört wohl einem anderen Konto."
    if "storage version number" in text:
        return f"{state} wurde mit einer neueren Version von DuckDB geschrieben. Bitte Portalkompass aktualisieren."
    if "too many open files" in text:
        return f"{state} lässt sich nicht öffnen: Zu viele Dateien sind offen."
    return (
        f"{state} lässt sich nicht öffnen, er ist wohl beschädigt. "
        "Bitte mit „python -m etl verify“ prüfen oder mit „python -m etl rollback“ zurückstellen."
    )
