"""The periods a reader can pick, as days. Labels stand in the URL: changing one breaks shared links."""

from __future__ import annotations

import datetime as dt

from portalkompass.answers import Compare, Grain
from portalkompass.answers.base.presets import usual_grain

PERIODS = {
    "12-monate": "Letzte 12 volle Monate",
    "3-monate": "Letzte 3 volle Monate",
    "28-tage": "Letzte 28 Tage",
    "jahr": "Jahr bis zum Datenstand",
    "alles": "Gesamter Zeitraum",
    "frei": "Freier Zeitraum",
}
COMPARISONS: dict[str, Compare] = {
    "vorjahr": "previous_year",
    "vorzeitraum": "previous_period",
    "frei": "free",
    "ohne": "none",
}
COMPARISON_LABELS = {
    "vorjahr": "Vorjahr",
    "vorzeitraum": "Zeitraum davor",
    "frei": "Freier Vergleich",
    "ohne": "Ohne Vergleich",
}
GRAINS: dict[str, Grain] = {"tage": "day", "wochen": "week", "monate": "month"}
GRAIN_LABELS = {"auto": "Passend zum Zeitraum", "tage": "Tage", "wochen": "Wochen", "monate": "Monate"}


def grain_of(choice: str, start: dt.date, end: dt.date) -> Grain:
    """The chosen grain; without a choice the usual one."""
    return GRAINS[choice] if choice in GRAINS else usual_grain(start, end)
