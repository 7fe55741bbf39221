"""One column of a table as its distinct texts: a million rows cost a few thousand parses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from etl.reports import RejectionKind

Codes = np.ndarray[Any, np.dtype[np.int32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Cells:
    """One column as distinct values: row i has ``values[codes[i]]``, or ``reasons[codes[i]]`` if faulty."""

    texts: list[str]
    values: list[Any]
    reasons: dict[int, str]
    codes: Codes
    kinds: Mapping[int, RejectionKind] = field(default_factory=dict)


TOTAL = "Summenzeile, keine Seite; Summen werden aus den Zeilen gebildet"
_TOTALS = frozenset(
    {
        *("summe", "gesamt", "gesamtsumme", "gesamtergebnis", "insgesamt", "alle seiten"),
        *("total", "totals", "grand total"),
    }
)


def is_total(text: str) -> bool:
    """Whether a cell names its row as the sum of the others."""
    return text.strip().rstrip(":").lower() in _TOTALS


class NoRow(ValueError):
    """The text says that its row is none of its own: a sum, or a remainder."""

    def __init__(self, kind: RejectionKind, reason: str) -> None:
        self.kind = kind
        super().__init__(reason)


def distinct(column: pa.ChunkedArray, parse_cell: Callable[[str], Any]) -> Cells:
    """Parse each distinct text of a column once; a ValueError becomes the reason of its rows."""
    encoded = column.unify_dictionaries().combine_chunks()
    texts = encoded.dictionary.to_pylist()
    values: list[Any] = []
    reasons: dict[int, str] = {}
    kinds: dict[int, RejectionKind] = {}
    for code, text in enumerate(texts):
        try:
            values.append(parse_cell(text))
        except ValueError as error:
            values.append(None)
            reasons[code] = str(error)
            if isinstance(error, NoRow):
                kinds[code] = error.kind
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return Cells(texts, values, reasons, codes, kinds)
