"""Rankings: how positions, clicks and impressions develop, and what they are made of."""

from portalkompass.screens.catalogue import RANKINGS, TRACKED
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters, views
from portalkompass.ui.queries import tracking
from portalkompass.ui.rankings import annotating

page.head("Rankings", "Wie entwickeln sich Position, Klicks und Impressionen bei Google?")
now = reading.current()
view = views.chosen("rankings")
chosen = filters.chosen(now, view)
result = answer_cache.ask(view.topic or RANKINGS, now, chosen, **view.keywords)

page.top(result)
if view.topic is TRACKED:
    tracking.control(now, chosen, result)
exhibits.show(result)
if view.topic is not TRACKED:
    annotating.panel(now, chosen)
page.next_steps(result.answer)
