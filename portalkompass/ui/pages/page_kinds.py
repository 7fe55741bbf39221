"""The kind of page that a list is narrowed to: services, offices, or all of them."""

from __future__ import annotations

from portalkompass.screens.address import PAGE_KINDS, labels
from portalkompass.ui.filters import filters


def chosen() -> str:
    """The kind as the warehouse names it, empty for all; the choice is in the URL."""
    slug = filters.select("Art der Seite", labels(PAGE_KINDS), "art")
    return PAGE_KINDS[slug][1]
