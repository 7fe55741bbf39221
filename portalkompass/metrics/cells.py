"""Sums by calendar week or month and key: what the estimates start from."""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, position, sums, whole
from portalkompass.metrics.selection import with_month, with_week

WEEK_DAYS = 7


def monthly(rows: LazyFrame, calendar: LazyFrame, *keys: str) -> LazyFrame:
    """keys, month, clicks, impressions, sum_position, position of every key and month with impressions."""
    months = with_month(rows, calendar)
    summed = months.group_by(*keys, "month").agg(*sums()).filter(nw.col("impressions") > 0)
    return summed.with_columns(*whole(), position()).drop("placed")


def weekly(rows: LazyFrame, calendar: LazyFrame, *keys: str) -> LazyFrame:
    """keys, week (its Monday), clicks, impressions; weeks without a row of the key are absent."""
    weeks = with_week(rows, calendar)
    summed = weeks.group_by(*keys, "week").agg(*sums(keep_position=False))
    return summed.with_columns(*whole())


def whole_weeks(site_days: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """week, clicks: the weeks in which every day has data, in order. ``site_days`` has one row a day."""
    weeks = with_week(site_days, calendar)
    counted = weeks.with_columns(nw.lit(1).alias("days")).group_by("week")
    summed = counted.agg(nw.col("days").sum(), nw.col("clicks").sum()).with_columns(*whole("days", "clicks"))
    return summed.filter(nw.col("days") == WEEK_DAYS).drop("days").sort("week")
