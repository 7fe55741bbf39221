"""Measures of the way to the application and of the work lists: what each means, for tables and the glossary."""

from __future__ import annotations

from portalkompass.metrics import measures
from portalkompass.metrics.measures import Measure

STARTS = Measure(
    "service_starts",
    "Starts",
    "integer",
    "Starts des Online-Dienstes laut Portalstatistik; wegen der Einwilligung eine Untergrenze.",
)
APPLICATIONS = Measure(
    "applications",
    "Anträge",
    "integer",
    "Abgeschlossene Anträge laut Portalstatistik; je Seite und Monat unter 5 nicht ausgewiesen.",
)
START_RATE = Measure(
    "start_rate", "Startquote", "percent", "Starts des Online-Dienstes geteilt durch Seitenansichten."
)
APPLICATION_RATE = Measure(
    "application_rate", "Abschlussquote", "percent", "Anträge geteilt durch Starts des Online-Dienstes."
)
DROP_OUT = Measure(
    "application_drop_out", "Abbruch", "percent", "Anteil der Starts ohne Antrag.", low_is_good=True
)
DIGITAL_SHARE = Measure(
    "digital_share",
    "Digital",
    "percent",
    "Anträge über das Portal geteilt durch alle Fälle der Fachbereiche.",
)
CASES = Measure(
    "cases",
    "Fälle",
    "integer",
    "Begonnene Fälle über alle Kanäle laut Fachbereich; je Leistung, Kanal und Monat unter 5 nicht ausgewiesen.",
    unit="Fälle",
)
ONLINE_SHARE = Measure(
    "online_share",
    "Online-Quote",
    "percent",
    "Online begonnene Fälle geteilt durch die Fälle aller Kanäle, in Monaten, deren Kanäle der Fachbereich nennt.",
)
END_TO_END_SHARE = Measure(
    "end_to_end_share",
    "Ende-zu-Ende",
    "percent",
    "Fälle, die vom Antrag bis zum Bescheid digital blieben, geteilt durch alle Fälle, zu denen beides bekannt ist.",
)
COST_PER_CASE = Measure(
    "cost_per_case",
    "Kosten je Fall (Euro)",
    "decimal1",
    "Kosten geteilt durch Fälle, nur aus Angaben, die beides nennen.",
    low_is_good=True,
)
PROCESSING_DAYS = Measure(
    "processing_days",
    "Bearbeitungszeit",
    "decimal1",
    "Median der Tage vom Antrag bis zum Bescheid im Monat; Mediane verschiedener Monate werden nicht verrechnet.",
    unit="Tage",
    low_is_good=True,
)
SLOWEST_DAYS = Measure(
    "slowest_days",
    "Langsamster Monat",
    "decimal1",
    "Größter Median der Tage vom Antrag bis zum Bescheid, den ein Monat und Kanal des Zeitraums hatte; Mediane werden "
    "nicht verrechnet.",
    unit="Tage",
    low_is_good=True,
)
BACKLOG = Measure(
    "backlog",
    "Rückstand",
    "integer",
    "Am Monatsende nicht entschiedene Fälle.",
    unit="Fälle",
    low_is_good=True,
)
ANSWERS = Measure(
    "answers",
    "Rückmeldungen",
    "integer",
    "Abgegebene Bewertungen einer Leistung; je Monat unter 5 nicht ausgewiesen.",
)
SATISFACTION = Measure(
    "satisfaction",
    "Zufriedenheit",
    "decimal1",
    "Mittel der Sterne (1 bis 5) aller Rückmeldungen aus Monaten mit mindestens 5; die Spanne enthält in 95 von 100 "
    "Fällen den Wert, den beliebig viele Rückmeldungen ergäben. Wer sich meldet, steht nicht für alle.",
    unit="Sterne",
    method="Zufriedenheit",
)
SHARE_CHANGE = Measure(
    "share_change",
    "Anteil am Portal",
    "percent_change",
    "Dauerhafte Veränderung des Anteils einer Seite an allen Seitenklicks. Ihre eigenen Klicks können sich anders "
    "verändert haben.",
    method="Rückgang einer Seite",
)
OWN_LOST = Measure(
    "own_lost",
    "Eigene Klicks verloren",
    "integer",
    "Eigene Klicks einer Seite je Woche vor der genannten Woche, weniger die seither, auf ein Jahr gerechnet.",
    unit="im Jahr",
    low_is_good=True,
)
MISSING = Measure(
    "missing",
    "Lücke zum früheren Anteil",
    "integer",
    "So viele Klicks im Jahr hätte eine Seite mehr, wenn ihr Anteil am Portal noch der frühere wäre.",
    unit="Klicks im Jahr",
    low_is_good=True,
    method="Rückgang einer Seite",
)
CONTESTED = Measure(
    "contested",
    "Umkämpft",
    "integer",
    "Wie oft die zweite von zwei eigenen Seiten für dieselbe Suchanfrage höchstens allein erschien: Impressionen der "
    "Suchanfrage ohne die der ersten Seite. Stehen beide auf einer Ergebnisseite, zählt das nicht.",
    low_is_good=True,
    method="Seiten, die sich im Weg stehen",
)
TARGET = Measure(
    "target",
    "Ziel",
    "decimal1",
    "Realistischer Platz: fünf Plätze weiter vorn, höchstens Platz 3.",
    low_is_good=True,
    method="Klickpotenzial",
)
GLOSSARY = tuple(
    measure for measure in (*vars(measures).values(), *globals().values()) if isinstance(measure, Measure)
)
"""Everything that the glossary explains: every measure of both modules."""
