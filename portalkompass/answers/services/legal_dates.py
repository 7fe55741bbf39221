"""Legal dates and flags of services, from the city's own ``legal_dates.csv``: what is due when, and by what source."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.spelling import key as folded_key

FILE = "legal_dates.csv"
COLUMNS = ("service_id", "kind", "date", "duty", "source")
FOCUS = "fokus"
KINDS = {FOCUS: "Fokusleistung", "pflicht": "Gesetzliche Pflicht", "schriftform": "Ersatz der Schriftform"}
_KIND_OF = {folded_key(label): kind for kind, label in KINDS.items()} | {kind: kind for kind in KINDS}
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
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
            reader = csv.DictReader(file, delimiter=";")
            lines = [(reader.line_num, row) for row in reader]
            if tuple(reader.fieldnames or ()) != COLUMNS:
                return LegalDates(empty, (f"{path.name}: erwartet werden die Spalten {', '.join(COLUMNS)}.",))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return LegalDates(empty, (f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}.",))
    found: list[tuple[str, str, dt.date | None, str, str]] = []
    faults = []
    for line, row in lines:
        cells = {name: (row[name] or "").strip() for name in COLUMNS}
        if not any(cells.values()):
            continue
        made, fault = _row(cells, services)
        if fault is None and made in found:
            fault = ("service_id", "steht wortgleich schon weiter oben")
        if fault is not None:
            column, reason = fault
            faults.append(f"{path.name}, Zeile {line}, Spalte {column}: „{cells[column][:60]}“ {reason}.")
        elif made is not None:
            found.append(made)
    rows = pd.DataFrame(found, columns=list(empty.columns)) if found else empty
    return LegalDates(rows.assign(date=pd.to_datetime(rows["date"])), tuple(faults))


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
        return None, ("service_id", "hat Excel gekürzt" if ruined else "ist keine Leistung der Liste")
    kind = _KIND_OF.get(folded_key(cells["kind"]))
    if kind is None:
        return None, ("kind", f"ist keine Art; erlaubt sind {', '.join(KINDS)}")
    try:
        day = _day(cells["date"])
    except ValueError:
        return None, ("date", "ist kein Tag (JJJJ-MM-TT oder TT.MM.JJJJ)")
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
