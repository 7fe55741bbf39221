"""Rows of a city's own list of services, whatever its headings: parsed, each with its fault or none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from etl.errors import LoadError
from etl.files.distinct import is_total
from etl.files.german_numbers import refuse_excel_fault
from etl.files.tabular import Sheet
from etl.reports import Rejection
from etl.sources.file_kind import ragged_faults
from etl.sources.service_key import service_key
from portalkompass import spelling

FIELDS = ("name", "leistungsschluessel", "own_id", "ozg_id", "departments")
"""What a heading can mean; only the name must be there."""
_BETWEEN = re.compile(r"[|;/\s]+|,(?!\d*[eE]\+)")
"""Between keys of one cell; the comma of a key that Excel has shortened (9,91E+13) is none."""
_LONGEST = 300
_OZG_ID = re.compile(r"(?:OZG[-_]?)?(\d{3,6})", re.IGNORECASE)
_SHORTENED_NUMBER = re.compile(r"\d[.,]?\d*[eE]\+\d{1,2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One service of the list. ``line`` counts from 1, ``own_id`` is the list's own number ("" for none)."""

    line: int
    name: str
    keys: tuple[str, ...] = ()
    own_id: str = ""
    ozg_id: str = ""
    departments: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """The rows that can be used, those that cannot, and what a person should know of the former."""

    file_name: str
    rows: tuple[Entry, ...]
    rejected: tuple[Rejection, ...]
    warnings: tuple[str, ...]


def parse(sheet: Sheet, mapping: Mapping[str, str]) -> Entries:
    """Parse every row; for its first fault it is rejected. A row without any mapped cell is none.

    ``mapping``: heading → field, "" for a column that is left out.

    Raises:
        LoadError: no column holds the name, or two are mapped to one field.
    """
    headings = _headings(sheet, mapping)
    rejected = ragged_faults(sheet)
    rows: list[Entry] = []
    names: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for line, cells in sheet.records():
        texts = {field: " ".join(cells[heading].split()) for field, heading in headings.items()}
        if not any(texts.values()) or is_total(texts["name"]):
            continue
        try:
            _refuse_heading(cells, headings)
            entry = _entry(line, texts)
            _refuse_double(entry, names, numbers)
        except _CellFault as fault:
            heading = headings[fault.field]
            rejected.append(Rejection(sheet.file_name, line, heading, cells[heading], f"{fault}."))
            continue
        rows.append(entry)
        names[spelling.key(entry.name)] = line
        if entry.own_id:
            numbers[entry.own_id.lower()] = line
    heading = headings.get("leistungsschluessel", "")
    return Entries(sheet.file_name, tuple(rows), tuple(rejected), _shared_keys(rows, heading))


class _CellFault(ValueError):
    """What is wrong with the cell of one field, in German without a final stop."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def _headings(sheet: Sheet, mapping: Mapping[str, str]) -> dict[str, str]:
    """Field → heading of this file."""
    fields = {heading.strip().lower(): field for heading, field in mapping.items() if field}
    found: dict[str, str] = {}
    for heading in sheet.header:
        field = fields.get(heading.strip().lower())
        if field is None:
            continue
        if field in found:
            raise LoadError(
                f"{sheet.file_name}: Die Spalten „{found[field]}“ und „{heading}“ sind beide als {field} zugeordnet. "
                "Bitte eine davon weglassen."
            )
        found[field] = heading
    if "name" not in found:
        raise LoadError(
            f"{sheet.file_name}: Dem Leistungsverzeichnis fehlt die Spalte mit dem Namen der Leistung. Bitte zuordnen."
        )
    return found


def _entry(line: int, texts: Mapping[str, str]) -> Entry:
    name = texts["name"]
    if not spelling.key(name):
        raise _CellFault("name", "der Name der Leistung fehlt")
    for field, text in texts.items():
        if field not in ("leistungsschluessel", "ozg_id") and len(text) > _LONGEST:
            raise _CellFault(field, f"länger als {_LONGEST} Zeichen")
        if spelling.CONTROLS.search(text):
            raise _CellFault(field, "enthält unsichtbare Zeichen")
        try:
            refuse_excel_fault(text)
        except ValueError:
            raise _CellFault(field, "Fehlerwert von Excel") from None
    if not any(map(str.isalpha, name)):
        raise _CellFault("name", "der Name enthält keinen Buchstaben")
    if _SHORTENED_NUMBER.fullmatch(texts.get("own_id", "")):
        raise _CellFault("own_id", "von Excel gekürzte Nummer; bitte die Spalte als Text formatieren")
    return Entry(
        line,
        name,
        _keys(texts.get("leistungsschluessel", "")),
        texts.get("own_id", ""),
        "|".join(_ozg_ids(texts.get("ozg_id", ""))),
        texts.get("departments", ""),
    )


def _ozg_ids(text: str) -> list[str]:
    """The numbers of a cell, each once. Words beside them are passed over, other figures (10.502) are a fault."""
    found = []
    for part in filter(None, _BETWEEN.split(text)):
        number = _OZG_ID.fullmatch(part)
        if number:
            found.append(number[1])
        elif any(map(str.isdigit, part)):
            raise _CellFault("ozg_id", "keine OZG-Nummer (3 bis 6 Ziffern)")
    return list(dict.fromkeys(found))


def _keys(text: str) -> tuple[str, ...]:
    """All keys of a cell, each once; they may be written with blanks between their groups."""
    whole = "".join(text.split()).lstrip("'")
    parts = [whole] if whole.isdigit() else _BETWEEN.split(text)
    try:
        found = [service_key(part) for part in parts if part]
    except ValueError as error:
        raise _CellFault("leistungsschluessel", str(error)) from None
    return tuple(dict.fromkeys(key for key in found if key))


def _refuse_heading(cells: Mapping[str, str], headings: Mapping[str, str]) -> None:
    if all(cells[heading].strip() == heading.strip() for heading in headings.values()):
        raise _CellFault("name", "die Überschriften stehen hier noch einmal")


def _refuse_double(entry: Entry, names: Mapping[str, int], numbers: Mapping[str, int]) -> None:
    before = names.get(spelling.key(entry.name))
    if before:
        raise _CellFault("name", f"„{entry.name}“ steht schon in Zeile {before}")
    before = numbers.get(entry.own_id.lower())
    if before:
        raise _CellFault("own_id", f"die Nummer „{entry.own_id}“ steht schon in Zeile {before}")


def _shared_keys(rows: list[Entry], heading: str) -> tuple[str, ...]:
    """Keys that several services of the list have: which of them is meant is not known."""
    lines: dict[str, list[int]] = {}
    for row in rows:
        for key in row.keys:
            lines.setdefault(key, []).append(row.line)
    return tuple(
        f"Spalte „{heading}“: Der Schlüssel {key} steht in den Zeilen {', '.join(map(str, own))}; jede gilt als "
        "eigene Leistung."
        for key, own in lines.items()
        if len(own) > 1
    )
