"""Wirkung: what a go-live, relaunch or campaign did to a page, and what was promised against what came."""

from portalkompass.screens.catalogue import FORECASTS, IMPACT
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, page
from portalkompass.ui.filters import filters, views
from portalkompass.ui.impact import event_picker, sample_workshop, workshop_picker

page.head("Wirkung", "Was hat ein Ereignis auf einer Seite bewirkt, und was kam von dem, was zugesagt war?")
now = reading.current()
with filters.row("ansichtszeile"):
    view = views.chosen("wirkung")
chosen = filters.chosen(now, view)
if view.topic is FORECASTS:
    sample_workshop.offer(now, chosen)
    result = answer_cache.ask(FORECASTS, now, chosen, scenario=workshop_picker.picked(now))
else:
    url, since = event_picker.picked(now, chosen)
    result = answer_cache.ask(IMPACT, now, chosen, url=url, since=since)

page.show(result)
