"""What single cells of a portal export mean, once per distinct text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from etl.german_numbers import parse_integer, parse_period
from etl.portal.columns import MEASURES
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import PageKind
from portalkompass.urls import belongs_to, host_of, normalise, page_kind, path_of

_KEY = re.compile(r"99\d{12}")
_EXCEL_KEY = re.compile(r"9[.,]?\d*[eE]\+?1\d")
_OVERFLOW = frozenset({"others", "andere"})
STAFF_KIND = "Mitarbeiter"

Codes = np.ndarray[Any, np.dtype[np.int32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Cells:
    """One column as distinct values: row i has ``values[codes[i]]``, or ``reasons[codes[i]]`` if faulty."""

    texts: list[str]
    values: list[Any]
    reasons: dict[int, str]
    codes: Codes


def distinct(column: pa.ChunkedArray, parse_cell: Callable[[str], Any]) -> Cells:
    """Parse each distinct text of a column once; a ValueError becomes the reason of its rows."""
    encoded = column.unify_dictionaries().combine_chunks()
    texts = encoded.dictionary.to_pylist()
    values: list[Any] = []
    reasons: dict[int, str] = {}
    for code, text in enumerate(texts):
        try:
            values.append(parse_cell(text))
        except ValueError as error:
            values.append(None)
            reasons[code] = str(error)
    return Cells(
        texts, values, reasons, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    )


def cell_parsers(
    site: str, page_kinds: Sequence[PageKind], today: dt.date
) -> Mapping[str, Callable[[str], Any]]:
    """The parser of each canonical column; each raises ValueError with a German reason."""
    parsers: dict[str, Callable[[str], Any]] = {
        "period": lambda text: _period(text, today),
        "url": lambda text: _page(text, site, page_kinds),
        "title": lambda text: label(text) or None,
        "leistungsschluessel": _key,
    }
    return parsers | dict.fromkeys(MEASURES, _count)


def label(text: str) -> str:
    """A label without the apostrophe that exports put before = + - @ to keep Excel from computing."""
    stripped = text.strip()
    return stripped[1:] if re.match(r"'[=+\-@]", stripped) else stripped


def _period(text: str, today: dt.date) -> tuple[dt.date, dt.date]:
    first, last = parse_period(text)
    if first > today:
        raise ValueError("liegt in der Zukunft")
    return first, last


def _page(text: str, site: str, page_kinds: Sequence[PageKind]) -> str:
    text = label(text)
    if not text:
        raise ValueError("die Adresse der Seite fehlt")
    if text.lower() in _OVERFLOW:
        raise ValueError("Sammelzeile ohne Adresse; bitte alle Zeilen exportieren")
    if text == STAFF_PAGES:
        return STAFF_PAGES
    if text.startswith("/") and site.startswith("http"):
        text = f"https://{host_of(site)}{text}"
    url = normalise(text)
    if not host_of(url):
        raise ValueError("keine Web-Adresse")
    if not belongs_to(url, site):
        raise ValueError(f"die Seite gehört nicht zu {site}")
    return STAFF_PAGES if page_kind(path_of(url), page_kinds) == STAFF_KIND else url


def _count(text: str) -> int | None:
    number = parse_integer(text)
    if number is not None and number < 0:
        raise ValueError("eine Anzahl kann nicht negativ sein")
    return number


def _key(text: str) -> str | None:
    key = text.strip().lstrip("'")
    if key in ("", "-"):
        return None
    if _EXCEL_KEY.fullmatch(key):
        raise ValueError("von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren")
    if not _KEY.fullmatch(key):
        raise ValueError("kein Leistungsschlüssel (99 und 12 weitere Ziffern)")
    return key
