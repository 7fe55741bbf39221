"""Trends by day, week or month, and year on year.

Weeks and months come from ``calendar`` because engines disagree about weekdays. A bucket's days without
data are missing: they add nothing, and the bucket says so.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, ctr, position, position_sums, whole
from portalkompass.metrics.selection import Period, inside, with_month

Grain = Literal["day", "week", "month"]
BUCKETS: dict[Grain, str] = {"day": "date", "week": "iso_week_start", "month": "month"}
"""Column of ``calendar`` that names the bucket; a bucket is called by its first day."""
DAYS_BACK = 364
"""52 weeks: a Monday is compared with a Monday."""


def trend(
    site_days: LazyFrame,
    calendar: LazyFrame,
    period: Period | None,
    grain: Grain,
    *,
    final_until: dt.date | None = None,
) -> LazyFrame:
    """One row a bucket that touches the period, in order; sums of ``site_days`` inside the period.

    Without a period all days of the calendar are meant.
    Columns: bucket, clicks, impressions, sum_position, position, ctr, days (with data), bucket_days,
    partial (not every day of the bucket lies in the period and has data), provisional (a day after
    ``final_until`` counts). A bucket without any data has missing measures, not zeros.
    """
    bucket = BUCKETS[grain]
    within = nw.lit(True) if period is None else inside(period)
    days = calendar.select("date", nw.col(bucket).alias("bucket"), within.alias("in_period"))
    rows = site_days.select("date", "clicks", "impressions", "sum_position", nw.lit(1).alias("known"))
    joined = days.join(rows, on="date", how="left")
    counts = nw.col("in_period") & ~nw.col("known").is_null()
    late = nw.lit(False) if final_until is None else counts & (nw.col("date") > final_until)
    marked = joined.with_columns(
        nw.when(counts).then(1).otherwise(0).alias("days"),
        nw.lit(1).alias("bucket_days"),
        nw.when(nw.col("in_period")).then(1).otherwise(0).alias("asked"),
        nw.when(late).then(1).otherwise(0).alias("late_day"),
        *[nw.when(counts).then(nw.col(name)).otherwise(0).alias(name) for name in ("clicks", "impressions")],
        nw.when(counts).then(nw.col("sum_position")).alias("sum_position"),
    )
    return _by_bucket(marked)


def _by_bucket(days: LazyFrame) -> LazyFrame:
    counts = ("clicks", "impressions", "days", "asked", "bucket_days", "late_day")
    summed = days.group_by("bucket").agg(*[nw.col(name).sum() for name in counts], *position_sums())
    touched = summed.filter(nw.col("asked") > 0).with_columns(*whole(*counts))
    known = nw.col("days") > 0
    # One step, since every step costs the engine a check: a bucket without a day has no impressions, and so no rate.
    return touched.select(
        "bucket",
        *[nw.when(known).then(nw.col(name)).alias(name) for name in ("clicks", "impressions")],
        "days",
        "bucket_days",
        nw.when(known).then(nw.col("sum_position")).alias("sum_position"),
        position(),
        ctr(),
        (nw.col("days") < nw.col("bucket_days")).alias("partial"),
        (nw.col("late_day") > 0).alias("provisional"),
    ).sort("bucket")


def year_before(period: Period, grain: Grain) -> Period:
    """The period to compare with: the same months a year before, or 52 weeks back by day and week."""
    if grain != "month":
        back = dt.timedelta(days=DAYS_BACK)
        return Period(period.start - back, period.end - back)
    return Period(_same_day_last_year(period.start), _end_last_year(period.end))


def _same_day_last_year(day: dt.date) -> dt.date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _end_last_year(day: dt.date) -> dt.date:
    """The last day of a month stays the last one: 28 February 2025 is compared up to 29 February 2024."""
    following = day + dt.timedelta(days=1)
    if following.day == 1:
        return _same_day_last_year(following) - dt.timedelta(days=1)
    return _same_day_last_year(day)


def shifted(trend_before: LazyFrame, calendar: LazyFrame, grain: Grain) -> LazyFrame:
    """The earlier trend moved onto the current buckets, so that both share one axis.

    A month moves by 366 days and then to the first of that month: that is day 1 or 2 of the same month a
    year later in every year, and needs no arithmetic with months, which not all engines have.
    """
    if grain != "month":
        moved = nw.col("bucket").dt.offset_by(f"{DAYS_BACK}d").cast(nw.Date)
        return trend_before.with_columns(moved).sort("bucket")
    later = trend_before.with_columns(nw.col("bucket").dt.offset_by("366d").cast(nw.Date).alias("date"))
    months = with_month(later.drop("bucket"), calendar)
    return months.drop("date").rename({"month": "bucket"}).sort("bucket")
