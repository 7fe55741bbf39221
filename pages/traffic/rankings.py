"""Rankings: how positions, clicks and impressions develop, and what they are made of."""

from portalkompass.ui import annotating, answered, exhibits, filters, page, reading, views

page.head("Rankings", "Wie entwickeln sich Position, Klicks und Impressionen bei Google?")
now = reading.current()
part = views.chosen(views.RANKINGS, "rankingansicht")
chosen = filters.chosen(now, grain=True)
result = answered.ask("rankings", now, chosen, part=part)

page.message(result.answer)
page.cards(result.answer.figures)
annotating.panel(now, chosen)
exhibits.show(result, *(exhibit.id for exhibit in result.answer.exhibits))
page.next_steps(result.answer)
