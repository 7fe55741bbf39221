"""What to say where there is nothing to show."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import SITE
from portalkompass.answers.base.headline import headline
from portalkompass.answers.base.question import Question

STALE_DAYS = 7
"""Search Console lags two to four days; older than this is worth a word."""
GRAINS = ("search_site_day", "search_page_day", "search_query_day")
"""Any of them is enough to answer something."""
LOAD_SEARCH = (
    "Search Console einrichten und mit „python -m etl run“ laden, oder unter „Daten“ einen Export hochladen."
)
LOAD_SERVICES = "Die OZG-Liste laden: „python -m etl import data/ozg_services.csv“."
LOAD_PORTAL = "Portalstatistik unter „Daten“ hochladen, um Seitenansichten daneben zu sehen."
LINK_PAGES = "Seiten und Leistungen einander zuordnen: „Leistungen“, Reiter „Zuordnung“."


CHANGE_FILTERS = "Die Filter ändern oder einen davon entfernen."


def no_search_data(question: Question, table: str = SITE) -> Answer | None:
    """The whole answer when the property has no search data in the period; None when there are some.

    With filters also where no grain of days gives rows of ``table``, or too little was shown to tell.
    """
    if fault := question.scope.fault or question.reason(table):
        return question.answer(fault, next_steps=(CHANGE_FILTERS,))
    first, last = question.first_day, question.data_date
    if first is None or last is None:
        return question.answer("Noch sind keine Suchdaten geladen.", next_steps=(LOAD_SEARCH,))
    newest = max((last, *question.warehouse.provisional_days(question.filters.site)))
    if question.now.start > newest or question.now.end < first:
        step = f"Einen Zeitraum zwischen {german.date(first)} und {german.date(newest)} wählen."
        return question.answer(
            f"Für den Zeitraum {question.period} gibt es keine Suchdaten.", next_steps=(step,)
        )
    if not any(question.covered(table, question.now) for table in GRAINS):
        kind = f" der Art „{question.filters.search_type}“" if question.filters.search_type != "web" else ""
        return question.answer(
            f"Für den Zeitraum {question.period} gibt es keine Suchdaten{kind}.",
            next_steps=("Einen anderen Zeitraum wählen oder die fehlenden Tage laden.",),
        )
    return _nothing_chosen(question) if question.scope else None


def _nothing_chosen(question: Question) -> Answer | None:
    """The whole answer where the filters leave nothing, or queries too rare to be listed."""
    shown = headline(question, question.now).impressions or 0
    least = question.least_impressions if question.scope.by_query else 1
    if shown >= max(least, 1):
        return None
    found = "zeigte Google nichts, was zu den Filtern passt"
    if shown:
        found = (
            f"passen nur Suchanfragen mit zusammen weniger als {least} Impressionen; sie werden nicht gezeigt"
        )
    return question.answer(f"Im Zeitraum {question.period} {found}.", next_steps=(CHANGE_FILTERS,))
