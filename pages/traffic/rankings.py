"""Rankings: how positions, clicks and impressions develop."""

from portalkompass.ui import answered, exhibits, filters, page, reading

page.head("Rankings", "Wie entwickeln sich Position, Klicks und Impressionen bei Google?")
now = reading.current()
result = answered.ask("rankings", now, filters.chosen(now, grain=True))

page.message(result.answer)
page.cards(result.answer.figures)
exhibits.show(
    result,
    "position_trend",
    "clicks_trend",
    "impressions_trend",
    "bands_queries",
    "bands_impressions",
    "devices",
    "countries",
)
page.next_steps(result.answer)
