"""One row of the OZG list, validated; every fault is named with column and what is allowed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from etl.files.excel import excel_day, excel_month
from etl.files.german_numbers import parse_day, parse_month
from portalkompass.german import MONTHS

ListName = Literal["aktuell", "anstehend", "ohne Status"]
Lane = Literal["startbar", "wartet auf andere", "erst klären"]
StatusGroup = Literal["Go-Live", "In Umsetzung", "In Vorbereitung", "offen"]

_WORDS = ("In Umsetzung", "In Vorbereitung", "offen")
_GO_LIVE = re.compile(r"Go-Live ([^\W\d]+) (\d{4})")
_KEY = re.compile(r"99\d{12}")
_EXCEL_KEY = re.compile(r"9[.,]\d*[eE]\+?1[0-9]")
STATUS_ALLOWED = "„Go-Live <Monat> <Jahr>“, „In Umsetzung“, „In Vorbereitung“ oder „offen“"


def _optional(check: Callable[[str], object] = str) -> BeforeValidator:
    """Blanks around a text do not count; an empty cell is None and is not checked."""

    def read(cell: str) -> object:
        return check(text) if (text := cell.strip()) else None

    return BeforeValidator(read)


def _required(check: Callable[[str], object] = str) -> BeforeValidator:
    def read(cell: str) -> object:
        if not (text := cell.strip()):
            raise ValueError("der Wert fehlt")
        return check(text)

    return BeforeValidator(read)


def _one_of(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"„{text}“ ist nicht erlaubt; erlaubt sind {', '.join(allowed)}")
        return text

    return check


def _like(pattern: str, reason: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"„{text}“ {reason}")
        return text

    return check


_slug = _like("[a-z0-9]+(-[a-z0-9]+)*", "ist keine Kennung; erlaubt sind Kleinbuchstaben a–z, Ziffern und -")
_ozg_ids = _like(r"\d{3,6}(\|\d{3,6})*", "ist keine OZG-Nummer (Ziffern, mehrere durch | getrennt)")


def _status(text: str) -> str:
    if text not in _WORDS and month_of(text) is None:
        raise ValueError(f"„{text}“ ist nicht erlaubt; erlaubt sind {STATUS_ALLOWED}")
    return text


def _month(text: str) -> dt.date:
    if month := excel_month(text):
        return month
    if not re.fullmatch(r"\d{4}-\d{2}(-01)?", text):
        raise ValueError(f"„{text}“ ist kein Monat in der Form JJJJ-MM")
    return parse_month(text[:7])


def _keys(cell: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in cell.split("|") if key.strip())
    for key in keys:
        if _EXCEL_KEY.fullmatch(key):
            raise ValueError(
                f"„{key}“ ist ein von Excel gekürzter Schlüssel. Bitte die Spalte in Excel als Text "
                "formatieren und die 14 Ziffern neu eintragen"
            )
        if not _KEY.fullmatch(key):
            raise ValueError(f"„{key}“ ist kein Leistungsschlüssel (99 und 12 weitere Ziffern)")
    if len(set(keys)) < len(keys):
        raise ValueError("ein Leistungsschlüssel steht doppelt")
    return keys


def _as_of(text: str) -> dt.date:
    try:
        return excel_day(text) or parse_day(text)
    except ValueError as error:
        raise ValueError(f"„{text}“: {error}; erlaubt ist JJJJ-MM-TT") from None


Text = Annotated[str | None, _optional()]


class ServiceRow(BaseModel):
    """A service in the state of one dated list; texts are kept verbatim, empty cells are None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service_id: Annotated[str, _required(_slug)]
    name: Annotated[str, _required()]
    list_name: Annotated[ListName, _required(_one_of(get_args(ListName)))] = Field(alias="list")
    status: Annotated[str | None, _optional(_status)]
    go_live_month: Annotated[dt.date | None, _optional(_month)]
    latest_development: Text
    motion_number: Text
    route: Text
    route_certainty: Text
    route_evidence: Text
    departments: Text
    other_parties: Text
    next_step: Text
    blocker: Text
    depends_on: Annotated[str | None, _optional(_slug)]
    lane: Annotated[Lane | None, _optional(_one_of(get_args(Lane)))]
    lane_reason: Text
    ozg_id: Annotated[str | None, _optional(_ozg_ids)]
    leistungsschluessel: Annotated[tuple[str, ...], BeforeValidator(_keys)]
    note: Text
    as_of: Annotated[dt.date | None, _optional(_as_of)] = None

    @property
    def status_group(self) -> StatusGroup | None:
        """The status without its month; None for a service without status."""
        if self.status is None:
            return None
        if self.status.startswith("Go-Live"):
            return "Go-Live"
        return next(word for word in get_args(StatusGroup) if word == self.status)


HEADER = tuple(field.alias or name for name, field in ServiceRow.model_fields.items())
"""Columns of the list in the shipped order."""


def parse_row(cells: dict[str, str]) -> tuple[ServiceRow | None, list[tuple[str, str]]]:
    """The row, or its faults as (column, German reason): those of its cells, else those between cells."""
    try:
        row = ServiceRow.model_validate(cells)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [(str(f["loc"][0]), f["msg"].removeprefix("Value error, ")) for f in details]
    faults = between_cells(row)
    return (None if faults else row), faults


def between_cells(row: ServiceRow) -> list[tuple[str, str]]:
    """Faults that only show when two cells are read together."""
    faults = []
    if row.status is None and row.list_name != "ohne Status":
        faults.append(("status", f"der Status fehlt; erlaubt sind {STATUS_ALLOWED}"))
    if row.status is not None and row.list_name == "ohne Status":
        faults.append(("status", f"die Liste „ohne Status“ verträgt keinen Status (hier „{row.status}“)"))
    expected = month_of(row.status)
    if expected != row.go_live_month:
        words = f"{expected:%Y-%m}" if expected else "leer"
        faults.append(("go_live_month", f"passt nicht zum Status „{row.status or ''}“; erwartet ist {words}"))
    if row.lane is not None and row.list_name != "anstehend":
        faults.append(("lane", "eine Spur haben nur Leistungen der Liste „anstehend“"))
    if row.depends_on == row.service_id:
        faults.append(("depends_on", "eine Leistung kann nicht von sich selbst abhängen"))
    return faults


def month_of(status: str | None) -> dt.date | None:
    """First day of the month that a status of ``Go-Live <Monat> <Jahr>`` names."""
    match = _GO_LIVE.fullmatch(status or "")
    return dt.date(int(match[2]), MONTHS.index(match[1]) + 1, 1) if match and match[1] in MONTHS else None
