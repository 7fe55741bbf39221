"""The key of a service (LeiKa) as cells of files hold it, also where Excel has ruined it."""

from __future__ import annotations

import re

NO_KEY = "kein Leistungsschlüssel (99 und 12 weitere Ziffern)"
_KEY = re.compile(r"99\d{12}")
_EXCEL_KEY = re.compile(r"9[.,]?\d*[eE]\+?1\d")
SHORTENED = "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren"


def shortened(text: str) -> bool:
    """Whether the cell is what Excel makes of a key: ``9,91E+13``."""
    return _EXCEL_KEY.fullmatch(text.strip()) is not None


def service_key(text: str) -> str | None:
    """The 14 digits; None for an empty cell (or ``-``).

    Raises:
        ValueError: no key, or one that Excel has shortened; in German.
    """
    key = text.strip().lstrip("'")
    if key in ("", "-"):
        return None
    if shortened(key):
        raise ValueError(SHORTENED)
    if not _KEY.fullmatch(key):
        raise ValueError(NO_KEY)
    return key
