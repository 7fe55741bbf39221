"""Seiten: which pages are found, which gain or lose, what stands out, and one page in detail."""

from portalkompass.screens.catalogue import PAGE_DETAIL, PAGES
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, page
from portalkompass.ui.filters import filters, page_service_picker, views

page.head("Seiten", "Welche Seiten werden über Google am häufigsten aufgerufen, und was hat sich verändert?")
now = reading.current()
top = filters.row("ansichtszeile")
with top:
    view = views.chosen("seiten")
shown = filters.chosen(now, view)
with top:
    url = page_service_picker.page(now, shown)
if url:
    result = answer_cache.ask(PAGE_DETAIL, now, shown, url=url)
else:
    result = answer_cache.ask(view.topic or PAGES, now, shown)

page.show(result)
