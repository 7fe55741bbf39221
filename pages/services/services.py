"""Leistungen: the OZG services, their status and their demand."""

from portalkompass.ui import answered, exhibits, filters, page, reading, service_list

page.head("Leistungen", "Welche OZG-Leistungen sind in Arbeit, und wie stark werden sie nachgefragt?")
now = reading.current()
result = answered.ask("services", now, filters.chosen(now))

page.message(result.answer)
page.cards(result.answer.figures)
service_list.show(result)
exhibits.show(result, "service_demand", "coverage")
page.next_steps(result.answer)
