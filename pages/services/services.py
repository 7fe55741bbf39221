"""Leistungen: the OZG services, their status and demand; which pages and queries belong to which of them."""

from portalkompass.ui import answered, exhibits, filters, mapping, page, reading, service_list

page.head("Leistungen", "Welche OZG-Leistungen sind in Arbeit, und wie stark werden sie nachgefragt?")
now = reading.current()
chosen = filters.chosen(now)
demand, assignment = mapping.tabs()

if demand.open:
    with demand:
        result = answered.ask("services", now, chosen)
        page.message(result.answer)
        page.cards(result.answer.figures)
        service_list.show(result)
        exhibits.show(result, "service_demand", "coverage")
        page.next_steps(result.answer)

if assignment.open:
    with assignment:
        mapping.show(now, chosen)
