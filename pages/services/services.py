"""Leistungen: status and demand, online services, which pages belong to which service, the list itself."""

from portalkompass.ui import (
    answered,
    chosen,
    comparing,
    exhibits,
    filters,
    mapping,
    page,
    reading,
    service_editor,
    service_list,
)
from portalkompass.ui.choice import PAGE, SERVICE

page.head("Leistungen", "Welche OZG-Leistungen sind in Arbeit, und wie stark werden sie nachgefragt?")
now = reading.current()
shown = filters.chosen(now)
demand, online, comparison, assignment, editing = mapping.tabs()

if demand.open:
    with demand:
        service = chosen.service(now, shown)
        if service:
            SERVICE.back()
            result = answered.ask("service_detail", now, shown, service=service)
            page.message(result.answer)
            page.cards(result.answer.figures)
            exhibits.show(result, *(exhibit.id for exhibit in result.answer.exhibits))
        else:
            result = answered.ask("services", now, shown)
            page.message(result.answer)
            page.cards(result.answer.figures)
            service_list.show(result)
            exhibits.show(result, "service_demand", "service_funnel", "coverage")
        page.next_steps(result.answer)
        PAGE.follow()

if online.open:
    with online:
        result = answered.ask("online_services", now, shown)
        page.message(result.answer)
        page.cards(result.answer.figures)
        exhibits.show(result, "online_offers", "offers_broken", "offers_unlinked")
        page.next_steps(result.answer)

if comparison.open:
    with comparison:
        comparing.show(now, shown)

if assignment.open:
    with assignment:
        mapping.show(now, shown)

if editing.open:
    with editing:
        service_editor.show(now)
