"""Legal dates and flags of services, from the city's own ``legal_dates.csv``: what is due when, and by what source."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.spelling import CONTROLS
from portalkompass.spelling import key as folded_key

FILE = "legal_dates.csv"
COLUMNS = ("service_id", "kind", "date", "duty", "source")
FOCUS = "fokus"
KINDS = {FOCUS: "Fokusleistung", "pflicht": "Gesetzliche Pflicht", "schriftform": "Ersatz der Schriftform"}
_KIND_OF = {folded_key(label): kind for kind, label in KINDS.items()} | {kind: kind for kind in KINDS}
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(2000, 2100)
"""A day of another year is a slip of the pen (0026) or what a program writes for an empty cell (1.1.1900)."""
_LONGEST = 300
"""Characters of a cell: it stands in one line of a service's page and of slides."""
_MONTH_DAYS = 365.25 / 12
SEVERAL = ""
"""Stands for the service of a name or key that several services of the list have."""


@dataclass(frozen=True, slots=True)
class LegalDates:
    """``rows``: service, kind, date (NaT for a flag without one), duty, source; the good ones.

    ``faults``: a sentence for each bad row, with line and column.
    """

    rows: pd.DataFrame
    faults: tuple[str, ...]


def legal_dates(question: Question) -> LegalDates:
    """The dates of the city's services; empty where the file has none."""
    listed = service_list.services(question.warehouse, question.settings)
    named: dict[str, str] = {}
    for service, name, keys in zip(
        listed["service"], listed["name"], listed["leistungsschluessel"], strict=True
    ):
        own = () if german.is_missing(keys) else keys
        for way in {folded_key(name), *map(_unspaced, own)}:
            named[way] = service if way not in named else SEVERAL
    named |= {service.lower(): service for service in listed["service"]}
    return read(question.settings.data_file(FILE), named)


def read(path: Path, services: Mapping[str, str]) -> LegalDates:
    """Rows of the file; ``services``: id, folded name or key → service, or `SEVERAL`.

    Every fault names line and column; empty rows are none.
    """
    empty = pd.DataFrame(columns=["service", "kind", "date", "duty", "source"])
    empty = empty.assign(date=pd.to_datetime(empty["date"]))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=";")
            head = [name.strip().lower() for name in next(reader, [])]
            lines = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return LegalDates(empty, (f"{path.name} lässt sich nicht lesen: {_unreadable(error)}.",))
    if fault := _head_fault(head):
        return LegalDates(empty, (f"{path.name}, Zeile 1: {fault}.",))
    found: list[tuple[str, str, dt.date | None, str, str]] = []
    faults = [
        f"{path.name}, Zeile 1, Spalte {name[:60]}: unbekannt, wird nicht gelesen."
        for name in head
        if name and name not in COLUMNS
    ]
    for line, row in lines:
        if not any(map(str.strip, row)):
            continue
        cells, bad = _cells(head, row)
        made, bad = (None, bad) if bad else _row(cells, services)
        if bad is None and made in found:
            bad = ("service_id", "steht wortgleich schon weiter oben")
        if bad is not None:
            faults.append(_sentence(path.name, line, bad, cells))
        elif made is not None:
            found.append(made)
    rows = pd.DataFrame(found, columns=list(empty.columns)) if found else empty
    return LegalDates(rows.assign(date=pd.to_datetime(rows["date"])), tuple(faults))


def _unreadable(error: Exception) -> str:
    hint = " (in Excel: „CSV UTF-8“)" if isinstance(error, UnicodeDecodeError) else ""
    return german.why_unreadable(error) + hint


def _head_fault(head: Sequence[str]) -> str:
    """What keeps the whole file from being read; "" for nothing."""
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        gone = "alle fehlen" if len(missing) == len(COLUMNS) else f"es fehlt {', '.join(missing)}"
        return f"erwartet werden, mit Semikolon getrennt, die Spalten {', '.join(COLUMNS)}; {gone}"
    double = next((name for name in COLUMNS if head.count(name) > 1), "")
    return f"die Spalte {double} steht doppelt" if double else ""


def _cells(head: Sequence[str], row: Sequence[str]) -> tuple[dict[str, str], tuple[str, str] | None]:
    """The cells by column, and column and reason of what makes them no row of this table.

    A semicolon without quotation marks moves every cell behind it, a mark that is not closed takes in the lines below.
    """
    cells = dict.fromkeys(COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(head, row, strict=False) if name in COLUMNS
    }
    if len(row) > len(head):
        return cells, (
            COLUMNS[0],
            f"hat {len(row)} Zellen statt {len(head)}; ein Text mit Semikolon braucht Anführungszeichen",
        )
    for name, cell in cells.items():
        if "\n" in cell or "\r" in cell:
            return cells, (name, "geht über mehrere Zeilen; vermutlich fehlt ein Anführungszeichen")
        if len(cell) > _LONGEST:
            return cells, (name, f"ist länger als {_LONGEST} Zeichen")
        if CONTROLS.search(cell):
            return cells, (name, "enthält unsichtbare Zeichen")
    return cells, None


def _sentence(file_name: str, line: int, fault: tuple[str, str], cells: Mapping[str, str]) -> str:
    """The fault with its place; what stands in the cell is shown as far as it can be read."""
    column, reason = fault
    shown = CONTROLS.sub(" ", cells[column][:60])
    return f"{file_name}, Zeile {line}, Spalte {column}: {f'„{shown}“ ' if shown else ''}{reason}."


def _row(
    cells: Mapping[str, str], services: Mapping[str, str]
) -> tuple[tuple[str, str, dt.date | None, str, str] | None, tuple[str, str] | None]:
    """The row, or column and reason of its first fault."""
    text = cells["service_id"]
    ways = (text.lower(), _unspaced(text), folded_key(text))
    service = next((services[way] for way in ways if way in services), None)
    if service == SEVERAL:
        return None, ("service_id", "haben mehrere Leistungen der Liste; eindeutig ist die Kennung")
    if service is None:
        ruined = re.fullmatch(r"9[.,]\d+[eE]\+?1\d", text)
        unknown = "ist keine Leistung der Liste" if text else "fehlt"
        return None, ("service_id", "hat Excel gekürzt" if ruined else unknown)
    kind = _KIND_OF.get(folded_key(cells["kind"]))
    if kind is None:
        return None, (
            "kind",
            f"{'ist keine Art' if cells['kind'] else 'fehlt'}; erlaubt sind {', '.join(KINDS)}",
        )
    try:
        day = _day(cells["date"])
    except ValueError:
        return None, ("date", "ist kein Tag (JJJJ-MM-TT oder TT.MM.JJJJ)")
    if day is not None and day.year not in _YEARS:
        return None, (
            "date",
            f"liegt nicht in den Jahren {_YEARS[0]} bis {_YEARS[-1]}; vermutlich verschrieben",
        )
    if day is None and kind != FOCUS:
        return None, ("date", "fehlt; nur eine Fokusleistung braucht keinen Tag")
    if not cells["source"]:
        return None, ("source", "fehlt; ohne Quelle gilt kein Termin")
    return (service, kind, day, cells["duty"], cells["source"]), None


def _unspaced(key: str) -> str:
    """A key as programs write it: without the blanks and the apostrophe that people and Excel give it."""
    return re.sub(r"[\s']", "", key)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    if match := _GERMAN_DAY.fullmatch(text):
        return dt.date(int(match[3]), int(match[2]), int(match[1]))
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


def told(dates: LegalDates, service: str) -> list[tuple[str, str]]:
    """Label and text of each date of the service, the earliest first; flags without one last."""
    own = dates.rows[dates.rows["service"] == service].sort_values("date", na_position="last", kind="stable")
    lines = []
    for kind, day, duty, source in own[["kind", "date", "duty", "source"]].itertuples(index=False, name=None):
        until = "" if german.is_missing(day) else f"bis {german.date(day)}"
        lines.append((KINDS[kind], " · ".join(filter(None, (until or "ja", duty, f"Quelle: {source}")))))
    return lines


def faults_told(dates: LegalDates) -> str:
    """How many faults the file has, for a place that has no room for the sentences; "" without any."""
    return f"{FILE}: {german.count(len(dates.faults), 'Fehler', 'Fehler')}" if dates.faults else ""


def months_left(dates: LegalDates, day: dt.date) -> pd.Series[float]:
    """Service (index) → months from that day to its earliest legal date; negative once it is over."""
    due = dates.rows[dates.rows["kind"] != FOCUS].groupby("service")["date"].min()
    return ((due - pd.Timestamp(day)).dt.days / _MONTH_DAYS).astype("float64")
