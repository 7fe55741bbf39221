"""Bericht: the slides for the committee."""

from portalkompass.ui import reading
from portalkompass.ui.components import page
from portalkompass.ui.filters import filters, views
from portalkompass.ui.report import refreshing, report, stored, transactions

page.head("Bericht", "Was zeigen wir dem Gremium, und wie kommt es auf Folien?")
now = reading.current()
chosen = stored.picked(now)

if chosen is None:
    asked = filters.chosen(now, views.listed("bericht").views[0])
    page.section("Sachstand Digitalisierung")
    report.standard(now, asked)
    page.section("Transaktionen für die Zentrale Statistik-Komponente")
    transactions.transactions_file(now, asked)
else:
    stored.show(now, chosen)
page.section("Bearbeitete Präsentation auffrischen")
refreshing.refreshing(now)
page.section("Vorlage")
report.template(now)
