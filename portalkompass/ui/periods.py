"""The periods a reader can pick, as days. Labels stand in the URL: changing one breaks shared links."""

from __future__ import annotations

import datetime as dt

from portalkompass.answers import Compare, Grain
from portalkompass.answers.periods import last_full_months

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

DAYS_SHOWN_BY_DAY = 62
DAYS_SHOWN_BY_WEEK = 200


def days_of(
    period: str, first_day: dt.date, data_date: dt.date, last_day: dt.date
) -> tuple[dt.date, dt.date]:
    """First and last day (inclusive) of a preset; unknown slugs mean the default one.

    Presets end with the last final day or the last full month; only the whole period runs on into
    provisional days (``last_day``). No preset begins before the data do, except whole months.
    """
    if period == "3-monate":
        return last_full_months(data_date, 3)
    if period == "28-tage":
        return data_date - dt.timedelta(days=27), data_date
    if period == "jahr":
        return dt.date(data_date.year, 1, 1), data_date
    if period == "alles":
        return first_day, last_day
    return last_full_months(data_date)


def grain_of(choice: str, start: dt.date, end: dt.date) -> Grain:
    """The chosen grain; without a choice days up to two months, weeks up to half a year, else months."""
    if choice in GRAINS:
        return GRAINS[choice]
    length = (end - start).days + 1
    if length <= DAYS_SHOWN_BY_DAY:
        return "day"
    return "week" if length <= DAYS_SHOWN_BY_WEEK else "month"
