"""Daten: what is loaded, how complete it is, and how new files get in."""

from portalkompass.screens.catalogue import DATA_STATE
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.data import run_list, upload
from portalkompass.ui.filters.filters import usual

page.head("Daten", "Welche Daten liegen vor, wie aktuell und wie vollständig sind sie?")
now = reading.current()
result = answer_cache.ask(DATA_STATE, now, usual(now))

page.top(result)
exhibits.show(result, "sources")
run_list.waiting(now)
page.section("Datei laden")
upload.panel(now)
run_list.show(now, result)
exhibits.show(result, "rejected", "gaps", "provisional", "address_match", "index_state", "sitemaps")
page.next_steps(result.answer)
