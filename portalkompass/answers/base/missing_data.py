"""What to say where there is nothing to show."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base.answer import Answer
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


def no_search_data(question: Question) -> Answer | None:
    """The whole answer when the property has no search data in the period; None when there are some."""
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
    return None
