"""Suchanfragen: what people look for, and where more clicks are within reach."""

from portalkompass.screens.catalogue import OPPORTUNITIES, QUERIES
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters, views
from portalkompass.ui.queries import chances

page.head("Suchanfragen", "Wonach suchen die Menschen, was fehlt ihnen, und wo sind mehr Klicks erreichbar?")
now = reading.current()
view = views.chosen("suchanfragen")
topic = view.topic or QUERIES
result = answer_cache.ask(topic, now, filters.chosen(now, view))

page.top(result)
if topic is OPPORTUNITIES and result.answer.exhibits:
    chances.show(result)
else:
    exhibits.show(result)
page.next_steps(result.answer)
