"""Bericht: the standard set of slides "Sachstand Digitalisierung", in the order a committee hears it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Answer, Filters
from portalkompass.answers.base.question import Question, ask
from portalkompass.answers.overview import overview
from portalkompass.answers.rankings import rankings
from portalkompass.answers.report.report_lists import (
    decision_page,
    state,
    states,
    status_changes,
    status_tables,
)
from portalkompass.answers.report.report_position import figures_since, position_page
from portalkompass.answers.services import services
from portalkompass.answers.workshop import prioritisation
from portalkompass.answers.workshop.lane_table import lane_page
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS, DEMAND, HIDDEN_SHARE, IMPRESSIONS, POSITION
from portalkompass.settings import Settings
from portalkompass.slide_set import SlideSet, Words
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

TITLE = "Sachstand Digitalisierung"


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


def answer(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> Answer:
    """The standard slides as an answer: their exhibits in order; what slides of words say, one line each."""
    made = slides(warehouse, workspace, filters, settings)
    words = [page for page in made.pages if isinstance(page, Words)]
    return Answer(
        ", ".join((made.title, *made.subtitle)),
        tuple(page for page in made.pages if isinstance(page, Exhibit)),
        caveats=tuple(f"{page.headline}: {line}" for page in words for line in page.paragraphs),
        data_date=made.data_date,
        sample=made.sample,
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
