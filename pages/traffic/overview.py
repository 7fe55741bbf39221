"""Überblick: where the portal stands, in one screen."""

from portalkompass.screens.catalogue import OVERVIEW
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, page
from portalkompass.ui.filters import filters, views

page.head(
    "Überblick", "Wie wird das Kommunalportal gefunden und genutzt, und wie weit ist die Digitalisierung?"
)
now = reading.current()
result = answer_cache.ask(OVERVIEW, now, filters.chosen(now, views.listed("ueberblick").views[0]))

page.show(result, "position_by_month", "top_pages", "movers", "service_status")
