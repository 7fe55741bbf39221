"""Bericht: the slides for the committee."""

from portalkompass.ui import reading
from portalkompass.ui.components import page
from portalkompass.ui.filters import filters, views
<<<<<<< HEAD
from portalkompass.ui.report import report, stored
=======
from portalkompass.ui.report import refreshing, report
>>>>>>> mfiles

page.head("Bericht", "Was zeigen wir dem Gremium, und wie kommt es auf Folien?")
now = reading.current()
chosen = stored.picked(now)

<<<<<<< HEAD
if chosen is None:
    asked = filters.chosen(now, views.listed("bericht").views[0])
    page.section("Sachstand Digitalisierung")
    report.standard(now, asked)
else:
    stored.show(now, chosen)
=======
page.section("Sachstand Digitalisierung")
report.standard(now, chosen)
page.section("Eigene Auswahl")
report.collected(now, chosen)
page.section("Bearbeitete Präsentation auffrischen")
refreshing.refreshing(now)
>>>>>>> mfiles
page.section("Vorlage")
report.template(now)
