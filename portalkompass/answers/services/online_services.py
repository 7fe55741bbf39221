"""Which online services the Open-PVOG list reports for the city, and how they meet the city's services.

A reported service is *linked* when a service of the OZG list carries its Leistungsschlüssel; it *works* when
it is active and its status is ok. The list covers the municipality and the areas above it, so a service
of the state that is open for everybody counts as offered here.
"""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.missing_data import LOAD_SERVICES
from portalkompass.answers.base.question import Question, columns, count_card
from portalkompass.answers.services.elsewhere.neighbours import neighbours_table
from portalkompass.answers.services.elsewhere.offers import offers_table
from portalkompass.answers.services.elsewhere.reported import (
    SOURCE,
    WORKS,
    level_of,
    linked,
    offered,
    reports,
)
from portalkompass.exhibit import Exhibit, Field

LOAD_LIST = "Die Open-PVOG-Liste der Stadt unter „Daten“ hochladen (CSV je Regionalschlüssel)."
ROWS_SHOWN = 200
LISTS = {
    "offers_broken": (
        "verlinkt, aber defekt",
        "Dienste zu Leistungen der Liste, die inaktiv oder nicht ok sind",
    ),
    "offers_unlinked": (
        "gemeldet, aber nicht verlinkt",
        "Funktionierende Dienste, deren Leistungsschlüssel keine Leistung der Liste trägt",
    ),
}
"""How the two lists of discord are called: end of the headline, subtitle."""


def answer(question: Question) -> Answer:
    """Per service whether a working online service is offered here and by whom; two lists of discord."""
    listed = service_list.services(question.warehouse, question.settings)
    reported = reports(question)
    missing = ((reported.empty, LOAD_LIST), (listed.empty, LOAD_SERVICES))
    steps = tuple(step for applies, step in missing if applies)
    if steps:
        unknown = "Ob es zu den Leistungen Onlinedienste gibt, ist noch nicht bekannt."
        return question.answer(unknown, next_steps=steps)
    pairs = linked(listed, reported)
    offers = offered(listed, pairs, question.settings.city.ars)
    faults = ["nicht ok" if active else "inaktiv" for active in pairs["active"].fillna(False)]
    broken = pairs.assign(reason=faults)[~pairs["works"]]
    unlinked = reported[reported["works"] & ~reported["leika_key"].isin(pairs["leika_key"])]
    unlinked = unlinked.assign(service_name=unlinked["name"], reason="keine Leistung mit diesem Schlüssel")
    parts = (
        _offers(question, offers, reported),
        neighbours_table(question, listed, offers),
        offers_table(question, listed, offers),
        _list_of(question, "offers_broken", broken, reported),
        _list_of(question, "offers_unlinked", unlinked, reported),
    )
    return question.answer(
        message=_message(offers),
        exhibits=(part for part in parts if part is not None and not part.frame.empty),
        figures=(
            count_card("Mit Onlinedienst", int((offers["offered"] == WORKS).sum()), "Leistungen der "
                   "Liste, für die ein funktionierender Onlinedienst gemeldet ist."),
            count_card("Verlinkt, aber defekt", len(broken), "Gemeldete Dienste zu Leistungen der "
                   "Liste, die inaktiv sind oder nicht antworten."),
            count_card("Gemeldet, nicht verlinkt", len(unlinked), "Funktionierende Dienste, deren "
                   "Schlüssel keine Leistung der Liste trägt."),
        ),
    )  # fmt: skip


def _message(offers: pd.DataFrame) -> str:
    working = offers[offers["offered"] == WORKS]
    pending = working[working["list"] == service_list.PENDING]["name"].tolist()
    start = (
        f"Für {german.number(len(working))} von {german.count(len(offers), 'Leistung', 'Leistungen')} der Liste ist "
        "ein funktionierender Onlinedienst gemeldet"
    )
    if not pending:
        return f"{start}; unter den anstehenden ist keine davon."
    return f"{start}; anstehend und doch schon verfügbar: {german.listing(pending)}."


def _offers(question: Question, offers: pd.DataFrame, reported: pd.DataFrame) -> Exhibit:
    count = int((offers["offered"] == WORKS).sum())
    have = "hat" if count == 1 else "haben"
    headline = f"{german.number(count)} von {german.number(len(offers))} Leistungen {have} einen Onlinedienst"
    return question.exhibit(
        "online_offers",
        "table",
        offers,
        columns(
            name="Leistung",
            offered="Onlinedienst hier",
            hosts="Anbieter",
            level="Ebene",
            status="Status",
            list="Liste",
        ),
        headline=headline,
        subtitle=f"Je Leistung der Liste · Open-PVOG vom {_stand(reported)}",
        alt=f"Tabelle der Leistungen mit Onlinedienst: {headline}.",
        source=f"{SOURCE}, Export vom {_stand(reported)}",
        notes=(
            "Verbunden über den Leistungsschlüssel; ein Dienst funktioniert, wenn er aktiv gemeldet und sein "
            "Status „ok“ ist. Die Ebene sagt, für welches Gebiet er gemeldet ist.",
        ),
    )


def _list_of(question: Question, id: str, rows: pd.DataFrame, reported: pd.DataFrame) -> Exhibit:
    words, subtitle = LISTS[id]
    levels = [level_of(ars, question.settings.city.ars) for ars in rows["ars"]]
    return question.table(
        id,
        rows.assign(level=levels).head(ROWS_SHOWN),
        (
            *columns(service_name="Leistung", host="Anbieter", reason="Grund", level="Ebene"),
            Field("url", "Adresse", "link"),
            Field("leika_key", "Leistungsschlüssel"),
        ),
        headline=f"{german.count(len(rows), 'Onlinedienst ist', 'Onlinedienste sind')} {words}",
        subtitle=f"{subtitle} · höchstens {ROWS_SHOWN} Zeilen",
        source=f"{SOURCE}, Export vom {_stand(reported)}",
    )


def _stand(reported: pd.DataFrame) -> str:
    return german.date(reported["export_date"].max())
