"""Two readings of the same files side by side: rows and sums of what they load, before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from duckdb import DuckDBPyConnection as Connection

from etl.reports import german_count
from portalkompass import schema
from portalkompass.schema import Table

_SEARCH = {
    schema.SEARCH_SITE_DAY: "Property je Tag",
    schema.SEARCH_SEGMENT_DAY: "Land × Gerät je Tag",
    schema.SEARCH_QUERY_DAY: "Suchanfragen je Tag",
    schema.SEARCH_PAGE_DAY: "Seiten je Tag (Google)",
    schema.SEARCH_PAGE_QUERY_DAY: "Seite × Suchanfrage je Tag",
    schema.SEARCH_APPEARANCE_DAY: "Darstellungsarten je Tag",
    schema.SEARCH_HOUR: "Stunden",
    schema.SEARCH_WINDOW: "Summen des Exports",
    schema.SEARCH_AI: "Generative KI",
}
_PORTAL = {
    schema.PORTAL_PAGE: "Seiten je Zeitraum",
    schema.PORTAL_SITE_DAY: "Portal je Tag",
    schema.PORTAL_SEARCH: "Suche im Portal je Zeitraum",
}
_LISTS = {
    "ozg": {schema.SERVICE_STATUS_HISTORY: "OZG-Liste"},
    "directory": {schema.SERVICE_DIRECTORY: "Leistungsverzeichnis"},
    "pvog": {
        schema.ONLINE_SERVICES: "Onlinedienste",
        schema.ONLINE_SERVICES_NEARBY: "Onlinedienste der Nachbarn",
    },
    "cases": {schema.SERVICE_CASES: "Zeilen mit Fallzahlen"},
    "offers": {schema.SERVICE_OFFERS: "Angebote von Onlinediensten"},
    "benchmarks": {schema.BENCHMARKS: "Kennzahlen anderer Städte"},
    "dashboard": {schema.DASHBOARD_USAGE: "Nutzung laut Dashboard des Bundes"},
    "feedback": {schema.SERVICE_FEEDBACK: "Rückmeldungen je Monat"},
}
_DAYS = ("date", "period_start", "hour")

Figures: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """What readings are compared in; no days for a list, which is compared whole."""

    source: str
    sites: frozenset[str]
    first: dt.date | None
    last: dt.date | None


def figures_of(connection: Connection, scope: Scope) -> dict[str, Figures]:
    """Per table of the source, in words: its rows and the sums of its counts; tables without rows are left out."""
    tables = _SEARCH if scope.source == "search_console" else _LISTS.get(scope.source, _PORTAL)
    found = {words: _figures(connection, table, scope) for table, words in tables.items()}
    return {words: figures for words, figures in found.items() if figures["Zeilen"]}


def compared(before: Mapping[str, Figures], after: Mapping[str, Figures]) -> str:
    """``Seiten je Zeitraum: Zeilen 2 → 3, Besuche 10 (unverändert)``; a sentence part per table."""
    return "; ".join(
        f"{words}: {', '.join(_changes(before.get(words, {}), after.get(words, {})))}"
        for words in dict.fromkeys([*before, *after])
    )


def _changes(before: Figures, after: Figures) -> Iterator[str]:
    for label in dict.fromkeys([*before, *after]):
        was, is_now = before.get(label, 0), after.get(label, 0)
        if was == is_now:
            yield f"{label} {german_count(was)} (unverändert)"
        else:
            yield f"{label} {german_count(was)} → {german_count(is_now)}"


def _figures(connection: Connection, table: Table, scope: Scope) -> Figures:
    present = {row[0] for row in connection.execute(f'DESCRIBE "{table.name}"').fetchall()}
    counts = [
        column
        for column in table.columns
        if column.unit and column.type == "BIGINT" and column.name in present
    ]
    sums = "".join(f', coalesce(sum("{column.name}"), 0)::BIGINT' for column in counts)
    conditions, values = _within(table, scope)
    (row,) = connection.execute(
        f'SELECT count(*){sums} FROM "{table.name}" WHERE {" AND ".join(conditions) or "true"}', values
    ).fetchall()
    labelled = dict(zip(["Zeilen", *(column.unit for column in counts)], row, strict=True))
    return {label: number for label, number in labelled.items() if number or label == "Zeilen"}


def _within(table: Table, scope: Scope) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if "site" in table.names:
        conditions.append("site IN (SELECT unnest(?::VARCHAR[]))")
        values.append(sorted(scope.sites))
    if "source" in table.names:
        conditions.append("source = ?")
        values.append(scope.source)
    day = next((name for name in _DAYS if name in table.names), None)
    if day is not None and scope.first is not None and scope.last is not None:
        conditions.append(f'"{day}"::DATE BETWEEN ? AND ?')
        values += [scope.first, scope.last]
    return conditions, values


def scopes(parts: Sequence[Scope]) -> list[Scope]:
    """One scope per source, wide enough for all of its parts."""
    return [
        Scope(
            source,
            frozenset().union(*(part.sites for part in parts if part.source == source)),
            min((part.first for part in parts if part.source == source and part.first), default=None),
            max((part.last for part in parts if part.source == source and part.last), default=None),
        )
        for source in dict.fromkeys(part.source for part in parts)
    ]
