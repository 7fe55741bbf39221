"""Leistungen: status and demand, online services, which pages belong to which service, the list itself."""

from portalkompass.screens.catalogue import ONLINE_SERVICES, SERVICE_DETAIL, SERVICES
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters, page_service_picker, views
from portalkompass.ui.filters.detail_picker import PAGE, SERVICE
from portalkompass.ui.links import link_views
from portalkompass.ui.services import comparing, service_editor, service_list

page.head("Leistungen", "Welche OZG-Leistungen sind in Arbeit, und wie stark werden sie nachgefragt?")
now = reading.current()
shown = filters.chosen(now)
demand, online, comparison, assignment, editing = views.tabs("leistungen")

if demand.open:
    with demand:
        service = page_service_picker.service(now, shown)
        if service:
            SERVICE.back()
            page.show(answer_cache.ask(SERVICE_DETAIL, now, shown, service=service))
        else:
            result = answer_cache.ask(SERVICES, now, shown)
            page.top(result)
            service_list.show(result)
            exhibits.show(result, "service_demand", "service_funnel", "coverage")
            page.next_steps(result.answer)
        PAGE.follow()

if online.open:
    with online:
        result = answer_cache.ask(ONLINE_SERVICES, now, shown)
        page.show(result, "online_offers", "offers_broken", "offers_unlinked")

if comparison.open:
    with comparison:
        comparing.show(now, shown)

if assignment.open:
    with assignment:
        link_views.show(now, shown)

if editing.open:
    with editing:
        service_editor.show(now)
