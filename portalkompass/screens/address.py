"""What stands in the address of a screen: periods, comparisons, grains, kinds of pages, and their labels.

The labels are part of shared links: changing one breaks them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from portalkompass.answers import Compare, Grain
from portalkompass.screens.presets import usual_grain

PERIODS = {
    "12-monate": "Letzte 12 volle Monate",
    "3-monate": "Letzte 3 volle Monate",
    "28-tage": "Letzte 28 Tage",
    "jahr": "Jahr bis zum Datenstand",
    "alles": "Gesamter Zeitraum",
    "frei": "Freier Zeitraum",
}
COMPARISONS: dict[str, tuple[str, Compare]] = {
    "vorjahr": ("Vorjahr", "previous_year"),
    "vorzeitraum": ("Zeitraum davor", "previous_period"),
    "frei": ("Freier Vergleich", "free"),
    "ohne": ("Ohne Vergleich", "none"),
}
GRAINS: dict[str, tuple[str, Grain | None]] = {
    "auto": ("Passend zum Zeitraum", None),
    "tage": ("Tage", "day"),
    "wochen": ("Wochen", "week"),
    "monate": ("Monate", "month"),
}
PAGE_KINDS = {
    "alle": ("Alle Seiten", ""),
    "leistungen": ("Leistungen", "Leistung"),
    "aemter": ("Ämter und Einrichtungen", "Organisationseinheit"),
    "start": ("Suche und Start", "Suche/Start"),
    "sonstige": ("Sonstige", "Sonstige"),
}
"""Slug -> label and the kind's name in ``pages.page_kind``; empty is every kind."""


def labels(choices: Mapping[str, tuple[str, object]]) -> dict[str, str]:
    """What each choice is called on the screen, by its slug."""
    return {slug: label for slug, (label, _) in choices.items()}


def grain_of(choice: str, start: dt.date, end: dt.date) -> Grain:
    """The chosen grain; without a choice the usual one."""
    return GRAINS.get(choice, GRAINS["auto"])[1] or usual_grain(start, end)
