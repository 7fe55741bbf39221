"""Leistungen: status and demand, online services, which pages belong to which service, the list itself."""

from portalkompass.screens.catalogue import (
    MAPPING_BOARD,
    MUNICIPALITIES,
    ONLINE_SERVICES,
    SERVICE_DETAIL,
    SERVICES,
)
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.filters import filters, page_service_picker, views
from portalkompass.ui.links import link_views
from portalkompass.ui.services import comparing, self_audit, service_editor, service_list

page.head("Leistungen", "Welche OZG-Leistungen sind in Arbeit, und wie stark werden sie nachgefragt?")
now = reading.current()
top = filters.row("ansichtszeile")
with top:
    view = views.chosen("leistungen")
shown = filters.chosen(now, view)

if view.topic is SERVICES:
    with top:
        service = page_service_picker.service(now, shown)
    if service:
        exhibits.show(answer_cache.ask(SERVICE_DETAIL, now, shown, service=service, part="card"))
        page.show(answer_cache.ask(SERVICE_DETAIL, now, shown, service=service, part="further"))
        self_audit.show(now, service)
    else:
        result = answer_cache.ask(SERVICES, now, shown)
        page.top(result)
        service_list.show(result)
        exhibits.show(
            result,
            "service_demand",
            "service_funnel",
            "coverage",
            "city_benchmarks",
            "dashboard_reconciliation",
            "self_audits",
        )
        page.next_steps(result.answer)
elif view.topic is ONLINE_SERVICES:
    result = answer_cache.ask(ONLINE_SERVICES, now, shown)
    page.show(
        result, "online_offers", "neighbour_offers", "market_offers", "offers_broken", "offers_unlinked"
    )
elif view.topic is MUNICIPALITIES:
    comparing.show(now, shown)
elif view.topic is MAPPING_BOARD:
    link_views.show(now, shown)
else:
    service_editor.show(now)
