"""Priorisierung: which pending service to digitise next; a workshop in front of one projector."""

from portalkompass.ui import reading
from portalkompass.ui.components import messages, page
from portalkompass.ui.filters import views
from portalkompass.ui.workshop import voting_panel as voting
from portalkompass.ui.workshop import (
    workshop,
    workshop_assessments,
    workshop_lanes,
    workshop_plan,
    workshop_scenarios,
    workshop_views,
)

VIEWS = {
    "rangfolge": workshop_views.order,
    "sicherheit": workshop_views.sureness,
    "vergleich": workshop_views.reasons,
    "quadrant": workshop_views.quadrant,
    "plan": workshop_plan.show,
    "einschaetzung": workshop_assessments.show,
    "grundlagen": workshop_lanes.show,
    "stimmen": voting.show,
    "szenarien": workshop_scenarios.show,
}

QUESTION = "Welche anstehende OZG-Leistung sollte als Nächstes digitalisiert werden?"

page.head("Priorisierung", "" if workshop.on_stage() else QUESTION)
now = workshop.open_workshop(reading.current())
if now is not None:
    shown = VIEWS[views.chosen("priorisierung", workshop.ON_STAGE if now.stage else ()).slug]
    messages.said(workshop.SAID)
    shown(now)
