"""Wirkung: what a go-live, relaunch or campaign did to a page."""

from portalkompass.screens.catalogue import IMPACT
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters
from portalkompass.ui.impact import event_picker

page.head("Wirkung", "Was hat ein Go-Live, ein Relaunch oder eine Kampagne auf einer Seite bewirkt?")
now = reading.current()
chosen = filters.chosen(now, compare=False)
url, since = event_picker.picked(now, chosen)
result = answer_cache.ask(IMPACT, now, chosen, url=url, since=since)

page.message(result.answer)
page.cards(result.answer.figures)
exhibits.show(result, *(exhibit.id for exhibit in result.answer.exhibits))
page.next_steps(result.answer)
