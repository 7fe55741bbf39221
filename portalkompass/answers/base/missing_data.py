"""What to say where there is nothing to show."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.question import Question

STALE_DAYS = 7
"""Search Console lags two to four days; older than this is worth a word."""
LOAD_SEARCH = (
    "Search Console einrichten und mit „python -m etl run“ laden, oder unter „Daten“ einen Export hochladen."
)
LOAD_SERVICES = "Die OZG-Liste laden: „python -m etl import data/ozg_services.csv“."
LOAD_PORTAL = "Portalstatistik unter „Daten“ hochladen, um Seitenansichten daneben zu sehen."
LINK_PAGES = "Seiten und Leistungen einander zuordnen: „Leistungen“, Reiter „Zuordnung“."


def no_search_data(question: Question) -> Answer | None:
    """The whole answer when the property has no search data in the period; None when there are some."""
    first, last = question.warehouse.first_day(question.filters.site), question.data_date
    if first is None or last is None:
        return _answer(question, "Noch sind keine Suchdaten geladen.", LOAD_SEARCH)
    newest = max((last, *question.warehouse.provisional_days(question.filters.site)))
    if question.now.start > newest or question.now.end < first:
        return _answer(
            question,
            f"Für den Zeitraum {german.period(question.now.start, question.now.end)} gibt es keine Suchdaten.",
            f"Einen Zeitraum zwischen {german.date(first)} und {german.date(last)} wählen.",
        )
    return None


def _answer(question: Question, message: str, step: str) -> Answer:
    return Answer(
        message=message,
        next_steps=(step,),
        data_date=question.data_date,
        sample=question.warehouse.sample,
    )
