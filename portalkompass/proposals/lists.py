"""The shipped lists: names of municipal services and the everyday words for services."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from portalkompass import german, spelling
from portalkompass.proposals.propose import ServiceName

SERVICE_COLUMNS = ("id", "name", "topic")
SYNONYM_COLUMNS = ("service_id", "synonym", "note")


class ListFault(Exception):
    """A list cannot be used; the message is a German sentence with file and line."""


def municipal_services(path: Path) -> pd.DataFrame:
    """Services that a German city offers, in everyday words: id, name, topic (all text), in file order.

    Raises:
        ListFault: the file is missing, has other columns, or an id or name is missing or given twice.
    """
    rows = _rows(path, SERVICE_COLUMNS)
    seen: set[str] = set()
    for line, row in rows.items():
        if not row["id"] or not row["name"]:
            raise ListFault(f"{path.name}, Zeile {line}: id oder name fehlt.")
        if row["id"] in seen:
            raise ListFault(f"{path.name}, Zeile {line}: „{row['id']}“ steht schon weiter oben.")
        seen.add(row["id"])
    return pd.DataFrame(list(rows.values()), columns=list(SERVICE_COLUMNS), dtype="str")


def with_synonyms(services: Iterable[ServiceName], path: Path) -> tuple[ServiceName, ...]:
    """The services with the synonyms of a file; synonyms of other services are passed over.

    ``service_id`` of the file may be a service's id or its name, however it is spelled.

    Raises:
        ListFault: the file is missing, has other columns, or a cell is empty.
    """
    synonyms: dict[str, list[str]] = {}
    for line, row in _rows(path, SYNONYM_COLUMNS).items():
        if not row["service_id"] or not row["synonym"]:
            raise ListFault(f"{path.name}, Zeile {line}: service_id oder synonym fehlt.")
        synonyms.setdefault(spelling.key(row["service_id"]), []).append(row["synonym"])
    names = [(service, dict.fromkeys(map(spelling.key, (service.id, service.name)))) for service in services]
    return tuple(
        replace(service, synonyms=tuple(word for name in keys for word in synonyms.get(name, ())))
        for service, keys in names
    )


def _rows(path: Path, columns: tuple[str, ...]) -> dict[int, dict[str, str]]:
    """Rows by line number; blanks around cells are dropped."""
    rows: dict[int, dict[str, str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=";")
            if tuple(reader.fieldnames or ()) != columns:
                raise ListFault(f"{path.name}: erwartet werden die Spalten {', '.join(columns)}.")
            for row in reader:
                rows[reader.line_num] = {name: (row[name] or "").strip() for name in columns}
    except (OSError, UnicodeDecodeError) as error:
        raise ListFault(f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}.") from None
    return rows
