"""Periods that have a name, as days, and the questions that most readers ask: the ones worth having ready."""

from __future__ import annotations

import datetime as dt

from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.periods import default_filters, last_full_months
from portalkompass.metrics.trends import Grain
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

PRESETS = ("12-monate", "3-monate", "28-tage", "jahr", "alles")
"""Their names stand in the URL; the first one is the default."""
DAYS_SHOWN_BY_DAY = 62
DAYS_SHOWN_BY_WEEK = 200


def days_of(
    period: str, first_day: dt.date, data_date: dt.date, last_day: dt.date
) -> tuple[dt.date, dt.date]:
    """First and last day (inclusive) of a preset; unknown names mean the default one.

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


def usual_grain(start: dt.date, end: dt.date) -> Grain:
    """Days up to two months, weeks up to half a year, else months."""
    length = (end - start).days + 1
    if length <= DAYS_SHOWN_BY_DAY:
        return "day"
    return "week" if length <= DAYS_SHOWN_BY_WEEK else "month"


def held(warehouse: Warehouse, site: str, preset: Filters) -> tuple[dt.date, dt.date, dt.date]:
    """First day, last final day and last day of the property's data; without any those of the preset."""
    data_date = warehouse.data_date(site) or preset.end
    last_day = max(data_date, *warehouse.provisional_days(site), data_date)
    return warehouse.first_day(site) or preset.start, data_date, last_day


def standard_filters(warehouse: Warehouse, settings: Settings) -> tuple[Filters, ...]:
    """What most readers ask: the main property in each preset against the year before; the default one first."""
    usual = default_filters(warehouse, settings)
    spans = (days_of(period, *held(warehouse, usual.site, usual)) for period in PRESETS)
    return tuple(
        Filters(site=usual.site, start=start, end=end, grain=usual_grain(start, end)) for start, end in spans
    )
