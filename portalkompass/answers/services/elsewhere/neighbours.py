"""Which neighbours offer a service online: from their Open-PVOG lists, matched by Leistungsschlüssel.

A neighbour offers what works in its municipality, association or district. Services of the state or the federation are
open to the city as well: they are no lead of a neighbour and count for nobody.
"""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.services.elsewhere.reported import (
    BROKEN,
    NONE,
    REGIONS,
    SOURCE,
    WORKS,
    has_key,
    linked,
    working,
)
from portalkompass.exhibit import Exhibit, Field
from portalkompass.schema import ONLINE_SERVICES_NEARBY

RULE = (
    "Nachbarn stehen in den Einstellungen; gezählt werden die, deren Liste geladen ist. Verbunden über den "
    "Leistungsschlüssel; es zählen funktionierende Dienste von Gemeinde, Gemeindeverband oder Kreis. Dienste von Land "
    "und Bund stehen auch der eigenen Stadt offen und zählen nicht."
)
_AREAS = (5, 9, 12)
_DIGITS = 12


def known_neighbours(question: Question) -> dict[str, frozenset[str]]:
    """Name of each neighbour with a loaded list → the keys of the areas that are its own, 12 digits each."""
    loaded = set(_reported(question).get("ars", ()))
    return {
        one.name: frozenset(one.ars[:digits].ljust(_DIGITS, "0") for digits in _AREAS)
        for one in sorted(question.settings.city.neighbours, key=lambda one: one.name)
        if one.ars in loaded
    }


def _reported(question: Question) -> pd.DataFrame:
    def make() -> pd.DataFrame:
        if not question.warehouse.holds(ONLINE_SERVICES_NEARBY.name):
            return pd.DataFrame()
        rows = question.warehouse.ask(
            lambda t: t[ONLINE_SERVICES_NEARBY.name].sort("leika_key", "ars", "host", "url")
        )
        return working(rows)

    return question.whole.once("nearby", make)


def neighbour_offers(question: Question, listed: pd.DataFrame) -> pd.DataFrame:
    """One row a service, neighbour and working online service: service, neighbour, host, url, ars, leika_key.

    ``listed`` are services with name, list, status and leistungsschluessel; empty without a neighbour's list.
    """
    names = ["service", "neighbour", "host", "url", "ars", "leika_key"]
    reported, known = _reported(question), known_neighbours(question)
    if reported.empty or not known:
        return pd.DataFrame(columns=names)
    of_area = pd.DataFrame(
        [(name, ars) for name, own in known.items() for ars in own], columns=["neighbour", "ars"]
    )
    pairs = linked(listed, reported[reported["works"]]).merge(of_area, on="ars")
    return pairs.drop_duplicates(["service", "neighbour", "url"]).sort_values(
        ["service", "neighbour", "url"]
    )[names]


def told(count: int, known: int) -> str:
    """``3 von 5 Nachbarn``."""
    return f"{german.number(count)} von {german.count(known, 'Nachbarn', 'Nachbarn')}"


def _offer(count: int) -> str:
    return "bietet" if count == 1 else "bieten"


def neighbours_table(question: Question, listed: pd.DataFrame, offers: pd.DataFrame) -> Exhibit | None:
    """How many neighbours offer each service online, first those that are not offered here; None without their lists.

    ``offers`` is `reported.offered`.
    """
    known, found = known_neighbours(question), neighbour_offers(question, listed)
    if not known or found.empty:
        return None
    by_service = found.groupby("service")["neighbour"]
    counts = pd.DataFrame(
        {
            "neighbours": by_service.nunique(),
            "who": by_service.agg(lambda names: german.listing(sorted(set(names)))),
        }
    )
    rows = offers.merge(counts, left_on="service", right_index=True)
    rows = rows.assign(here=rows["offered"] == WORKS).sort_values(
        ["here", "neighbours", "name"], ascending=[True, False, True]
    )
    first = rows.iloc[0]
    here = {BROKEN: "; hier ist er gemeldet, aber defekt", NONE: "; hier ist keiner gemeldet"}.get(
        first["offered"], ""
    )
    count = int(first["neighbours"])
    headline = f"„{first['name']}“ {_offer(count)} {told(count, len(known))} online an{here}"
    return question.table(
        "neighbour_offers",
        rows,
        (
            Field("name", "Leistung"),
            Field("neighbours", f"Nachbarn (von {len(known)})", "integer"),
            *columns(offered="Onlinedienst hier", who="Wer", status="Status"),
        ),
        headline=headline,
        subtitle=f"Onlinedienste der Nachbarn je Leistung · {german.listing(list(known))}",
        alt="Tabelle der Nachbarn mit Onlinedienst je Leistung.",
        source=SOURCE,
        data_date=_reported(question)["export_date"].max().date(),
        notes=(RULE, *_without_list(question, known)),
    )


def service_neighbours(question: Question, listed: pd.DataFrame, name: str) -> Exhibit | None:
    """Working online services of neighbours for one service (``listed`` is its row), with links, then who has none.

    None without a neighbour's list, or for a service without a key, of which no list can tell.
    """
    known = known_neighbours(question)
    if not known or not listed["leistungsschluessel"].map(has_key).any():
        return None
    found = neighbour_offers(question, listed)
    count = found["neighbour"].nunique()
    levels = [
        REGIONS[min(digits for digits in _AREAS if not ars[digits:].strip("0"))] for ars in found["ars"]
    ]
    rows = found.assign(level=levels).sort_values(["neighbour", "host", "url"])
    silent = pd.DataFrame({"neighbour": sorted(set(known) - set(found["neighbour"]))}).assign(level=NONE)
    return question.table(
        "service_neighbours",
        pd.concat([rows, silent], ignore_index=True) if len(rows) else silent.reindex(columns=rows.columns),
        (*columns(neighbour="Nachbar", host="Anbieter", level="Ebene"), Field("url", "Adresse", "link")),
        headline=f"{told(count, len(known))} {_offer(count)} „{name}“ online an",
        subtitle=f"Onlinedienste der Nachbarn zu „{name}“",
        alt=f"Tabelle der Onlinedienste von Nachbarn zu „{name}“.",
        source=SOURCE,
        data_date=_reported(question)["export_date"].max().date(),
        notes=(RULE, *_without_list(question, known)),
    )


def _without_list(question: Question, known: dict[str, frozenset[str]]) -> tuple[str, ...]:
    missing = sorted({one.name for one in question.settings.city.neighbours} - set(known))
    return (f"Ohne geladene Liste: {german.listing(missing)}.",) if missing else ()
