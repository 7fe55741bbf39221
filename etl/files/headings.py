"""What a foreign file's columns probably are: fields that a file can have, and a proposed mapping.

Only proposes: a person checks the mapping before it is saved as a profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rapidfuzz import fuzz

from etl.files.german_numbers import parse_integer, parse_period
from etl.files.kinds.look import is_service_key
from etl.files.kinds.portal_kinds import month_of_heading, months_of
from etl.files.kinds.vocabulary import concepts_of
from portalkompass import spelling
from portalkompass.urls import host_of

ENOUGH = 84.0
"""Similarity (0 to 100) from which a heading is taken for a field; below, a person decides."""

_OF_SEARCH = frozenset({"clicks", "impressions", "ctr", "position"})
MOST = 0.6
"""Share of the first cells that must look like a page or a period: faulty rows are part of the game."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a column can be mapped to; ``known_as`` lists headings of exports in circulation."""

    name: str
    label: str
    known_as: str
    needed: bool = False


PORTAL = (
    Field("period", "Zeitraum (Tag oder Monat)", "zeitraum, monat, tag, datum, date, month, day"),
    Field(
        "url",
        "Seite (Adresse)",
        "seite, seiten url, adresse, url, label, bezeichnung, page path, page path and screen class, seitenpfad, "
        "seitenpfad und bildschirmklasse, landingpage, page url, metadaten url, metadata url, seitenstandort, "
        "page location, link, pfad",
        needed=True,
    ),
    Field("title", "Titel", "titel, seitentitel, page title, title, name der seite"),
    Field(
        "leistungsschluessel",
        "Leistungsschlüssel",
        "leistungsschlüssel, leika schlüssel, leika id, schlüssel, leika key",
    ),
    Field("visits", "Besuche", "besuche, visits, sitzungen, sessions"),
    Field(
        "unique_page_views",
        "Eindeutige Seitenansichten",
        "eindeutige seitenansichten, einmalige seitenansichten, unique pageviews, unique page views, "
        "eindeutige aufrufe, eindeutige seitenaufrufe, nb_visits",
    ),
    Field(
        "page_views",
        "Seitenansichten",
        "seitenansichten, seitenaufrufe, aufrufe, pageviews, page views, views, nb_hits, abrufe",
    ),
    Field(
        "service_starts",
        "Starts des Onlinedienstes",
        "starts, aufrufe onlinedienst, onlinedienst gestartet, service starts, gestartete anträge",
    ),
    Field(
        "applications",
        "Online-Anträge",
        "anträge, online anträge, eingegangene anträge, abgeschlossene anträge, applications, conversions, "
        "konversionen",
    ),
    Field(
        "cases_total",
        "Fälle gesamt",
        "fälle, fälle gesamt, fallzahl, fallzahlen, vorgänge, cases, vorgänge gesamt",
    ),
)
OZG = (
    Field("service_id", "Kennung", "kennung, id, service_id"),
    Field("name", "Leistung", "leistung, ozg leistung, name, bezeichnung, dienst, onlinedienst", needed=True),
    Field("list", "Liste (aktuell, anstehend, ohne Status)", "liste, kategorie, gruppe", needed=True),
    Field("status", "Status", "status, umsetzungsstand, stand der umsetzung, umsetzungsstatus", needed=True),
    Field("go_live_month", "Monat des Go-Live", "go live, go-live, go live monat, freischaltung"),
    Field("latest_development", "Letzte Entwicklung", "letzte entwicklung, aktueller stand, sachstand"),
    Field("motion_number", "Antragsnummer", "antrag, antragsnummer, ratsantrag, vorlage, antrag nr"),
    Field("route", "Umsetzungsweg", "umsetzungsweg, weg, art der umsetzung"),
    Field("route_certainty", "Sicherheit des Weges", "sicherheit"),
    Field("route_evidence", "Beleg des Weges", "beleg"),
    Field("departments", "Fachbereiche", "fachbereich, fachbereiche, zuständig, fb, amt, ämter"),
    Field("other_parties", "Weitere Beteiligte", "beteiligte, weitere beteiligte, partner"),
    Field("next_step", "Nächster Schritt", "nächster schritt, nächste schritte"),
    Field("blocker", "Hindernis", "hindernis, blocker, hemmnis"),
    Field("depends_on", "Hängt ab von", "hängt ab von, abhängig von, abhängigkeit"),
    Field("lane", "Bahn", "bahn, spur, lane"),
    Field("lane_reason", "Grund der Bahn", "grund der bahn, begründung"),
    Field("ozg_id", "OZG-Nummer", "ozg id, ozg nummer, ozg nr, ozgid"),
    Field(
        "leistungsschluessel", "Leistungsschlüssel", "leistungsschlüssel, leika, leika schlüssel, leika id"
    ),
    Field("note", "Bemerkung", "bemerkung, notiz, anmerkung, kommentar"),
    Field("as_of", "Stand (Datum)", "stand, datum, stichtag"),
)
DIRECTORY = (
    Field(
        "name",
        "Leistung",
        "leistung, name der leistung, leistungsname, leistungsbezeichnung, bezeichnung, name, dienstleistung, "
        "verwaltungsleistung, ozg leistung, onlinedienst",
        needed=True,
    ),
    Field(
        "leistungsschluessel",
        "Leistungsschlüssel",
        "leistungsschlüssel, leika, leika schlüssel, leika id, leika nummer, lsk, schlüssel, fim schlüssel",
    ),
    Field(
        "own_id", "Eigene Nummer der Leistung", "nr, nummer, lfd nr, kennung, id, leistungs id, produktnummer"
    ),
    Field("ozg_id", "OZG-Nummer", "ozg id, ozg nummer, ozg nr, ozgid"),
    Field(
        "departments",
        "Fachbereiche",
        "fachbereich, fachbereiche, zuständig, zuständiges amt, zuständiger fachbereich, zuständigkeit, fb, amt, ämter",
    ),
)
SEARCH = (
    Field("date", "Tag", "datum, date, tag, day", needed=True),
    Field("query", "Suchanfrage", "suchanfrage, suchbegriff, query, keyword, anfrage"),
    Field("page", "Seite (Adresse)", "seite, page, url, adresse, landing page, zielseite"),
    Field("country", "Land", "land, country"),
    Field("device", "Gerät", "gerät, device"),
    Field("clicks", "Klicks", "klicks, clicks, klicks google, google klicks", needed=True),
    Field("impressions", "Impressionen", "impressionen, impressions, einblendungen", needed=True),
    Field("ctr", "Klickrate", "klickrate, ctr"),
    Field("position", "Position", "position, durchschnittliche position, platz, ranking", needed=True),
)
KINDS: Mapping[str, tuple[Field, ...]] = {
    "portal": PORTAL,
    "ozg": OZG,
    "service_directory": DIRECTORY,
    "search_console_rows": SEARCH,
}
"""Fields of each kind that can be mapped; clicks of the search are never taken for views of a page."""


def propose(
    header: Sequence[str], rows: Sequence[Sequence[str]], known: str = ""
) -> tuple[str, dict[str, str]]:
    """The likelier kind of file, and each heading's field ("" where none is likely); ``known`` tells the kind."""
    proposed = {kind: mapping(header, rows, kind) for kind in KINDS}
    likelier = max(
        proposed,
        key=lambda kind: (
            kind == known,
            _covered(proposed[kind], kind),
            _complete(proposed[kind], kind),
            kind == "portal",
        ),
    )
    return likelier, proposed[likelier]


def mapping(header: Sequence[str], rows: Sequence[Sequence[str]], kind: str) -> dict[str, str]:
    """Heading → field of that kind, the most similar pairs first, each field once.

    Where no heading is like page or period, the first cells decide (``rows``: first rows of the file).
    """
    scored = sorted(
        (
            (_likeness(heading, field), -place, heading, field.name)
            for place, heading in enumerate(header)
            for field in KINDS[kind]
        ),
        reverse=True,
    )
    chosen: dict[str, str] = dict.fromkeys(header, "")
    taken: set[str] = set()
    for score, _, heading, name in scored:
        if score >= ENOUGH and not chosen[heading] and name not in taken:
            chosen[heading] = name
            taken.add(name)
    if kind == "portal":
        months = months_of(header)
        for heading in months:
            found = month_of_heading(heading)
            chosen[heading] = "" if found and concepts_of(found[1]) & _OF_SEARCH else "page_views"
        for name, looks in (("url", _address), *((("period", _period),) if not months else ())):
            free = [place for place, heading in enumerate(header) if not chosen[heading]]
            likely = next((place for place in free if _most(rows, place, looks)), None)
            if name not in taken and likely is not None:
                chosen[header[likely]] = name
    if kind == "service_directory":
        for name, looks in (("leistungsschluessel", is_service_key), ("name", _words)):
            free = [place for place, heading in enumerate(header) if not chosen[heading]]
            likely = next((place for place in free if _most(rows, place, looks)), None)
            if name not in taken and likely is not None:
                chosen[header[likely]] = name
    return chosen


def _covered(chosen: Mapping[str, str], kind: str) -> int:
    """Fields found; a needed one counts thrice."""
    return sum(3 if field.needed else 1 for field in KINDS[kind] if field.name in chosen.values())


def _complete(chosen: Mapping[str, str], kind: str) -> bool:
    """Whether nothing that is needed is left to a person."""
    return all(field.name in chosen.values() for field in KINDS[kind] if field.needed)


def _likeness(heading: str, field: Field) -> float:
    plain = _plain(heading)
    return max(
        fuzz.ratio(plain, _plain(name)) for name in (field.name, field.label, *field.known_as.split(", "))
    )


def _plain(heading: str) -> str:
    without_unit = re.sub(r"\(.*?\)|\[.*?\]", " ", heading)
    return spelling.key(without_unit)


def _most(rows: Sequence[Sequence[str]], place: int, looks: Callable[[str], bool]) -> bool:
    cells = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
    return bool(cells) and sum(map(looks, cells)) >= MOST * len(cells)


def _words(cell: str) -> bool:
    """A name: at least one word of four letters, no address."""
    return not _address(cell) and re.search(r"[^\W\d_]{4}", cell) is not None


def _address(cell: str) -> bool:
    return cell.startswith("/") or bool(host_of(cell))


def _period(cell: str) -> bool:
    with suppress(ValueError):
        if parse_integer(cell) is not None and len(cell) != len("20251130"):
            return False
    with suppress(ValueError):
        return bool(parse_period(cell))
    return False
