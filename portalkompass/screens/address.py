"""What stands in the address of a screen: periods, comparisons, grains, kinds of pages, and their labels.

The labels are part of shared links: changing one breaks them.
"""

from __future__ import annotations

import datetime as dt

from portalkompass.answers import Compare, Grain
from portalkompass.answers.base.presets import usual_grain

PERIODS = {
    "12-monate": "Letzte 12 volle Monate",
    "3-monate": "Letzte 3 volle Monate",
    "28-tage": "Letzte 28 Tage",
    "jahr": "Jahr bis zum Datenstand",
    "alles": "Gesamter Zeitraum",
    "frei": "Freier Zeitraum",
}
COMPARISONS: dict[str, Compare] = {
    "vorjahr": "previous_year",
    "vorzeitraum": "previous_period",
    "frei": "free",
    "ohne": "none",
}
COMPARISON_LABELS = {
    "vorjahr": "Vorjahr",
    "vorzeitraum": "Zeitraum davor",
    "frei": "Freier Vergleich",
    "ohne": "Ohne Vergleich",
}
GRAINS: dict[str, Grain] = {"tage": "day", "wochen": "week", "monate": "month"}
GRAIN_LABELS = {"auto": "Passend zum Zeitraum", "tage": "Tage", "wochen": "Wochen", "monate": "Monate"}
PAGE_KINDS = {
    "alle": ("Alle Seiten", ""),
    "leistungen": ("Leistungen", "Leistung"),
    "aemter": ("Ämter und Einrichtungen", "Organisationseinheit"),
    "start": ("Suche und Start", "Suche/Start"),
    "sonstige": ("Sonstige", "Sonstige"),
}
"""Slug -> label and the kind's name in ``pages.page_kind``; empty is every kind."""


def grain_of(choice: str, start: dt.date, end: dt.date) -> Grain:
    """The chosen grain; without a choice the usual one."""
    return GRAINS[choice] if choice in GRAINS else usual_grain(start, end)
