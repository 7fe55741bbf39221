"""Which known service each row of the directory is: surely, perhaps (a person decides), or one of its own.

Each service is given to one row at most: two rows of the city's list are two services. What is certain goes first (the
list's own number, the same name, the key); what is only alike is proposed and never taken without a person.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from etl.errors import LoadError
from etl.sources.directory.directory_rows import Entry
from etl.sources.directory.known import Known
from portalkompass import spelling

ALIKE = 80.0
"""Percent of likeness from which a name is offered for another."""
OFFERED = 3
"""Services that are offered for one row at most."""
OWN = "own"
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that a row may be, and why, in German."""

    service: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """A row with its service. ``way``: own_id, name, leika_key, chosen or own; ``offers``: what a person may choose."""

    entry: Entry
    service: str
    name: str
    way: str
    reason: str
    offers: tuple[Offer, ...] = ()


def recognise(
    entries: Sequence[Entry], known: Sequence[Known], decisions: Mapping[str, str], file_name: str
) -> tuple[Recognised, ...]:
    """All rows in their order, each with a service of its own.

    ``decisions``: name in the list, folded → id of the service that a person chose, "" for one of its own.

    Raises:
        LoadError: a decision names an unknown service, or two rows were decided to be the same one.
    """
    free = {one.id: one for one in known}
    found: dict[int, Recognised] = {}
    _decided(entries, decisions, free, found, file_name)
    for way, service_of in _ways(known):
        for entry in entries:
            hit = None if entry.line in found else service_of(entry)
            if hit is None or hit[0] not in free or (_is_own(entry, decisions) and not free[hit[0]].own):
                continue
            one = free.pop(hit[0])
            found[entry.line] = (
                Recognised(entry, one.id, entry.name, OWN, f"wie im Verzeichnis davor ({hit[1]})")
                if one.own
                else Recognised(entry, one.id, one.name, way, hit[1])
            )
    taken = {one.id for one in known if one.id not in free}
    names = _names(free.values())
    for entry in entries:
        if entry.line not in found:
            offers = () if _is_own(entry, decisions) else _offers(entry, names, free)
            service = _own_id(entry.name, taken | free.keys())
            taken.add(service)
            found[entry.line] = Recognised(entry, service, entry.name, OWN, "eigene Leistung", offers)
    return tuple(found[entry.line] for entry in entries)


def _is_own(entry: Entry, decisions: Mapping[str, str]) -> bool:
    return decisions.get(spelling.key(entry.name)) == ""


def _decided(
    entries: Sequence[Entry],
    decisions: Mapping[str, str],
    free: dict[str, Known],
    found: dict[int, Recognised],
    file_name: str,
) -> None:
    given: dict[str, int] = {}
    for entry in entries:
        service = decisions.get(spelling.key(entry.name))
        if not service:
            continue
        if service in given:
            raise LoadError(
                f"{file_name}: Die Zeilen {given[service]} und {entry.line} wurden beide der Leistung „{service}“ "
                "zugeordnet; jede Leistung steht nur einmal im Verzeichnis."
            )
        if service not in free:
            raise LoadError(
                f"{file_name}, Zeile {entry.line}: „{entry.name}“ wurde der Leistung „{service}“ zugeordnet; die gibt "
                "es nicht."
            )
        known_as = free.pop(service)
        given[service] = entry.line
        found[entry.line] = Recognised(entry, service, known_as.name, "chosen", "von Hand zugeordnet")


_Way = Callable[[Entry], tuple[str, str] | None]


def _ways(known: Sequence[Known]) -> tuple[tuple[str, _Way], ...]:
    """The sure ways in their order; each tells service and reason, or None."""
    by_number = {one.own_id.lower(): one.id for one in known if one.own_id}
    ids = {one.id for one in known}
    # What the directory before named so comes first: its services keep their ids.
    in_order = sorted(known, key=lambda one: not one.earlier)
    by_name: dict[str, str] = {}
    for name, service in ((name, one.id) for one in in_order for name in one.names):
        by_name.setdefault(name, service)
    by_key: dict[str, set[str]] = {}
    for one in known:
        for key in one.keys:
            by_key.setdefault(key, set()).add(one.id)

    def of_number(entry: Entry) -> tuple[str, str] | None:
        number = entry.own_id.lower()
        service = by_number.get(number) or (number if number in ids else None)
        return (service, f"gleiche Nummer {entry.own_id}") if number and service else None

    def of_name(entry: Entry) -> tuple[str, str] | None:
        plain = entry.name.partition(" (")[0]
        service = by_name.get(spelling.key(entry.name)) or by_name.get(spelling.key(plain))
        return (service, "gleicher Name") if service else None

    def of_key(entry: Entry) -> tuple[str, str] | None:
        for key in entry.keys:
            if len(services := by_key.get(key, ())) == 1:
                return next(iter(services)), f"gleicher Leistungsschlüssel {key}"
        return None

    return ("own_id", of_number), ("name", of_name), ("leika_key", of_key)


def _names(free: Iterable[Known]) -> dict[str, list[tuple[str, str, str]]]:
    """Folded name or synonym → (service, name, the word as written) of services that no row has."""
    names: dict[str, list[tuple[str, str, str]]] = {}
    for one in free:
        for word in dict.fromkeys((one.name, *one.synonyms)):
            names.setdefault(spelling.key(word), []).append((one.id, one.name, word))
    return names


def _offers(
    entry: Entry, names: Mapping[str, list[tuple[str, str, str]]], free: Mapping[str, Known]
) -> tuple[Offer, ...]:
    """Services whose synonym it is, then those with several of its keys or a name like it."""
    said = spelling.key(entry.name)
    offers = [Offer(service, name, f"Synonym „{word}“") for service, name, word in names.get(said, ())]
    offers += [
        Offer(one.id, one.name, f"gleicher Leistungsschlüssel {key}")
        for key in entry.keys
        for one in free.values()
        if key in one.keys
    ]
    alike = process.extract(
        said, list(names), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=OFFERED
    )
    offers += [
        Offer(service, name, f"{'ähnlicher Name' if word == name else f'ähnlich dem Synonym „{word}“'}")
        for found, _, _ in alike
        for service, name, word in names[found]
    ]
    first = {offer.service: offer for offer in reversed(offers)}
    return tuple(offer for offer in offers if first[offer.service] is offer)[:OFFERED]


def _own_id(name: str, taken: Iterable[str]) -> str:
    """``Anlagengenehmigung und –zulassung`` → ``anlagengenehmigung-und-zulassung``; a name in use gets a number.

    It is made of the name alone, so that the same list gives the same ids wherever it is loaded.
    """
    plain = unicodedata.normalize("NFKD", spelling.folded(name)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].strip("-")
    if not slug:  # a name in another script
        slug = f"leistung-{hashlib.sha256(name.encode('utf-8')).hexdigest()[:8]}"
    used = set(taken)
    return next(one for one in (slug, *(f"{slug}-{at}" for at in range(2, len(used) + 3))) if one not in used)
