"""Rows of whole months and of the days at the edges: the same sums from far fewer rows.

For measures that only add up over days of a period (most clicked queries, positions, bands by month): never
for weeks or single days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.selection import Period, inside_any

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parts:
    """How some periods are read: spans of whole months, and spans of days; each span both ends included."""

    months: tuple[Period, ...]
    days: tuple[Period, ...]


def parts(periods: Sequence[Period], first: dt.date, last: dt.date, cuts: Collection[dt.date] = ()) -> Parts:
    """Every month that no period cuts is read whole, of the others the days inside a period.

    ``cuts`` are days before which rows mean something else than from them on: they cut a month unless it begins there.

    ``first`` and ``last`` are the days that have data at all: a month is not cut by a period that begins or
    ends beyond them. Months outside every period are left out.
    """
    wide = [
        _clipped(period, first, last) for period in periods if period.start <= last and period.end >= first
    ]
    months = sorted({month for period in wide for month in _months(period)})
    cut_within = {day.replace(day=1) for day in cuts if day.day > 1}
    whole = [
        month
        for month in months
        if month not in cut_within and all(_inside_or_apart(month, period) for period in wide)
    ]
    cut = [month for month in months if month not in set(whole)]
    edges = (
        Period(max(period.start, month), min(period.end, _last_day(month)))
        for month in cut
        for period in wide
        if period.start <= _last_day(month) and period.end >= month
    )
    return Parts(_joined(Period(month, _last_day(month)) for month in whole), _joined(edges))


def summable(day_rows: LazyFrame, month_rows: LazyFrame, chosen: Parts, first: dt.date) -> LazyFrame:
    """The rows of ``chosen``: those of ``day_rows`` and, as rows of one day in it, those of ``month_rows``.

    Both of one property and search type. The day of a month is its first one, in the month of ``first`` the day
    ``first``: so it lies in every period that holds the month. Columns as ``day_rows``, without origin.
    """
    names = [name for name in month_rows.collect_schema().names() if name != "month"]
    days = day_rows.filter(inside_any(chosen.days)).select("date", *names) if chosen.days else None
    if not chosen.months:
        return days if days is not None else day_rows.head(0).select("date", *names)
    day = nw.when(nw.col("month") < first).then(nw.lit(first)).otherwise(nw.col("month")).cast(nw.Date)
    months = month_rows.filter(inside_any(chosen.months, "month")).with_columns(day.alias("date"))
    whole = months.select("date", *names)
    return whole if days is None else nw.concat([whole, days], how="vertical")


def _clipped(period: Period, first: dt.date, last: dt.date) -> Period:
    """The period, widened to whole months where it reaches to the first or the last day with data."""
    start = first.replace(day=1) if period.start <= first else period.start
    end = _last_day(last) if period.end >= last else period.end
    return Period(start, end)


def _inside_or_apart(month: dt.date, period: Period) -> bool:
    end = _last_day(month)
    return (period.start <= month and period.end >= end) or period.start > end or period.end < month


def _months(period: Period) -> Iterable[dt.date]:
    month = period.start.replace(day=1)
    while month <= period.end:
        yield month
        month = _last_day(month) + _DAY


def _last_day(day: dt.date) -> dt.date:
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - _DAY


def _joined(spans: Iterable[Period]) -> tuple[Period, ...]:
    """Spans that touch or overlap as one, in order."""
    joined: list[Period] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and span.start <= joined[-1].end + _DAY:
            joined[-1] = Period(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
