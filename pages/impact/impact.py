"""Wirkung: what a go-live, relaunch or campaign did to a page."""

from portalkompass.ui import answered, chosen_event, exhibits, filters, page, reading

page.head("Wirkung", "Was hat ein Go-Live, ein Relaunch oder eine Kampagne auf einer Seite bewirkt?")
now = reading.current()
chosen = filters.chosen(now, compare=False)
url, since = chosen_event.picked(now, chosen)
result = answered.ask("impact", now, chosen, url=url, since=since)

page.message(result.answer)
page.cards(result.answer.figures)
exhibits.show(result, *(exhibit.id for exhibit in result.answer.exhibits))
page.next_steps(result.answer)
