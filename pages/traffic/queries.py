"""Suchanfragen: what people look for, and where more clicks are within reach."""

from portalkompass.ui import answered, chances, exhibits, filters, page, reading, views
from portalkompass.ui.choice import PAGE

page.head("Suchanfragen", "Wonach suchen die Menschen, was fehlt ihnen, und wo sind mehr Klicks erreichbar?")
now = reading.current()
view = views.chosen(("Suchanfragen", "Chancen"), "suchansicht")
chosen = filters.chosen(now)
result = answered.ask("opportunities" if view == "Chancen" else "queries", now, chosen)

page.message(result.answer)
page.cards(result.answer.figures)
if view == "Chancen" and result.answer.exhibits:
    chances.show(result)
else:
    exhibits.show(result, *(exhibit.id for exhibit in result.answer.exhibits))
page.next_steps(result.answer)
PAGE.follow()
