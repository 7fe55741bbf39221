"""Suchanfragen: what people look for, and where more clicks are within reach."""

from portalkompass.screens.catalogue import OPPORTUNITIES, QUERIES, QUERY_DETAIL
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters, page_service_picker, views
from portalkompass.ui.queries import chances, tracking

page.head("Suchanfragen", "Wonach suchen die Menschen, was fehlt ihnen, und wo sind mehr Klicks erreichbar?")
now = reading.current()
top = filters.row("ansichtszeile")
with top:
    view = views.chosen("suchanfragen")
shown = filters.chosen(now, view)
with top:
    query = page_service_picker.query(now, shown) if view.topic is QUERIES else ""
if query:
    with top:
        tracking.button(now, shown, query)
    result = answer_cache.ask(QUERY_DETAIL, now, shown, query=query)
else:
    result = answer_cache.ask(view.topic or QUERIES, now, shown)

page.top(result)
if view.topic is OPPORTUNITIES and result.answer.exhibits:
    chances.show(result)
else:
    exhibits.show(result)
page.next_steps(result.answer)
