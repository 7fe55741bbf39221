"""Regional keys (ARS) of a list, also where Excel has taken them for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.errors import LoadError
from etl.files.tabular import Sheet

DIGITS = 12
_LEVELS = (0, 2, 3, 5, 9, 12)
"""Digits of federation, state, district, county, association and municipality."""
_SHORTENED = re.compile(r"\d+[.,]?\d*[eE]\+?\d+")
_NULL_LOST = frozenset({1, 4, 8, 11})
"""Lengths that no key has, but that of a state from 01 to 09 without its zero."""


def own_areas(ars: str) -> frozenset[str]:
    """The key of the municipality and of every area that contains it, 12 digits each."""
    return frozenset(ars[:digits].ljust(DIGITS, "0") for digits in _LEVELS)


def nearby_areas(neighbours: Iterable[str], own: str) -> frozenset[str]:
    """Keys of the neighbours, their associations and districts: areas that the city of ``own`` does not lie in."""
    above = {ars[:digits].ljust(DIGITS, "0") for ars in neighbours for digits in _LEVELS[3:]}
    return frozenset(above - own_areas(own))


def regional_keys(sheet: Sheet, heading: str, own: str) -> tuple[dict[str, str], int]:
    """Text of the cell → key of 12 digits, and the rows whose leading zero had to be put back.

    Short keys are those of larger areas, a municipal key (AGS) is taken for the city of ``own`` where it is the city's.

    Raises:
        LoadError: Excel has shortened the keys to powers of ten: which digits are lost, nothing tells.
    """
    texts = [str(text or "") for text in sheet.columns[heading].to_pylist()]
    distinct = {text: text.strip().lstrip("'") for text in set(texts)}
    ruined = sorted(key for key in distinct.values() if _SHORTENED.fullmatch(key))
    if ruined:
        raise LoadError(
            f"{sheet.file_name}: Excel hat die Regionalschlüssel gekürzt („{ruined[0]}“), die fehlenden "
            f"Ziffern sind verloren. "
            "Bitte die Liste laden, wie Open-PVOG sie ausgibt, ohne sie in Excel zu speichern."
        )
    lost = _zeros_are_lost(list(distinct.values()))
    keys = {text: _key(key, lost, own) for text, key in distinct.items()}
    mended = sum(lost and len(distinct[text]) in _NULL_LOST and distinct[text] != "0" for text in texts)
    return keys, mended


def _zeros_are_lost(keys: list[str]) -> bool:
    """Whether no key begins with a zero although some are one digit short: then Excel has taken them for numbers."""
    digits = [key for key in keys if key.isdecimal() and key.strip("0")]
    short = [key for key in digits if len(key) in _NULL_LOST]
    return bool(short) and not any(key.startswith("0") for key in digits)


def _key(key: str, lost: bool, own: str) -> str:
    if not key.isdecimal():
        return key
    municipal = own[:5] + own[9:]
    if key in (municipal, municipal.lstrip("0")):
        return own
    whole = key.zfill(len(key) + 1) if lost and len(key) in _NULL_LOST else key
    return whole.ljust(DIGITS, "0")
