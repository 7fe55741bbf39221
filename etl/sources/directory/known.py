"""What a row of the directory can be: a service of the OZG list, of the directory before, or a shipped one."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.sources.service_tables.current_services import NEWEST_DIRECTORY
from etl.store.publish import present
from portalkompass import spelling
from portalkompass.german import why_unreadable
from portalkompass.schema import ONLINE_SERVICES, SERVICE_DIRECTORY
from portalkompass.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """A service that rows are held against.

    ``earlier``: the directory that holds names it; ``own``: only it does, no OZG list and no shipped one.
    """

    id: str
    name: str
    names: frozenset[str]
    """Every name that it goes by, folded."""
    keys: tuple[str, ...] = ()
    own_id: str = ""
    synonyms: tuple[str, ...] = ()
    earlier: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One service as the directory that holds has it."""

    service: str
    name: str
    leistungsschluessel: str
    departments: str
    ozg_id: str
    own_id: str


def known_services(connection: Connection, settings: Settings, before: Iterable[State]) -> tuple[Known, ...]:
    """All of them, each once: first what the city's lists name, then the shipped names of services without status.

    Raises:
        LoadError: a shipped list cannot be read.
    """
    synonyms: dict[str, list[str]] = {}
    for row in _rows(settings.data_file("service_synonyms.csv"), ("service_id", "synonym")):
        synonyms.setdefault(spelling.key(row["service_id"]), []).append(row["synonym"])
    earlier = {state.service: state for state in before}
    listed = connection.execute(
        "SELECT service, name, leistungsschluessel FROM services WHERE municipality = ? ORDER BY service",
        [settings.city.municipality],
    ).fetchall()
    offered = _rows(settings.data_file("municipal_services.csv"), ("id", "name"))
    elsewhere = _with_status(connection, settings) | {row["id"] for row in offered}
    named = {row["id"]: (row["name"], ()) for row in offered}
    named |= {state.service: (state.name, ()) for state in earlier.values()}
    named |= {service: (name, tuple(keys or ())) for service, name, keys in listed}
    return tuple(
        _known(service, name, keys, earlier.get(service), synonyms, own=service not in elsewhere)
        for service, (name, keys) in named.items()
    )


def _with_status(connection: Connection, settings: Settings) -> set[str]:
    """Services of the newest OZG list."""
    rows = connection.execute(
        "SELECT service FROM service_status_history WHERE municipality = $1 "
        "AND as_of = (SELECT max(as_of) FROM service_status_history WHERE municipality = $1)",
        [settings.city.municipality],
    ).fetchall()
    return {service for (service,) in rows}


def _known(
    service: str,
    name: str,
    keys: tuple[str, ...],
    earlier: State | None,
    synonyms: dict[str, list[str]],
    *,
    own: bool,
) -> Known:
    names = {name, name.partition(" (")[0]} | ({earlier.name} if earlier else set())
    further = tuple(key for key in earlier.leistungsschluessel.split("|") if key) if earlier else ()
    return Known(
        service,
        name,
        frozenset(spelling.key(one) for one in names if spelling.key(one)),
        tuple(dict.fromkeys((*keys, *further))),
        earlier.own_id if earlier else "",
        tuple(synonyms.get(spelling.key(service), ())),
        earlier is not None,
        own,
    )


def directory_before(connection: Connection, municipality: str) -> tuple[State, ...]:
    """The directory that holds, by service; none where none was loaded."""
    if not present(connection, [SERVICE_DIRECTORY]):
        return ()
    rows = connection.execute(
        "SELECT service, name, coalesce(array_to_string(leistungsschluessel, '|'), ''), coalesce(departments, ''), "
        f"coalesce(ozg_id, ''), coalesce(own_id, '') FROM ({NEWEST_DIRECTORY}) ORDER BY service",
        [municipality],
    ).fetchall()
    return tuple(State(*row) for row in rows)


def keys_by_name(connection: Connection) -> dict[str, str]:
    """Folded name → key, of online services of the Open-PVOG list whose name has one key only."""
    if not present(connection, [ONLINE_SERVICES]):
        return {}
    found: dict[str, set[str]] = {}
    for name, key in connection.execute(
        "SELECT DISTINCT name, leika_key FROM online_services WHERE coalesce(name, '') <> ''"
    ).fetchall():
        found.setdefault(spelling.key(name), set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a shipped list with these columns, blanks around cells dropped."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                {name: row[name].strip() for name in columns} for row in csv.DictReader(file, delimiter=";")
            ]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
        raise LoadError(f"{path.name} lässt sich nicht lesen: {why_unreadable(error)}.") from None
