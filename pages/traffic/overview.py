"""Überblick: where the portal stands, in one screen."""

from portalkompass.ui import answered, exhibits, filters, page, reading
from portalkompass.ui.choice import PAGE

page.head(
    "Überblick", "Wie wird das Kommunalportal gefunden und genutzt, und wie weit ist die Digitalisierung?"
)
now = reading.current()
result = answered.ask("overview", now, filters.chosen(now))

page.message(result.answer)
page.cards(result.answer.figures)
exhibits.show(result, "position_by_month", "top_pages", "movers", "service_status")
page.next_steps(result.answer)
PAGE.follow()
