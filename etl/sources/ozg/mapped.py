"""An OZG list with foreign headings, brought into the shipped form by a column mapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import pyarrow as pa

from etl.errors import LoadError
from etl.files.german_numbers import parse_month
from etl.files.tabular import Sheet
from etl.sources.ozg.rows import HEADER, ListName, StatusGroup, month_of
from portalkompass.german import MONTHS
from portalkompass.spelling import folded

_ANY_GO_LIVE = re.compile(r"go[- ]?live:? (.+)", re.IGNORECASE)
_REQUIRED = ("name", "list", "status")


def in_shipped_form(sheet: Sheet, mapping: Mapping[str, str]) -> Sheet:
    """The sheet with the shipped columns: mapped ones renamed, the others of the file left out.

    A missing id is made of the name, a missing month of go-live of the status; other missing columns
    are empty. Lines stay those of the file.

    Raises:
        LoadError: name, list or status is not mapped, or two columns are mapped to the same field.
    """
    own = {heading.strip().lower(): name for heading, name in mapping.items() if name}
    heading_of: dict[str, str] = {}
    for heading in sheet.header:
        name = own.get(heading.lower())
        if name is None:
            continue
        if name in heading_of:
            raise LoadError(
                f"{sheet.file_name}: Die Spalten „{heading_of[name]}“ und „{heading}“ bedeuten beide "
                f"{name}. Bitte eine davon weglassen."
            )
        heading_of[name] = heading
    missing = [name for name in _REQUIRED if name not in heading_of]
    if missing:
        raise LoadError(
            f"{sheet.file_name}: Der OZG-Liste fehlt eine Spalte für {', '.join(missing)}. Bitte zuordnen."
        )
    texts = {
        name: sheet.columns[heading].cast(pa.string()).to_pylist() for name, heading in heading_of.items()
    }
    texts["status"] = [_status(text) for text in texts["status"]]
    texts["list"] = [_in_spelling(text, get_args(ListName)) for text in texts["list"]]
    if "go_live_month" in texts:
        pairs = zip(texts["go_live_month"], texts["status"], strict=True)
        texts["go_live_month"] = [_as_month(text) or _month(status) for text, status in pairs]
    texts.setdefault("service_id", [_service_id(name) for name in texts["name"]])
    texts.setdefault("go_live_month", [_month(status) for status in texts["status"]])
    blank = [""] * sheet.rows
    columns = pa.table({name: pa.array(texts.get(name, blank), pa.string()) for name in HEADER})
    return replace(sheet, header=HEADER, columns=columns)


def _in_spelling(text: str, allowed: tuple[str, ...]) -> str:
    """The allowed word that differs from the text in case and blanks only; any other text as it is."""
    plain = " ".join(text.split()).lower()
    return next((word for word in allowed if word.lower() == plain), text)


def _status(text: str) -> str:
    """``in umsetzung`` and ``Go-Live 03/2025`` in the spelling of the list; other words are left for a person."""
    live = _ANY_GO_LIVE.fullmatch(text.strip())
    if live is None:
        return _in_spelling(text, get_args(StatusGroup))
    try:
        month = parse_month(live[1])
    except ValueError:
        return text
    return f"Go-Live {MONTHS[month.month - 1]} {month.year}"


def _as_month(text: str) -> str:
    try:
        return f"{parse_month(text):%Y-%m}" if text.strip() else ""
    except ValueError:
        return text


def _service_id(name: str) -> str:
    """``Anlagengenehmigung und –zulassung`` → ``anlagengenehmigung-und-zulassung``."""
    plain = unicodedata.normalize("NFKD", folded(name))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def _month(status: str) -> str:
    month = month_of(status.strip())
    return f"{month:%Y-%m}" if month else ""
