"""Which service of the city, and which month, a cell of a table means."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection
from rapidfuzz import fuzz, process

from etl.errors import LoadError
from etl.files.distinct import NoRow, is_total
from etl.files.excel import excel_month
from etl.files.german_numbers import parse_period
from etl.files.periods import end_of_month
from etl.sources.service_key import NO_KEY, SHORTENED, service_key, shortened
from portalkompass.german import why_unreadable
from portalkompass.settings import Settings
from portalkompass.spelling import key as folded_key

_NO_MONTH = "kein Monat; geladen wird je Monat, etwa 2025-11"
_ALIKE = 80.0
"""Percent of likeness from which a name is offered for an unknown one."""


@dataclass(frozen=True, slots=True)
class KnownServices:
    """How tables may call the services of the city: by id, by name as folded, by 14-digit key."""

    by_id: Mapping[str, str]
    by_name: Mapping[str, str]
    by_key: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]

    def of_id(self, text: str) -> str:
        """The service of an id.

        Raises:
            ValueError: there is none of it.
            NoRow: the row is the sum of all services.
        """
        _refuse_total(text)
        return self._found(text, self.by_id.get(text.strip().lower()))

    def of_name(self, text: str) -> str:
        """The service of a name, however it is spelled.

        Raises:
            ValueError: there is none of it; the reason offers the name that is most alike.
            NoRow: the row is the sum of all services.
        """
        _refuse_total(text)
        return self._found(text, self.by_name.get(folded_key(text)) or self.by_id.get(text.strip().lower()))

    def of_key(self, text: str) -> str:
        """The one service that has the 14-digit key.

        Raises:
            ValueError: no key, one that Excel has ruined, or the key of none or several services.
        """
        key = service_key(text)
        if key is None:
            raise ValueError(NO_KEY)
        services = self.by_key.get(key, ())
        if len(services) > 1:
            names = " und ".join(f"„{self.names[service]}“" for service in services[:2])
            raise ValueError(f"der Schlüssel gehört zu {names}; bitte die Leistung nennen")
        return self._found(key, services[0] if services else None)

    def _found(self, text: str, service: str | None) -> str:
        if service is not None:
            return service
        if not text.strip():
            raise ValueError("die Leistung fehlt")
        if shortened(text):
            raise ValueError(SHORTENED)
        found = process.extractOne(
            folded_key(text), list(self.by_name), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
        )
        offer = f"; gemeint ist vielleicht „{self.names[self.by_name[found[0]]]}“" if found else ""
        raise ValueError(f"unbekannte Leistung{offer}")


def _refuse_total(text: str) -> None:
    if is_total(text):
        raise NoRow("total", "Summenzeile, keine Leistung; Summen werden aus den Zeilen gebildet")


def known_services(connection: Connection, settings: Settings) -> KnownServices:
    """The services of the city's newest list, and those without status that pages can be mapped to.

    The latter are the shipped ``municipal_services.csv``; where both have a name or id, the city's list counts.
    Without a list of the city there are none.

    Raises:
        LoadError: the file of services without status cannot be read.
    """
    rows = connection.execute(
        "SELECT service, name, leistungsschluessel FROM services WHERE municipality = ? ORDER BY service",
        [settings.city.municipality],
    ).fetchall()
    by_key: dict[str, list[str]] = {}
    for service, _, keys in rows:
        for key in keys or ():
            by_key.setdefault(key, []).append(service)
    listed = {service: name for service, name, _ in rows}
    names = _without_status(settings.data_file("municipal_services.csv")) | listed if rows else {}
    return KnownServices(
        by_id={service.lower(): service for service in names},
        by_name={folded_key(name): service for service, name in names.items()},
        by_key={key: tuple(services) for key, services in by_key.items()},
        names=names,
    )


def listed_services(connection: Connection, settings: Settings, file_name: str, what: str) -> KnownServices:
    """The known services, for a file whose rows (``what``, as "die Fälle") each belong to one.

    Raises:
        LoadError: no list of services is loaded yet.
    """
    services = known_services(connection, settings)
    if not services.by_id:
        raise LoadError(
            f"{file_name}: Noch ist keine Liste der Leistungen geladen, zu denen {what} gehören. Bitte zuerst die "
            "OZG-Liste laden."
        )
    return services


def services_with(connection: Connection, settings: Settings, keys: Sequence[str]) -> int:
    """How many services of the city's list have one of these keys."""
    ((count,),) = connection.execute(
        "SELECT count(DISTINCT service) FROM services WHERE municipality = ? AND list_has_any(leistungsschluessel, ?)",
        [settings.city.municipality, list(keys)],
    ).fetchall()
    return int(count)


def _without_status(path: Path) -> dict[str, str]:
    """Id → name."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["id"].strip(): row["name"].strip() for row in csv.DictReader(file, delimiter=";")}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
        raise LoadError(
            f"{path.name} (Leistungen ohne Status) lässt sich nicht lesen: {why_unreadable(error)}."
        ) from None


def service_parsers(services: KnownServices) -> Mapping[str, Callable[[str], str]]:
    """The parser of each field that can name a service; each raises ValueError with a German reason."""
    return {"service_id": services.of_id, "leika_key": services.of_key, "service_name": services.of_name}


def whole_month(text: str, today: dt.date) -> dt.date:
    """First day of the month that a cell names; it must be over.

    Raises:
        ValueError: no month, or one that is not over; in German.
    """
    if not text.strip():
        raise ValueError("der Monat fehlt")
    first = excel_month(text)
    if first is None:
        try:
            first, last = parse_period(text)
        except ValueError as error:
            raise ValueError(_NO_MONTH if "kein Tag" in str(error) else str(error)) from None
        if first.day != 1 or last not in (first, end_of_month(first)):
            raise ValueError(_NO_MONTH)
    if first > today:
        raise ValueError("liegt in der Zukunft")
    if end_of_month(first) >= today:
        raise ValueError("der Monat ist noch nicht vorbei; bitte nach seinem Ende laden")
    return first
