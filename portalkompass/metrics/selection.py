"""Which rows of a search table a question is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

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


def within(rows: LazyFrame, period: Period, column: str = "date") -> LazyFrame:
    """Rows of the period's days."""
    return rows.filter(nw.col(column) >= period.start, nw.col(column) <= period.end)


def inside(period: Period, column: str = "date") -> nw.Expr:
    """Whether a row's day lies in the period."""
    return (nw.col(column) >= period.start) & (nw.col(column) <= period.end)
