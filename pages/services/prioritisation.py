"""Priorisierung: which pending service to digitise next."""

from portalkompass.ui import answered, exhibits, filters, lanes, page, reading, weights

page.head("Priorisierung", "Welche anstehende OZG-Leistung sollte als Nächstes digitalisiert werden?")
now = reading.current()
chosen = filters.chosen(now, compare=False)
result = answered.ask("prioritisation", now, chosen, weights=weights.chosen(now, chosen))

page.message(result.answer)
page.cards(result.answer.figures)
lanes.show(result)
exhibits.show(result, "contributions", "rank_ranges", "off_list", "criteria")
page.next_steps(result.answer)
