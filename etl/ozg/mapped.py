"""An OZG list with foreign headings, brought into the shipped form by a column mapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from etl.errors import LoadError
from etl.german_numbers import MONTHS
from etl.ozg.rows import HEADER
from etl.tabular import Sheet

_GO_LIVE = re.compile(r"Go-Live ([^\W\d]+) (\d{4})")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_REQUIRED = ("name", "list", "status")


def in_shipped_form(sheet: Sheet, mapping: Mapping[str, str]) -> Sheet:
    """The sheet with the shipped columns: mapped ones renamed, the others of the file left out.

    A missing id is made of the name, a missing month of go-live of the status; other missing columns
    are empty. Lines stay those of the file.

    Raises:
        LoadError: name, list or status is not mapped, or two columns are mapped to the same field.
    """
    own = {heading.strip().lower(): name for heading, name in mapping.items() if name}
    found: dict[str, str] = {}
    for heading in sheet.header:
        name = own.get(heading.lower())
        if name is None:
            continue
        if name in found:
            raise LoadError(
                f"{sheet.file_name}: Die Spalten „{found[name]}“ und „{heading}“ bedeuten beide {name}."
            )
        found[name] = heading
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        raise LoadError(f"{sheet.file_name}: Der OZG-Liste fehlt eine Spalte für {', '.join(missing)}.")
    texts = {name: sheet.columns[heading].cast(pa.string()).to_pylist() for name, heading in found.items()}
    texts.setdefault("service_id", [service_id(name) for name in texts["name"]])
    texts.setdefault("go_live_month", [_month(status) for status in texts["status"]])
    blank = [""] * sheet.rows
    columns = pa.table({name: pa.array(texts.get(name, blank), pa.string()) for name in HEADER})
    return replace(sheet, header=HEADER, columns=columns)


def service_id(name: str) -> str:
    """``Anlagengenehmigung und –zulassung`` → ``anlagengenehmigung-und-zulassung``."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UMLAUTS))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def _month(status: str) -> str:
    match = _GO_LIVE.fullmatch(status.strip())
    return f"{match[2]}-{MONTHS.index(match[1]) + 1:02d}" if match and match[1] in MONTHS else ""
