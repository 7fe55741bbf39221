"""Bericht: the standard set of slides "Sachstand Digitalisierung", in the order a committee hears it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, service_list
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import PAGE
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import bar_of_pages, page_rows
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.window_rows import answering
from portalkompass.answers.overview import overview
from portalkompass.answers.rankings import rankings
from portalkompass.answers.report import plain_words, report_lists
from portalkompass.answers.report.report_position import figures_since, position_page
from portalkompass.answers.services import services
from portalkompass.answers.workshop import prioritisation
from portalkompass.answers.workshop.ranking_rows import lane_page
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS, DEMAND, HIDDEN_SHARE, IMPRESSIONS, POSITION
from portalkompass.slide_set import SlideSet, Words
from portalkompass.warehouse.engine import WarehouseError

TITLE = "Sachstand Digitalisierung"


def slides(question: Question, *, since: dt.date | None = None) -> SlideSet:
    """The standard slides of the period, with the OZG list of the question's state on every one of them.

    ``since`` is the day of the last report: changes are told from there on (without one: since the state of the list
    before).

    Raises:
        WarehouseError: the property has search data, but none in the period.
    """
    question = replace(question, filters=replace(question.filters, grain="month"))
    if refused := refusal(question):
        raise WarehouseError(refused)
    listed = service_list.services(question.warehouse, question.settings)
    names = dict(zip(listed["service"], listed["name"], strict=True))
    as_of = question.filters.as_of
    ranked, by_page = prioritisation.answer(question), answering(question, PAGE)
    top_pages = bar_of_pages(by_page, page_rows(by_page), overview.TOP_PAGES)
    bars = overview.status_bars(question, listed)
    pages = (
        *report_lists.status_tables(question, listed, since),
        *((bars,) if bars is not None else ()),
        *position_page(question),
        *((top_pages,) if top_pages is not None else ()),
        *_chosen(rankings.answer(question, rankings.COURSE), "clicks_trend"),
        *_chosen(services.answer(question), "service_demand"),
        *lane_page(ranked),
        *_chosen(ranked, "rank_ranges"),
        report_lists.decision_page(question, names),
        *_since(question, listed, since),
        *_definitions(question),
    )
    return SlideSet(
        TITLE,
        (
            question.settings.city.name,
            f"Zeitraum: {question.period}",
            f"Datenstand: {german.date(question.data_date)}",
            *((f"OZG-Liste und Entscheidungen: Stand {german.date(as_of)}",) if as_of else ()),
        ),
        tuple(plain_words.plain(page) for page in pages if not _empty(page)),
        question.data_date,
        question.warehouse.sample,
        left_out=tuple(page.headline for page in pages if _empty(page)),
    )


def left_out(question: Question, since: dt.date | None = None) -> tuple[str, ...]:
    """What has no slide because there is nothing to show yet, one sentence each; without making the others."""
    listed = service_list.services(question.warehouse, question.settings)
    pages = (report_lists.decision_page(question, {}), *_since(question, listed, since))
    return tuple(page.headline for page in pages if _empty(page))


def _empty(page: Exhibit | Words) -> bool:
    return isinstance(page, Words) and page.empty


def refusal(question: Question) -> str:
    """Why there is no report of this period, as a sentence; empty where there is one.

    Before any search data are loaded the slides of the OZG list are a report, too.
    """
    if question.archive is None:
        return ""
    missing = no_search_data(answering(question, "search_site_day"))
    return " ".join((missing.message, *missing.next_steps)) if missing else ""


def answer(question: Question) -> Answer:
    """The standard slides as an answer: their exhibits in order; what slides of words say, one line each."""
    made = slides(question)
    told = [page for page in made.pages if isinstance(page, Words)]
    return question.answer(
        ", ".join((made.title, *made.subtitle)),
        tuple(page for page in made.pages if isinstance(page, Exhibit)),
        caveats=(
            *(f"{page.headline}: {line}" for page in told for line in page.paragraphs),
            *(f"Nicht im Bericht: {headline}." for headline in made.left_out),
        ),
    )


def _chosen(answer: Answer, *names: str) -> tuple[Exhibit, ...]:
    """Exhibits of these ids that have rows."""
    return tuple(exhibit for exhibit in answer.exhibits if exhibit.id in names and not exhibit.frame.empty)


def _since(question: Question, listed: pd.DataFrame, since: dt.date | None) -> tuple[Exhibit | Words, ...]:
    changes = report_lists.status_changes(question, listed, since)
    earlier = since or next(iter(service_list.days(question.warehouse, question.settings)[-2:-1]), None)
    return (changes, figures_since(question, earlier)) if earlier else (changes,)


def _definitions(question: Question) -> tuple[Words, ...]:
    city = question.settings.city
    measures = (POSITION, CLICKS, IMPRESSIONS, DEMAND, HIDDEN_SHARE)
    meanings = tuple(measure.explained for measure in measures)
    sources = (
        f"{question.google}: Gesamtzahlen aus der Property, Seitenzahlen je Seite; beides wird nie vermischt.",
        f"OZG-Liste: {city.services_responsible} Leistungen liegen in der Zuständigkeit der Stadt "
        f"({city.services_responsible_source}). Nur ein Teil hat einen Status; ein Anteil erledigter "
        "Leistungen lässt sich daraus nicht bilden.",
        "Priorisierung: Nutzwertanalyse mit offenen Gewichten; unbekannte Werte bleiben unbekannt und werden "
        "als Spanne gezeigt. Gereiht wird innerhalb der Bahn.",
    )
    limits = events.comparison_limits(question, "search_site_day", "search_page_day")
    return (
        question.words("definitions", "Was die Zahlen bedeuten", meanings, "Portalkompass, Kennzahlen"),
        question.words("sources", "Woher die Zahlen stammen", (*sources, *limits), question.google),
    )
