"""Priorisierung: which pending service to digitise next; a workshop in front of one projector."""

from portalkompass.ui import reading
from portalkompass.ui.components import page
from portalkompass.ui.workshop import (
    workshop,
    workshop_assessments,
    workshop_decisions,
    workshop_lanes,
    workshop_minutes,
    workshop_plan,
    workshop_scenarios,
    workshop_steps,
    workshop_views,
)
from portalkompass.ui.workshop.rounds import voting_panel as voting

VIEWS = {
    "rangfolge": workshop_views.order,
    "sicherheit": workshop_views.sureness,
    "vergleich": workshop_views.reasons,
    "quadrant": workshop_views.quadrant,
    "plan": workshop_plan.show,
    "beschluesse": workshop_decisions.show,
    "ablauf": workshop_steps.show,
    "grundlagen": workshop_lanes.show,
    "einschaetzung": workshop_assessments.show,
    "stimmen": voting.show,
    "protokoll": workshop_minutes.show,
    "szenarien": workshop_scenarios.show,
}
# What stands below a view and is not drawn anew with each move of a slider.
BESIDE = {"rangfolge": workshop_views.order_beside}

QUESTION = "Welche anstehende OZG-Leistung sollte als Nächstes digitalisiert werden?"

page.head("Priorisierung", "" if workshop.on_stage() else QUESTION)
now = workshop.open_workshop(reading.current())
if now is not None:
    workshop_steps.head(now)
    workshop.show(now, VIEWS[now.view.slug])
    if beside := BESIDE.get(now.view.slug):
        beside(now)
