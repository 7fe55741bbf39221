"""Bericht: the slides for the committee."""

from portalkompass.ui import reading
from portalkompass.ui.components import page
from portalkompass.ui.filters import filters, views
from portalkompass.ui.report import refreshing, report

page.head("Bericht", "Was zeigen wir dem Gremium, und wie kommt es auf Folien?")
now = reading.current()
chosen = filters.chosen(now, views.listed("bericht").views[0])

page.section("Sachstand Digitalisierung")
report.standard(now, chosen)
page.section("Eigene Auswahl")
report.collected(now, chosen)
page.section("Bearbeitete Präsentation auffrischen")
refreshing.refreshing(now)
page.section("Vorlage")
report.template(now)
