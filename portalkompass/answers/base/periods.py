"""Periods: the default one, the one to compare with, and how they are called in German."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Compare, Filters
from portalkompass.metrics.selection import Period
from portalkompass.metrics.trends import DAYS_BACK, year_before
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

_DAY = dt.timedelta(days=1)
SPANS_NAMED = 3
"""Spans that are named one by one; of more their days are counted."""


def default_filters(
    warehouse: Warehouse, settings: Settings, site: str = "", as_of: dt.date | None = None
) -> Filters:
    """The last 12 full months up to the data date of the main property, by month, against the year before.

    The main property is the configured one if it has data, else the first that has any. Without any data
    the period ends with the month before the current day. Where only exports of the user interface know pages and
    queries, it is the period of the newest of them. ``site`` is another property; with the list as of an earlier day
    the months end before that day, too.
    """
    site = site or main_site(warehouse, settings)
    last = warehouse.data_date(site) or settings.current_day()
    usual = last_full_months(min(last, as_of) if as_of else last)
    start, end = warehouse.window(site) or usual
    return Filters(site=site, start=start, end=end, as_of=as_of)


def main_site(warehouse: Warehouse, settings: Settings) -> str:
    """The configured property if it has data (or nothing has), else the one with the most clicks."""
    sites, configured = warehouse.sites(), settings.search_console.site
    return configured if configured in sites or not sites else sites[0]


def last_full_months(data_date: dt.date, months: int = 12) -> tuple[dt.date, dt.date]:
    """First and last day of the last full months; a month is full when its last day has data."""
    end = (data_date + _DAY).replace(day=1) - _DAY
    return months_before(end.replace(day=1), months - 1), end


def months_before(first: dt.date, months: int) -> dt.date:
    """First day of the month that lies so many months before the month of ``first``."""
    index = first.year * 12 + first.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def month_of(day: dt.date) -> Period:
    """The whole month that the day lies in."""
    first = day.replace(day=1)
    return Period(first, months_before(first, -1) - _DAY)


def whole_months(period: Period) -> int:
    """How many whole months a period is; 0 when it begins or ends within a month."""
    if period.start.day != 1 or (period.end + _DAY).day != 1:
        return 0
    after = period.end + _DAY
    return (after.year - period.start.year) * 12 + after.month - period.start.month


def months_within(period: Period, data_date: dt.date | None) -> list[pd.Timestamp]:
    """First days of the months that lie in the period with every day, up to the last final one."""
    last = min(period.end, data_date or period.end)
    firsts = pd.date_range(period.start, last, freq="MS")
    return [first for first in firsts if (first + pd.offsets.MonthEnd(0)).date() <= last]


def comparison(
    period: Period, compare: Compare, since: dt.date | None = None, until: dt.date | None = None
) -> Period | None:
    """The period to compare with; None where nothing is to be compared.

    Whole months are compared with whole months: the same ones a year before, or as many just before.
    Anything else is compared by days: 364 days back, so that weekdays match, or as many days just before.
    A free comparison begins on ``since`` and ends on ``until``; without an end it is as long as the period. Sums of
    unequal lengths are compared per day with data (`metrics.comparison`). A period is never compared with itself.
    """
    if compare == "none" or (compare == "free" and since is None):
        return None
    months = whole_months(period)
    if compare == "free" and since is not None:
        other = _as_long(since, period, months) if until is None else Period(since, max(since, until))
        return None if other == period else other
    if compare == "previous_year":
        return year_before(period, "month" if months else "day")
    end = period.start - _DAY
    if months:
        return Period(months_before(period.start, months), end)
    return Period(end - (period.end - period.start), end)


def _as_long(since: dt.date, period: Period, months: int) -> Period:
    """As many whole months where both begin with one, else as many days."""
    if months and since.day == 1:
        return Period(since, months_before(since, -months) - _DAY)
    return Period(since, since + (period.end - period.start))


def comparable(
    now: Period,
    compare: Compare,
    first: dt.date | None,
    last: dt.date | None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> tuple[Period, Period] | None:
    """The part of ``now`` that can be compared fairly, and what it is compared with.

    Where the archive (first … last day with final data) does not hold the whole comparison, both sides are
    cut to the same days: whole months stay whole months. None where nothing is left or asked for. The
    period just before and a free one are not cut: parts of them would be another question.
    """
    asked = comparison(now, compare, since, until)
    if asked is None or first is None or last is None:
        return None
    if asked.start >= first and max(now.end, asked.end) <= last:
        return now, asked
    if compare != "previous_year":
        return None
    like = _held_twice(now, first, last)
    if like.start > like.end:
        return None
    before = comparison(like, compare)
    return None if before is None else (like, before)


def _held_twice(now: Period, first: dt.date, last: dt.date) -> Period:
    """The days of ``now`` that have data this year and last year."""
    if not whole_months(now):
        return Period(max(now.start, first + dt.timedelta(days=DAYS_BACK)), min(now.end, last))
    whole = first if first.day == 1 else months_before(first, -1)
    return Period(max(now.start, months_before(whole, -12)), last_full_months(min(now.end, last))[1])


def length(period: Period) -> int:
    """Days of a period."""
    return (period.end - period.start).days + 1


def compared_with(compare: Compare) -> str:
    """How the comparison is called after „als“."""
    if compare == "free":
        return "im Vergleichszeitraum"
    return "im Vorjahreszeitraum" if compare == "previous_year" else "im Zeitraum davor"


def without_gaps(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The days of the periods as spans without a gap, in order."""
    spans: list[Period] = []
    for period in sorted(periods, key=lambda one: (one.start, one.end)):
        if spans and period.start <= spans[-1].end + _DAY:
            spans[-1] = Period(spans[-1].start, max(spans[-1].end, period.end))
        else:
            spans.append(period)
    return tuple(spans)


def spans_in_words(spans: Sequence[Period], say: Callable[[dt.date, dt.date], str] = german.period) -> str:
    """Spans in order by name (Juli und November 2025), many of them by their days; "" for none."""
    if not spans:
        return ""
    if len(spans) > SPANS_NAMED:
        days, first, last = sum(map(length, spans)), spans[0].start, spans[-1].end
        every = german.number(length(Period(first, last)))
        return f"{german.number(days)} von {every} Tagen, {say(first, last)}"
    texts = [say(span.start, span.end) for span in spans]
    year = f" {spans[-1].end.year}"  # said once, behind the last of them
    return german.listing([*(text.removesuffix(year) for text in texts[:-1]), texts[-1]])


def base_periods(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows (period_start, period_end …) with ``first`` and ``last``: the days of the base period they belong to.

    By base periods it is decided which counts are hidden: calendar months, or a row's own period that crosses months.
    """
    start, end = pd.to_datetime(rows["period_start"]), pd.to_datetime(rows["period_end"])
    month = start.dt.to_period("M")
    crosses = month != end.dt.to_period("M")
    return rows.assign(
        first=start.where(crosses, month.dt.start_time),
        last=end.where(crosses, month.dt.end_time.dt.normalize()),
    )
