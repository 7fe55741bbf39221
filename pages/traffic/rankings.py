"""Rankings: how positions, clicks and impressions develop."""

from portalkompass.ui import annotating, answered, exhibits, filters, page, reading

page.head("Rankings", "Wie entwickeln sich Position, Klicks und Impressionen bei Google?")
now = reading.current()
chosen = filters.chosen(now, grain=True)
result = answered.ask("rankings", now, chosen)

page.message(result.answer)
page.cards(result.answer.figures)
annotating.panel(now, chosen)
exhibits.show(
    result,
    "position_trend",
    "clicks_trend",
    "impressions_trend",
    "position_mix",
    "brand_trend",
    "bands_queries",
    "bands_impressions",
    "devices",
    "countries",
)
page.next_steps(result.answer)
