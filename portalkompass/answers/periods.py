"""Periods: the default one, the one to compare with, and how they are called in German."""

from __future__ import annotations

import datetime as dt

from portalkompass.answers.answer import Filters
from portalkompass.settings import Settings
from portalkompass.warehouse import Warehouse


def default_filters(warehouse: Warehouse, settings: Settings) -> Filters:
    """The last 12 full months up to the data date of the main property, by month, against the year before.

    The main property is the configured one if it has data, else the first that has any. Without any data
    the period ends with the month before the current day.
    """
    sites = warehouse.sites()
    wanted = settings.search_console.site
    site = wanted if wanted in sites or not sites else sites[0]
    start, end = last_full_months(warehouse.data_date(site) or settings.current_day())
    return Filters(site=site, start=start, end=end)


def last_full_months(data_date: dt.date, months: int = 12) -> tuple[dt.date, dt.date]:
    """First and last day of the last full months; a month is full when its last day has data."""
    following = data_date + dt.timedelta(days=1)
    end = following.replace(day=1) - dt.timedelta(days=1)
    index = end.year * 12 + end.month - months
    return dt.date(index // 12, index % 12 + 1, 1), end
