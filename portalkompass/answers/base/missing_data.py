"""What to say where there is nothing to show."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import NAMES, SITE, Window
from portalkompass.answers.base.headline import headline
from portalkompass.answers.base.question import Question, in_words
from portalkompass.answers.base.window_rows import told, window_of, windows

STALE_DAYS = 7
"""Search Console lags two to four days; older than this is worth a word."""
GRAINS = ("search_site_day", "search_page_day", "search_query_day")
"""Any of them is enough to answer something."""
LOAD_SEARCH = (
    "Unter „Daten“ einen Export der Search Console hochladen; deren Schnittstelle kann die Betreuung der Anwendung "
    "einrichten."
)
LOAD_DAYS = (
    "Tageswerte kommen von der Schnittstelle der Search Console; die Betreuung der Anwendung kann sie laden."
)
LOAD_SERVICES = "Die OZG-Liste unter „Daten“ hochladen."
LOAD_PORTAL = "Portalstatistik unter „Daten“ hochladen, um Seitenansichten daneben zu sehen."
LINK_PAGES = "Seiten und Leistungen einander zuordnen: „Leistungen“, Reiter „Zuordnung“."


NO_FILTERS = "Filter und Einzelheiten einer Seite oder Suchanfrage gibt es dort nicht."
CHANGE_FILTERS = "Die Filter ändern oder einen davon entfernen."


def no_search_data(question: Question, table: str = SITE) -> Answer | None:
    """The whole answer when the property has no search data in the period; None when there are some.

    With filters also where no grain of days gives rows of ``table``, or too little was shown to tell.
    """
    if question.window:
        return None
    if fault := question.scope.fault or question.reason(table):
        exports = [one for one in windows(question) if one.has(table)] if question.scope else []
        if exports and not question.scope.fault:
            fault = f"{_needs_days(exports[0], table)} {NO_FILTERS}"
        return question.answer(fault, next_steps=(CHANGE_FILTERS,))
    first, last = question.first_day, question.data_date
    if (first is None or last is None or not question.has_rows(table)) and windows(question):
        return _only_exports(question, table)
    if first is None or last is None:
        return question.answer("Noch sind keine Suchdaten geladen.", next_steps=(LOAD_SEARCH,))
    newest = max((last, *question.warehouse.provisional_days(question.filters.site)))
    if question.now.start > newest or question.now.end < first:
        step = f"Einen Zeitraum zwischen {german.date(first)} und {german.date(newest)} wählen."
        return question.answer(
            f"Für den Zeitraum {question.period} gibt es keine Suchdaten.", next_steps=(step,)
        )
    if not any(question.covered(table, question.now) for table in GRAINS):
        kind = f" ({question.kind_told})" if question.kind_told else ""
        return question.answer(
            f"Für den Zeitraum {question.period} gibt es keine Suchdaten{kind}.",
            next_steps=("Einen anderen Zeitraum wählen oder die fehlenden Tage laden.",),
        )
    return _nothing_chosen(question) if question.scope else None


def _only_exports(question: Question, table: str) -> Answer:
    """What is said where days of this grain are asked for, and only exports of other periods are loaded."""
    every = windows(question)
    newest = next((one for one in every if one.has(table)), every[0])
    if window_of(question, table):
        return question.answer(_needs_days(newest, table), next_steps=(LOAD_DAYS,))
    return question.answer(
        f"Für den Zeitraum {question.period} sind keine Werte {NAMES[table]} geladen; geladen ist der {told(newest)}.",
        next_steps=(f"Den Zeitraum {in_words(newest.period)} wählen." if newest.has(table) else LOAD_DAYS,),
    )


def _needs_days(window: Window, table: str) -> str:
    return (
        f"Diese Auswertung braucht Tageswerte {NAMES[table]}; geladen ist der {told(window)}, der nur Summen seines "
        "Zeitraums kennt."
    )


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
