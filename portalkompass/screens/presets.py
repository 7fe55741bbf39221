"""Periods that have a name, as days, and the questions that most readers ask: the ones worth having ready."""

from __future__ import annotations

import datetime as dt

from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.periods import last_full_months, main_site, months_before
from portalkompass.metrics.trends import Grain
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

DEFAULT = "12-monate"
PRESETS = (DEFAULT, "3-monate", "28-tage", "jahr", "alles")
"""Those that most readers ask for; the default one first. Others have a name, too, but no answer kept ready."""
DAYS_SHOWN_BY_DAY = 62
DAYS_SHOWN_BY_WEEK = 200
_MONTHS = {"monat": 1, "3-monate": 3, DEFAULT: 12}
_DAYS = {"7-tage": 7, "28-tage": 28}


def days_of(
    period: str, first_day: dt.date, data_date: dt.date, last_day: dt.date
) -> tuple[dt.date, dt.date]:
    """First and last day (inclusive) of a preset; unknown names mean the default one.

    Presets end with the last final day, the last full month or the last full quarter of the calendar; only the whole
    period runs on into provisional days (``last_day``). No preset begins before the data do, except whole months.
    """
    if period in _DAYS:
        return data_date - dt.timedelta(days=_DAYS[period] - 1), data_date
    if period == "jahr":
        return dt.date(data_date.year, 1, 1), data_date
    if period == "quartal":
        return _last_full_quarter(data_date)
    if period == "alles":
        return first_day, last_day
    return last_full_months(data_date, _MONTHS.get(period, _MONTHS[DEFAULT]))


def _last_full_quarter(data_date: dt.date) -> tuple[dt.date, dt.date]:
    after = (data_date + dt.timedelta(days=1)).replace(day=1)
    after = months_before(after, (after.month - 1) % 3)
    return months_before(after, 3), after - dt.timedelta(days=1)


def usual_grain(start: dt.date, end: dt.date) -> Grain:
    """Days up to two months, weeks up to half a year, else months."""
    length = (end - start).days + 1
    if length <= DAYS_SHOWN_BY_DAY:
        return "day"
    return "week" if length <= DAYS_SHOWN_BY_WEEK else "month"


def held_by(warehouse: Warehouse, site: str, settings: Settings) -> tuple[dt.date, dt.date, dt.date]:
    """First day, last final day and last day of the property's data; without any those of the usual period."""
    usual = warehouse.window(site) or last_full_months(settings.current_day())
    data_date = warehouse.data_date(site) or usual[1]
    last_day = max(data_date, *warehouse.provisional_days(site), data_date)
    return warehouse.first_day(site) or usual[0], data_date, last_day


def standard_filters(warehouse: Warehouse, settings: Settings) -> tuple[Filters, ...]:
    """What most readers ask: the main property in each preset against the year before; the default one first."""
    site = main_site(warehouse, settings)
    window = warehouse.window(site)
    spans = (
        window if window and period == DEFAULT else days_of(period, *held_by(warehouse, site, settings))
        for period in PRESETS
    )
    return tuple(
        Filters(site=site, start=start, end=end, grain=usual_grain(start, end)) for start, end in spans
    )
