"""What an import hands back, and the fault that names its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import msgspec

from etl.errors import LoadError

RejectionKind = Literal["fault", "total", "remainder"]

SAMPLE_ROWS = 10
"""Rows shown in a preview."""
NAMED_FAULTS = 5
"""Faults spelled out in a message; the rest is counted and kept in ``rejected_rows``."""
_NO_ROW = "Unter den Überschriften steht keine einzige Zeile. Bitte neu exportieren."


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Outcome of one file (or of one Search Console export, which is several files).

    ``rows_in = rows_loaded + rows_rejected``. ``differences`` (OZG list only) has one entry
    {service, field, before, after} per changed field. ``run_id`` is empty for a preview. ``recognised``: what kind of
    file it is, in words, and ``reasons`` why. ``questions``: German sentences that a person must answer with yes before
    the file is loaded. ``contained``: what the file holds against what is loaded of it, in rows and sums, in words.
    ``proposals`` (directory only): per row {line, name, service, service_name, own, reason, offers}, ``offers`` being
    what a person may choose instead, each {service, name, reason}.
    """

    kind: str
    file_name: str
    source: str
    site: str
    period_start: dt.date | None
    period_end: dt.date | None
    rows_in: int
    rows_loaded: int
    rows_rejected: int
    message: str
    warnings: tuple[str, ...] = ()
    sample: tuple[dict[str, Any], ...] = ()
    differences: tuple[dict[str, str | None], ...] = ()
    run_id: str = ""
    recognised: str = ""
    reasons: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    contained: str = ""
    proposals: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values, days in ISO form."""
        return cast(dict[str, Any], msgspec.to_builtins(self))


_WAY_ON = "Bitte die genannten Zellen berichtigen, oder die Datei laden, wie sie ausgegeben wurde."
"""What to do about faults that do not say it themselves."""


class RowFaults(LoadError):
    """A file is refused because of single rows; they are kept in ``rejected_rows`` with their reason.

    ``because``: what else is to be said first, in German, without a final stop.
    """

    def __init__(
        self,
        source: str,
        file_name: str,
        rows_in: int,
        faults: Sequence[Rejection],
        site: str = "",
        because: str = "",
    ) -> None:
        self.source = source
        self.file_name = file_name
        self.site = site
        self.rows_in = rows_in
        self.faults = tuple(faults)
        first = f"{because}. " if because else ""
        told = fault_sentence(faults, within=file_name) if faults else _NO_ROW
        sentence = f"{file_name} wurde nicht geladen: {first}{told}"
        leads_on = "bitte" in sentence.lower()
        super().__init__(sentence if leads_on else f"{sentence} {_WAY_ON}")


def fault_sentence(faults: Sequence[Rejection], *, within: str) -> str:
    """The first faults in words, with line and column, and how many more there are.

    A fault in another file than ``within`` (a table of an export) also names its file.
    """
    named = [
        place(fault) if fault.file_name == within else f"{fault.file_name}, {place(fault)}"
        for fault in faults[:NAMED_FAULTS]
    ]
    more = len(faults) - len(named)
    further = counted(more, "weiterer Fehler steht", "weitere Fehler stehen")
    rest = f"; {further} unter den abgewiesenen Zeilen" if more > 0 else ""
    return "; ".join(named) + rest + "."


def place(fault: Rejection) -> str:
    """One fault: ``Zeile 4, Spalte „status“: …``."""
    where = f"Zeile {fault.line}" if fault.line else "Tabelle"
    column = f", Spalte „{fault.column}“" if fault.column else ""
    return f"{where}{column}: {fault.reason.rstrip('.')}"


def german_count(number: int) -> str:
    """A count with dots between thousands: 18.925."""
    return f"{number:,}".replace(",", ".")


def counted(number: int, one: str, many: str) -> str:
    """A count with its noun in the right number: 1 Zeile, 18.925 Zeilen."""
    return f"{german_count(number)} {one if number == 1 else many}"


def german_day(day: dt.date) -> str:
    """A day as people write it: 15.12.2025."""
    return f"{day:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that could not be used: where it stands (line from 1) and why, in a German sentence.

    ``kind``: a fault of the row, or a row that is none of its own: the sum of the others, or what the source had no
    room for.
    """

    file_name: str
    line: int | None
    column: str
    value: str
    reason: str
    kind: RejectionKind = "fault"
