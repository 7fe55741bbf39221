"""Bericht: the standard set of slides "Sachstand Digitalisierung", in the order a committee hears it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers import overview, prioritisation, rankings, services
from portalkompass.answers.answer import Answer, Filters
from portalkompass.answers.question import Question, ask
from portalkompass.answers.report_lists import decision_page, state, states, status_changes, status_tables
from portalkompass.answers.report_position import figures_since, position_page
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, DEMAND, HIDDEN_SHARE, IMPRESSIONS, POSITION
from portalkompass.settings import Settings
from portalkompass.slide_set import SlideSet, Words
from portalkompass.warehouse import Warehouse
from portalkompass.workspace import Workspace

TITLE = "Sachstand Digitalisierung"
LANE_FIELDS = ("rank", "name", "score", "score_range", "rank_range", "known", "lane_reason")
"""Columns of a ranking that a slide has room for; the criteria's values stay with the files."""

RANGES = ("score_range", "rank_range")
"""Columns that only repeat points and rank where every value is known."""

Page = Exhibit | Words


def slides(
    warehouse: Warehouse,
    workspace: Workspace,
    filters: Filters,
    settings: Settings,
    *,
    as_of: dt.date | None = None,
    since: dt.date | None = None,
) -> SlideSet:
    """The standard slides of the period.

    ``as_of`` takes the OZG list as it stood on that day. ``since`` is the day of the last report: changes are
    told from there on (without one: since the state of the list before).
    """
    question = ask(warehouse, workspace, replace(filters, grain="month"), settings)
    listed = state(question, as_of)
    names = dict(zip(listed["service"], listed["name"], strict=True))
    further = (warehouse, workspace, question.filters, settings)
    ranked, viewed = prioritisation.answer(*further), overview.answer(*further)
    return SlideSet(
        TITLE,
        _subtitle(question),
        (
            *status_tables(question, listed),
            *_chosen(viewed, "service_status"),
            *position_page(question),
            *_chosen(viewed, "top_pages"),
            *_chosen(rankings.answer(*further), "clicks_trend"),
            *_chosen(services.answer(*further), "service_demand"),
            *lane_page(ranked),
            *_chosen(ranked, "rank_ranges"),
            decision_page(question, names),
            *_since(question, listed, since),
            *_definitions(question),
        ),
        question.data_date,
        warehouse.sample,
    )


def _subtitle(question: Question) -> tuple[str, ...]:
    period = german.period(question.now.start, question.now.end)
    return (
        question.settings.city.name,
        f"Zeitraum: {period}",
        f"Datenstand: {german.date(question.data_date)}",
    )


def _chosen(answer: Answer, *names: str) -> tuple[Exhibit, ...]:
    """Exhibits of these ids that have rows."""
    return tuple(one for one in answer.exhibits if one.id in names and not one.frame.empty)


def lane_page(ranked: Answer) -> tuple[Exhibit, ...]:
    """The ranking inside every lane as one table; the criteria's values stay with the files."""
    lanes = [one for one in ranked.exhibits if "lane" in one.options and not one.frame.empty]
    if not lanes:
        return ()
    first = lanes[0]
    rows = pd.concat([one.frame.assign(lane_name=one.options["lane"]) for one in lanes], ignore_index=True)
    known = not rows["score_range"].str.contains("–").any()
    wanted = [name for name in LANE_FIELDS if not (known and name in RANGES)]
    kept = [field for name in wanted for field in first.fields if field.name == name]
    table = replace(
        first,
        id="ranking_by_lane",
        frame=rows,
        fields=(Field("lane_name", "Bahn"), *kept),
        headline=ranked.message.rstrip("."),
        subtitle=f"Reihenfolge innerhalb der Bahnen · {first.subtitle.rpartition(' · ')[2]}",
        alt=f"Tabelle der Reihenfolge je Bahn. {ranked.message}",
        options={},
    )
    return (table,)


def _since(question: Question, listed: pd.DataFrame, since: dt.date | None) -> tuple[Page, ...]:
    changes = status_changes(question, listed, since)
    earlier = since or next(iter(states(question)[-2:-1]), None)
    return (changes, figures_since(question, earlier)) if earlier else (changes,)


def _definitions(question: Question) -> tuple[Words, ...]:
    city = question.settings.city
    measures = (POSITION, CLICKS, IMPRESSIONS, DEMAND, HIDDEN_SHARE)
    meanings = tuple(f"{one.label}: {one.definition}" for one in measures)
    sources = (
        f"{question.google}: Gesamtzahlen aus der Property, Seitenzahlen je Seite; beides wird nie vermischt.",
        f"OZG-Liste: {city.services_responsible} Leistungen liegen in der Zuständigkeit der Stadt "
        f"({city.services_responsible_source}). Nur ein Teil hat einen Status; ein Anteil erledigter "
        "Leistungen lässt sich daraus nicht bilden.",
        "Priorisierung: Nutzwertanalyse mit offenen Gewichten; unbekannte Werte bleiben unbekannt und werden "
        "als Spanne gezeigt. Gereiht wird innerhalb der Bahn.",
    )
    return (
        Words(
            "definitions",
            "Was die Zahlen bedeuten",
            meanings,
            "Portalkompass, Kennzahlen",
            question.data_date,
            sample=question.warehouse.sample,
        ),
        Words(
            "sources",
            "Woher die Zahlen stammen",
            sources,
            question.google,
            question.data_date,
            sample=question.warehouse.sample,
        ),
    )
