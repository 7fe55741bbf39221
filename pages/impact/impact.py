"""Wirkung: what a go-live, relaunch or campaign did to a page."""

from portalkompass.screens.catalogue import IMPACT
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, page
from portalkompass.ui.filters import filters, views
from portalkompass.ui.impact import event_picker

page.head("Wirkung", "Was hat ein Go-Live, ein Relaunch oder eine Kampagne auf einer Seite bewirkt?")
now = reading.current()
chosen = filters.chosen(now, views.listed("wirkung").views[0])
url, since = event_picker.picked(now, chosen)
result = answer_cache.ask(IMPACT, now, chosen, url=url, since=since)

page.show(result)
