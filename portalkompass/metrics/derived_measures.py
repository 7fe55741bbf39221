"""Measures of the way to the application and of the work lists: what each means, for tables and the glossary."""

from __future__ import annotations

from portalkompass.metrics import measures
from portalkompass.metrics.measures import Measure

STARTS = Measure(
    "service_starts",
    "Starts",
    "",
    "integer",
    "Starts des Online-Dienstes laut Portalstatistik; wegen der Einwilligung eine Untergrenze.",
)
APPLICATIONS = Measure(
    "applications",
    "Anträge",
    "",
    "integer",
    "Abgeschlossene Anträge laut Portalstatistik; je Seite und Monat unter 5 nicht ausgewiesen.",
)
START_RATE = Measure(
    "start_rate", "Startquote", "", "percent", "Starts des Online-Dienstes geteilt durch Seitenansichten."
)
APPLICATION_RATE = Measure(
    "application_rate", "Abschlussquote", "", "percent", "Anträge geteilt durch Starts des Online-Dienstes."
)
DROP_OUT = Measure(
    "application_drop_out", "Abbruch", "", "percent", "Anteil der Starts ohne Antrag.", low_is_good=True
)
DIGITAL_SHARE = Measure(
    "digital_share",
    "Digital",
    "",
    "percent",
    "Anträge über das Portal geteilt durch alle Fälle der Fachbereiche.",
)
LASTING = Measure(
    "lasting",
    "Rückgang",
    "",
    "percent_change",
    "Dauerhafte Veränderung des Anteils der Seite an allen Seitenklicks seit der genannten Woche.",
)
LOST = Measure(
    "lost_a_year",
    "Verlorene Klicks",
    "im Jahr",
    "integer",
    "Klicks im Jahr, die der dauerhafte Rückgang einer Seite kostet.",
    low_is_good=True,
)
LACKING = Measure(
    "lacking",
    "Fehlende Klicks",
    "im Jahr",
    "integer",
    "Klicks im Jahr, die auf diesem Platz mit der üblichen Klickrate mehr zu erwarten wären.",
    low_is_good=True,
)
CONTESTED = Measure(
    "contested",
    "Umkämpft",
    "",
    "integer",
    "Impressionen der jeweils zweiten von zwei eigenen Seiten, die Google für dieselbe Suchanfrage zeigt.",
    low_is_good=True,
)
TARGET = Measure(
    "target",
    "Ziel",
    "",
    "decimal1",
    "Realistischer Platz: fünf Plätze weiter vorn, höchstens Platz 3.",
    low_is_good=True,
)
GLOSSARY = tuple(
    measure for measure in (*vars(measures).values(), *globals().values()) if isinstance(measure, Measure)
)
"""Everything that the glossary explains: every measure of both modules."""
