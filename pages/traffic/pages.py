"""Seiten: which pages are found, which gain or lose, what stands out, and one page in full."""

from portalkompass.ui import answered, chosen, exhibits, filters, page, page_kinds, reading, views
from portalkompass.ui.choice import PAGE

page.head("Seiten", "Welche Seiten werden über Google am häufigsten aufgerufen, und was hat sich verändert?")
now = reading.current()
view = views.chosen(("Top-Seiten", "Auffälligkeiten"), "seitenansicht")
shown = filters.chosen(now)
with filters.row("auswahl"):
    url = chosen.page(now, shown)
    kind = "" if url or view == "Auffälligkeiten" else page_kinds.chosen()
if url:
    PAGE.back()
    result = answered.ask("page_detail", now, shown, url=url)
elif view == "Auffälligkeiten":
    result = answered.ask("outliers", now, shown)
else:
    result = answered.ask("pages", now, shown, kind=kind)

page.message(result.answer)
page.cards(result.answer.figures)
exhibits.show(result, *(exhibit.id for exhibit in result.answer.exhibits))
page.next_steps(result.answer)
