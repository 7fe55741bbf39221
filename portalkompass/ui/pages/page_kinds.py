"""The kind of page that a list is narrowed to: services, offices, or all of them."""

from __future__ import annotations

from portalkompass.ui.filters import filters
from portalkompass.ui.filters.periods import labels

KINDS = {
    "alle": ("Alle Seiten", ""),
    "leistungen": ("Leistungen", "Leistung"),
    "aemter": ("Ämter und Einrichtungen", "Organisationseinheit"),
    "start": ("Suche und Start", "Suche/Start"),
    "sonstige": ("Sonstige", "Sonstige"),
}
"""Slug -> label and the kind's name in ``pages.page_kind``; empty is every kind."""


def chosen() -> str:
    """The kind as the warehouse names it, empty for all; the choice is in the URL."""
    slug = filters.select("Art der Seite", labels(KINDS), "art")
    return KINDS[slug][1]
