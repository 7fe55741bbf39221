"""Which rows of a search table a question is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included."""

    start: dt.date
    end: dt.date


def of_site(rows: LazyFrame, site: str, search_type: str = "web") -> LazyFrame:
    """Rows of one property and search type; the two are never summed over."""
    return rows.filter(nw.col("site") == site, nw.col("search_type") == search_type)


def moved(rows: LazyFrame, page_moves: LazyFrame, day: str) -> LazyFrame:
    """The rows with ``url`` as it is today: rows of an old address count as the new one's before the day of its move.

    ``page_moves`` (url, new_url, moved_on) has one row an old address, chains followed; ``day`` is the column with the
    row's last day. Columns as before; a page may then have several rows of one day.
    """
    known = rows.join(page_moves, on="url", how="left")
    went = ~nw.col("new_url").is_null() & (nw.col(day) < nw.col("moved_on"))
    return known.with_columns(
        nw.when(went).then(nw.col("new_url")).otherwise(nw.col("url")).alias("url")
    ).drop("new_url", "moved_on")


def whole_periods(portal_pages: LazyFrame, period: Period) -> LazyFrame:
    """Rows of the portal's own periods that lie in ``period`` with every day: others are not divided."""
    return portal_pages.filter(nw.col("period_start") >= period.start, nw.col("period_end") <= period.end)


def with_month(rows: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """The rows with ``month``, the first day of the calendar month of their ``date``."""
    return rows.join(calendar.select("date", "month"), on="date", how="inner")


def with_week(rows: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """The rows with ``week``, the Monday of the calendar week of their ``date``."""
    return rows.join(calendar.select("date", nw.col("iso_week_start").alias("week")), on="date", how="inner")


def within(rows: LazyFrame, period: Period, column: str = "date") -> LazyFrame:
    """Rows of the period's days."""
    return rows.filter(nw.col(column) >= period.start, nw.col(column) <= period.end)


def inside(period: Period, column: str = "date") -> nw.Expr:
    """Whether a row's day lies in the period."""
    return (nw.col(column) >= period.start) & (nw.col(column) <= period.end)


def inside_any(periods: Sequence[Period], column: str = "date") -> nw.Expr:
    """Whether a row's day lies in one of the periods, of which there is at least one."""
    return reduce(or_, (inside(period, column) for period in periods))
