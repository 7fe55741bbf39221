"""What single cells of a portal export mean, once per distinct text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from etl.files.german_numbers import end_of_month, parse_integer, parse_period
from etl.sources.folding import own_page
from etl.sources.portal_files.columns import MEASURES
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import PageKind

_KEY = re.compile(r"99\d{12}")
_EXCEL_KEY = re.compile(r"9[.,]?\d*[eE]\+?1\d")
_OVERFLOW = frozenset({"others", "andere", "(other)", "(andere)"})
_TOTALS = frozenset({"summe", "gesamt", "gesamtsumme", "insgesamt", "total", "totals", "grand total"})
_EXCEL_ERROR = re.compile(r"#[A-ZÄÖÜ0-9/]+[!?]?")
_SHORT_MONTH = re.compile(r"([^\W\d]+)\.?[ -](\d{2})")
_INDEX = "/index"
"""What Matomo hangs onto the path of an address that ends with a slash."""

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
    site: str, page_kinds: Sequence[PageKind], today: dt.date, *, host: str, months: bool = False
) -> Mapping[str, Callable[[str], Any]]:
    """The parser of each canonical column; each raises ValueError with a German reason.

    ``host`` is that of bare paths; ``months``: the column's name says that its periods are months.
    """
    parsers: dict[str, Callable[[str], Any]] = {
        "period": lambda text: _period(text, today, months=months),
        "url": lambda text: _page(text, site, page_kinds, host),
        "title": lambda text: label(text) or None,
        "leistungsschluessel": _key,
    }
    return parsers | dict.fromkeys(MEASURES, _count)


def label(text: str) -> str:
    """A label without the apostrophe that exports put before = + - @ to keep Excel from computing."""
    stripped = text.strip()
    return stripped[1:] if re.match(r"'[=+\-@]", stripped) else stripped


def _period(text: str, today: dt.date, *, months: bool) -> tuple[dt.date, dt.date]:
    """A day or a month; in a column of months, Excel's first day of a month (and ``Nov 25``) is that month."""
    _refuse_total(text)
    short = _SHORT_MONTH.fullmatch(text.strip()) if months else None
    first, last = parse_period(f"{short[1]} 20{short[2]}" if short else text)
    if months and first == last and first.day == 1:
        last = end_of_month(first)
    if first > today:
        raise ValueError("liegt in der Zukunft")
    return first, last


def _refuse_total(text: str) -> None:
    if text.strip().rstrip(":").lower() in _TOTALS:
        raise ValueError("Summenzeile, keine Seite; Summen werden aus den Zeilen gebildet")


def _page(text: str, site: str, page_kinds: Sequence[PageKind], host: str) -> str:
    text = label(text)
    _refuse_total(text)
    if not text:
        raise ValueError("die Adresse der Seite fehlt")
    if text.lower() in _OVERFLOW:
        raise ValueError("Sammelzeile ohne Adresse; bitte alle Zeilen exportieren")
    if text == STAFF_PAGES:
        return STAFF_PAGES
    if text.startswith("/") and host:
        text = f"https://{host}{text.removesuffix(_INDEX) or '/'}"
    return own_page(text, site, page_kinds)


def _count(text: str) -> int | None:
    if _EXCEL_ERROR.fullmatch(text.strip()):
        raise ValueError("Fehlerwert von Excel statt einer Zahl")
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
