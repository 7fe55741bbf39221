"""Trend frames for line charts: this period and the one it is compared with on one axis."""

from __future__ import annotations

import datetime as dt

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
    final, days = question.data_date, "search_site_day"
    return question.ask_once(
        "trend",
        lambda t: trends.trend(question.rows(t, days), t["calendar"], period, grain, final_until=final),
        period,
        grain,
    )


def compared_trend(question: Question, grain: Grain) -> pd.DataFrame:
    """Both periods with the column ``series``; the earlier one stands on the buckets of this one.

    A year back moves by the calendar; any other period is laid bucket by bucket on this one. The
    whole earlier period is drawn, as far as there are data: a chart shows what is cut, a sum hides it.
    """
    now = trend(question, question.now, grain).assign(series=NOW)
    compare = question.filters.compare
    period = comparison(question.now, compare, question.filters.compare_from)
    if period is None:
        return now
    if compare == "previous_year":
        period = trends.year_before(question.now, grain)
    before = _moved(question, period, grain, now["bucket"]).assign(series=BEFORE[compare])
    return pd.concat([now, before[before["days"] > 0]], ignore_index=True)


def _moved(question: Question, period: Period, grain: Grain, buckets: pd.Series[dt.datetime]) -> pd.DataFrame:
    yearly = question.filters.compare == "previous_year"

    def build(tables: Tables) -> LazyFrame:
        days, calendar = question.rows(tables, "search_site_day"), tables["calendar"]
        earlier = trends.trend(days, calendar, period, grain)
        return trends.shifted(earlier, calendar, grain) if yearly else earlier

    before = question.ask_once("earlier trend", build, period, grain, yearly)
    if yearly:
        return before
    length = min(len(before), len(buckets))
    return before.head(length).assign(bucket=buckets.head(length).to_numpy())


def last_whole(frame: pd.DataFrame) -> pd.Series[float] | None:
    """The newest bucket of this period that is neither partial nor without data."""
    own = frame[frame["series"] == NOW] if "series" in frame else frame
    whole = own[~own["partial"] & (own["days"] > 0)]
    return None if whole.empty else whole.iloc[-1]


def counterpart(frame: pd.DataFrame, row: pd.Series[float]) -> pd.Series[float] | None:
    """The bucket that ``row`` is compared with, if it has as much data."""
    same = frame[(frame["bucket"] == row["bucket"]) & (frame["series"] != NOW) & ~frame["partial"]]
    return None if same.empty else same.iloc[0]
