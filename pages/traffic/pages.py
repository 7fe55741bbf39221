"""Seiten: which pages are found, and which gain or lose."""

from portalkompass.ui import answered, exhibits, filters, page, reading

page.head("Seiten", "Welche Seiten werden über Google am häufigsten aufgerufen, und was hat sich verändert?")
now = reading.current()
result = answered.ask("pages", now, filters.chosen(now))

page.message(result.answer)
page.cards(result.answer.figures)
exhibits.show(result, "top_pages", "page_table", "new_pages", "vanished_pages")
page.next_steps(result.answer)
