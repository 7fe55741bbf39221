"""Trend frames for line charts: this period and the one it is compared with on one axis."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd

from portalkompass.answers.base.periods import comparison
from portalkompass.answers.base.question import Question
from portalkompass.metrics import trends
from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.selection import Period
from portalkompass.metrics.trends import Grain
from portalkompass.warehouse.engine import Tables

NOW = "Aktuell"
BEFORE = {"previous_year": "Vorjahr", "previous_period": "Zeitraum davor", "free": "Vergleichszeitraum"}


def trend(question: Question, period: Period, grain: Grain) -> pd.DataFrame:
    """The property's trend: bucket, clicks, impressions, position, ctr, days, partial, provisional."""
    final = question.data_date
    return question.ask_once(
        "trend",
        lambda t: trends.trend(
            _days(question, t, period, grain), t["calendar"], period, grain, final_until=final
        ),
        period,
        grain,
    )


def _days(question: Question, tables: Tables, period: Period, grain: Grain) -> LazyFrame:
    """The property's days in the period; by month from the sums by month, where there are some."""
    if grain == "month":
        return question.rows_by_month(tables, period)
    return question.rows(tables, "search_site_day")


def compared_trend(question: Question, grain: Grain) -> pd.DataFrame:
    """Both periods with the columns ``series`` and ``own_bucket``; the earlier one stands on the buckets of this one.

    A year back moves by the calendar; any other period is laid bucket by bucket on this one. The
    whole earlier period is drawn, as far as there are data: a chart shows what is cut, a sum hides it.
    """
    now = trend(question, question.now, grain).assign(series=NOW)
    now = now.assign(own_bucket=now["bucket"])
    compare = question.filters.compare
    period = comparison(question.now, compare, question.filters.compare_from, question.filters.compare_to)
    if period is None:
        return now
    if compare == "previous_year":
        period = trends.year_before(question.now, grain)
    before = _moved(question, period, grain, now["bucket"]).assign(series=BEFORE[compare])
    return pd.concat([now, before[before["days"] > 0]], ignore_index=True)


def _moved(question: Question, period: Period, grain: Grain, buckets: pd.Series[dt.datetime]) -> pd.DataFrame:
    yearly = question.filters.compare == "previous_year"

    def build(tables: Tables) -> LazyFrame:
        days, calendar = _days(question, tables, period, grain), tables["calendar"]
        earlier = trends.trend(days, calendar, period, grain).with_columns(
            nw.col("bucket").alias("own_bucket")
        )
        return trends.shifted(earlier, calendar, grain) if yearly else earlier

    before = question.ask_once("earlier trend", build, period, grain, yearly)
    if yearly:
        return before
    length = min(len(before), len(buckets))
    return before.head(length).assign(bucket=buckets.head(length).to_numpy())


def drawn(rows: pd.DataFrame, grain: Grain) -> Period | None:
    """The days of the earlier period that `compared_trend` gives rows of; None without any."""
    earlier = rows.loc[rows["series"] != NOW, "own_bucket"]
    if earlier.empty:
        return None
    offset = {"day": pd.DateOffset(), "week": pd.DateOffset(days=6), "month": pd.offsets.MonthEnd(0)}[grain]
    return Period(earlier.min().date(), (earlier.max() + offset).date())
