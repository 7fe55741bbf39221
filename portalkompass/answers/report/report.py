"""Bericht: the standard set of slides "Sachstand Digitalisierung", in the order a committee hears it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

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
from portalkompass.answers.report.summary import summary
from portalkompass.answers.services import services
from portalkompass.answers.services.case_years import ON_SLIDES, council_table
from portalkompass.answers.workshop import prioritisation
from portalkompass.answers.workshop.ranking_rows import lane_page
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS, DEMAND, IMPRESSIONS, POSITION
from portalkompass.slide_set import Cover, SlideSet, Words
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import STANDARD_PAGES

TITLE = "Sachstand Digitalisierung"


def slides(question: Question, *, since: dt.date | None = None) -> SlideSet:
    """The standard slides of the period, with the OZG list of the question's state on every one of them.

    ``since`` is the day of the last report: changes are told from there on (without one: since the state of the list
    before).

    Raises:
        WarehouseError: the property has search data, but none in the period.
    """
    made = pages(question, since=since)
    cover = cover_of(question)
    return SlideSet(
        TITLE,
        (cover.city, *cover.basis),
        tuple(page for page in made if not is_empty(page)),
        question.data_date,
        question.warehouse.sample,
        left_out=tuple(page.headline for page in made if is_empty(page)),
        cover=cover,
    )


def pages(
    question: Question,
    wanted: Collection[str] = tuple(STANDARD_PAGES),
    since: dt.date | None = None,
    data_then: dt.date | None = None,
) -> tuple[Exhibit | Words, ...]:
    """Those of the standard pages that are ``wanted`` (ids), in the usual order, in plain words.

    ``data_then`` is the data date of the last report, where it is known. A page that has nothing to show says so
    (``Words.empty``); one without any rows is left out.

    Raises:
        WarehouseError: as ``slides``.
    """
    question = replace(question, filters=replace(question.filters, grain="month"))
    if refused := refusal(question):
        raise WarehouseError(refused)
    listed = service_list.services(question.warehouse, question.settings)
    every = frozenset(wanted)
    makers = _makers(question, listed, since, data_then)
    made = (page for ids, make in makers if every & set(ids) for page in make())
    return tuple(plain_words.plain(page) for page in made if page is not None and page.id in every)


def _makers(
    question: Question, listed: pd.DataFrame, since: dt.date | None, data_then: dt.date | None
) -> tuple[tuple[tuple[str, ...], Callable[[], Iterable[Exhibit | Words | None]]], ...]:
    """What makes the standard pages, with the ids of those that it makes, in the usual order."""
    names = dict(zip(listed["service"], listed["name"], strict=True))
    position = functools.cache(lambda: position_page(question))
    by_page = functools.cache(lambda: answering(question, PAGE))
    ranked = functools.cache(lambda: prioritisation.answer(question, parts=("ranking", "rank_ranges")))
    return (
        (("summary",), lambda: [summary(question, listed, position())]),
        (("ozg_aktuell", "ozg_anstehend"), lambda: report_lists.status_tables(question, listed, since)),
        (("go_lives",), lambda: [report_lists.go_lives(question, listed)]),
        (("service_status",), lambda: [overview.status_bars(question, listed)]),
        (("position_october",), position),
        (("top_pages",), lambda: [bar_of_pages(by_page(), page_rows(by_page()), overview.TOP_PAGES)]),
        (("clicks_trend",), lambda: _chosen(rankings.answer(question, rankings.COURSE), "clicks_trend")),
        (("service_demand",), lambda: [services.demand_page(question)]),
        (("council_cases",), lambda: [council_table(question, ON_SLIDES)]),
        (("ranking_by_lane",), lambda: lane_page(ranked())),
        (("rank_ranges",), lambda: _chosen(ranked(), "rank_ranges")),
        (("decisions",), lambda: [report_lists.decision_page(question, names)]),
        (("status_changes", "figures_since"), lambda: _since(question, listed, since, data_then)),
        (("definitions", "sources"), lambda: _definitions(question)),
    )


def cover_of(question: Question, **further: Any) -> Cover:  # noqa: ANN401
    """The title slide: city, and what every page rests on; ``further`` are committee, session and decision."""
    as_of = question.filters.as_of
    basis = (
        f"Zeitraum: {question.period}",
        f"Datenstand: {german.date(question.data_date)}",
        *((f"OZG-Liste und Entscheidungen: Stand {german.date(as_of)}",) if as_of else ()),
        f"Quelle: {question.google}; {service_list.SOURCE}",
    )
    return Cover(city=question.settings.city.name, basis=basis, **further)


def left_out(question: Question, since: dt.date | None = None) -> tuple[str, ...]:
    """What has no slide because there is nothing to show yet, one sentence each; without making the others."""
    listed = service_list.services(question.warehouse, question.settings)
    pages = (report_lists.decision_page(question, {}), *_since(question, listed, since))
    return tuple(page.headline for page in pages if is_empty(page))


def is_empty(page: Exhibit | Words) -> bool:
    """Whether the page only says that there is nothing to show yet."""
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
            *(f"{page.headline}: {line}" for page in told for line in page.lines),
            *(f"Nicht im Bericht: {headline}." for headline in made.left_out),
        ),
    )


def _chosen(answer: Answer, *names: str) -> tuple[Exhibit, ...]:
    """Exhibits of these ids that have rows."""
    return tuple(exhibit for exhibit in answer.exhibits if exhibit.id in names and not exhibit.frame.empty)


def _since(
    question: Question, listed: pd.DataFrame, since: dt.date | None, data_then: dt.date | None = None
) -> tuple[Exhibit | Words, ...]:
    changes = report_lists.status_changes(question, listed, since)
    earlier = since or next(iter(service_list.days(question.warehouse, question.settings)[-2:-1]), None)
    return (changes, figures_since(question, earlier, data_then)) if earlier else (changes,)


def _definitions(question: Question) -> tuple[Words, ...]:
    responsible = service_list.responsible(question.warehouse, question.settings)
    measures = (POSITION, CLICKS, IMPRESSIONS, DEMAND)
    meanings = tuple(measure.explained for measure in measures)
    sources = (
        f"{question.google}: Gesamtzahlen aus der Property, Seitenzahlen je Seite; beides wird nie vermischt.",
        f"OZG-Liste: {responsible.count} Leistungen liegen in der Zuständigkeit der Stadt "
        f"({responsible.source}). Nur ein Teil hat einen Status; ein Anteil erledigter "
        "Leistungen lässt sich daraus nicht bilden.",
        "Priorisierung: Nutzwertanalyse mit offenen Gewichten; unbekannte Werte bleiben unbekannt und werden "
        "als Spanne gezeigt. Gereiht wird innerhalb der Bahn.",
    )
    limits = events.comparison_limits(question, "search_site_day", "search_page_day")
    return (
        question.words("definitions", "Was die Zahlen bedeuten", meanings, "Portalkompass, Kennzahlen"),
        question.words("sources", "Woher die Zahlen stammen", (*sources, *limits), question.google),
    )
