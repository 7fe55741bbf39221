"""Rows of a table that tells of services: what its headings mean, which service a row is of, and its faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from etl.errors import LoadError
from etl.files.distinct import Cells, Mask, distinct
from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING
from etl.files.tabular import Sheet
from etl.reports import Rejection, RejectionKind
from portalkompass.settings import Settings

SERVICE_FIELDS: dict[str, tuple[str, ...]] = {
    "service_id": ("service_id",),
    "service_name": ("leika_name",),
    "leika_key": ("leika_key",),
}
"""Fields that can say which service a row is of, the surest first, and the meanings of their headings."""


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """A table whose cells are parsed: ``columns`` field → heading, ``frame`` with ``service`` and the fields, by row.

    ``own``: rows that no column gives to another city.
    """

    columns: Mapping[str, str]
    frame: pd.DataFrame
    faults: Faults
    own: Mask


def read_table(
    sheet: Sheet,
    fields: Mapping[str, tuple[str, ...]],
    needed: Mapping[str, tuple[str, ...]],
    parsers: Mapping[str, Callable[[str], Any]],
    settings: Settings,
    beside: Beside | None = None,
) -> ServiceTable:
    """Parse every cell; rows that nothing gives to one service of this city, or with a cell that cannot be read, have
    their fault noted.

    ``fields``: field → meanings of its headings, beside those that name the service. ``needed``: words for what else
    must be there → fields of which one is enough.

    Raises:
        LoadError: a needed column is missing, two columns mean the same, or all rows are of another city.
    """
    columns = _columns(sheet, fields, needed)
    cells = {name: distinct(sheet.columns[heading], parsers[name]) for name, heading in columns.items()}
    faults = Faults(sheet, beside)
    _refuse_other_cities(sheet, settings, faults)
    own = faults.good.copy()
    frame = pd.DataFrame({name: _values(of_name) for name, of_name in cells.items()}, index=range(sheet.rows))
    ways = {name: cells.pop(name) for name in SERVICE_FIELDS if name in cells}
    frame["service"] = reduce(
        lambda surer, other: surer.where(surer.notna(), other), (frame[name] for name in ways)
    )
    _note_services(frame, ways, columns, faults)
    for name, of_name in cells.items():
        faults.note_cells(of_name, columns[name])
    return ServiceTable(columns, frame, faults, own)


def _columns(
    sheet: Sheet, fields: Mapping[str, tuple[str, ...]], needed: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Field → heading."""
    look = Look(sheet, NOTHING)
    named: dict[str, str] = {}
    for name, concepts in {**SERVICE_FIELDS, **fields}.items():
        headings = [
            one for one in look.header if look.concepts[one] & set(concepts) and one not in named.values()
        ]
        if len(headings) > 1:
            raise LoadError(
                f"{sheet.file_name}: Die Spalten „{headings[0]}“ und „{headings[1]}“ bedeuten dasselbe. Bitte eine "
                "davon löschen oder umbenennen."
            )
        if headings:
            named[name] = headings[0]
    service = {"Leistung (Name, Kennung oder Leistungsschlüssel)": tuple(SERVICE_FIELDS)}
    missing = [words for words, any_of in {**service, **needed}.items() if not named.keys() & set(any_of)]
    if missing:
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte {', '.join(missing)}; vorhanden sind {', '.join(sheet.header)}."
        )
    return named


def _values(cells: Cells) -> pd.Series[Any]:
    """The parsed values row by row; numbers as numbers, missing as NaN."""
    values = cells.values or [None]
    numbers = all(isinstance(value, int | float) or value is None for value in values)
    array = np.array(values, dtype="float64" if numbers else "object")
    return pd.Series(array[cells.codes])


@dataclass(frozen=True, slots=True)
class Beside:
    """A table whose side by side ``headings`` were put below each other, ``rows`` each, under the one ``made``."""

    headings: tuple[str, ...]
    rows: int
    made: str

    def heading(self, row: int, heading: str) -> str:
        """The heading that the file has for it."""
        return self.headings[row // self.rows] if heading == self.made else heading


class Faults:
    """The first fault of each row, and rows that are none of their own."""

    def __init__(self, sheet: Sheet, beside: Beside | None = None) -> None:
        self._sheet, self._beside = sheet, beside
        self.good: Mask = np.ones(sheet.rows, dtype=bool)
        self._found: list[tuple[int, str, str, RejectionKind]] = []

    def note(self, rows: Mask, heading: str, reason: str, kind: RejectionKind = "fault") -> None:
        """The rows have this fault, if they have none yet."""
        new = np.flatnonzero(rows & self.good)
        self._found += [(int(row), heading, reason, kind) for row in new]
        self.good[new] = False

    def leave_out(self, rows: Mask) -> None:
        """The rows are none."""
        self.good &= ~rows

    def note_cells(self, cells: Cells, heading: str) -> None:
        """The rows whose cell could not be parsed."""
        for code, reason in cells.reasons.items():
            self.note(cells.codes == code, heading, reason, cells.kinds.get(code, "fault"))

    def rejections(self) -> list[Rejection]:
        """All of them by line."""
        lines = self._sheet.lines.to_pylist()
        return [
            Rejection(
                self._sheet.file_name,
                lines[row],
                self._beside.heading(row, heading) if self._beside else heading,
                str(self._sheet.columns[heading][row].as_py() or ""),
                f"{reason}.",
                kind,
            )
            for row, heading, reason, kind in sorted(self._found)
        ]

    @property
    def fault_rows(self) -> list[int]:
        """Rows with a fault of their own; the others only sum some."""
        return [row for row, _, _, kind in self._found if kind == "fault"]

    @property
    def faulty(self) -> int:
        """How many these are."""
        return len(self.fault_rows)


def _refuse_other_cities(sheet: Sheet, settings: Settings, faults: Faults) -> None:
    """Rows that a column of regional keys gives to another city.

    Raises:
        LoadError: all of them are.
    """
    heading = Look(sheet, NOTHING).heading("ars")
    if heading is None or not sheet.rows:
        return
    ars = settings.city.ars
    own = {ars, ars[:5] + ars[9:], ars.lstrip("0"), (ars[:5] + ars[9:]).lstrip("0")}
    texts = sheet.columns[heading].to_pylist()
    other = np.array([bool(text and text.strip().lstrip("'") not in own) for text in texts], dtype=bool)
    if other.all():
        raise LoadError(
            f"{sheet.file_name}: Alle Zeilen gehören nach der Spalte „{heading}“ nicht zu "
            f"{settings.city.name}. Bitte die Zahlen der eigenen Stadt laden."
        )
    faults.note(other, heading, f"gehört nicht zu {settings.city.name}")


def _note_services(
    frame: pd.DataFrame, ways: Mapping[str, Cells], columns: Mapping[str, str], faults: Faults
) -> None:
    """Rows whose service nothing tells, or of which two columns name different ones; sums of all services."""
    for name, cells in ways.items():
        for code, kind in cells.kinds.items():
            faults.note(cells.codes == code, columns[name], cells.reasons[code], kind)
    unknown = frame["service"].isna().to_numpy()
    for name, cells in ways.items():
        filled = np.array([bool(text.strip()) for text in cells.texts] or [False])[cells.codes]
        for code, reason in cells.reasons.items():
            faults.note(unknown & filled & (cells.codes == code), columns[name], reason)
    first = columns[next(iter(ways))]
    faults.note(unknown, first, "die Leistung fehlt")
    for name in ways:
        differing = frame[name].notna() & (frame[name] != frame["service"])
        faults.note(differing.to_numpy(), first, "Name und Schlüssel gehören zu verschiedenen Leistungen")


def mask_of(frame: pd.DataFrame | Mask, rows: pd.Index[Any]) -> Mask:
    """Which of the rows these are."""
    mask = np.zeros(len(frame), dtype=bool)
    mask[rows.to_numpy(dtype=int)] = True
    return mask
