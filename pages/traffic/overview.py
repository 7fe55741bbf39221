"""Überblick: where the portal stands, in one screen."""

from portalkompass.screens.catalogue import OVERVIEW
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters, views

page.head(
    "Überblick", "Wie wird das Kommunalportal gefunden und genutzt, und wie weit ist die Digitalisierung?"
)
now = reading.current()
result = answer_cache.ask(OVERVIEW, now, filters.chosen(now, views.listed("ueberblick").views[0]))

page.top(result)
exhibits.show(result, "position_by_month", "top_pages", "movers")
if result.exhibit("movers"):
    views.way_to("seiten", "gewinner-und-verlierer", "Alle Gewinner und Verlierer")
exhibits.show(result, "service_status")
page.next_steps(result.answer)
