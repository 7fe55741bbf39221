"""Headline figures of a property: from ``search_site_day`` (byProperty) only."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, ctr, position, sums, whole
from portalkompass.metrics.selection import Period, inside, with_month


def totals(site_days: LazyFrame) -> LazyFrame:
    """One row: days with data, clicks, impressions, sum_position, position, ctr.

    Without rows the sums are 0 or missing (by engine) and ``days`` is 0: ask for ``days`` first.
    """
    summed = site_days.select(nw.len().alias("days"), *sums())
    return summed.with_columns(*whole(), position(), ctr())


def by_day(rows: LazyFrame, days: LazyFrame) -> LazyFrame:
    """date, clicks, impressions, sum_position: one row for each of ``days`` (date), in no order.

    A day without a row of ``rows`` has 0 clicks and impressions and no position: on it nothing of what is looked at
    was shown.
    """
    counted = days.select("date").join(by_keys(rows), on="date", how="left")
    filled = [nw.col(name).fill_null(0).alias(name) for name in ("clicks", "impressions")]
    return counted.with_columns(*filled).with_columns(*whole())


def by_keys(rows: LazyFrame, *keys: str) -> LazyFrame:
    """date, ``keys``, clicks, impressions, sum_position: one row for each day and key, in no order.

    Sums of the result are those of ``rows``; the position is missing where no row has one.
    """
    summed = rows.group_by("date", *keys).agg(*sums())
    placed = nw.when(nw.col("placed") > 0).then(nw.col("sum_position")).alias("sum_position")
    return summed.with_columns(placed, *whole()).drop("placed")


def hidden_click_shares(site_days: LazyFrame, query_days: LazyFrame, periods: Sequence[Period]) -> LazyFrame:
    """One row: the hidden share of each period as hidden_click_share_0, …_1, in the order of ``periods``.

    Rows of the same property and the same days on both sides, which may reach beyond the periods. Without any query
    row the grain is not loaded: the share is unknown, not 100 %. A period without clicks has no share either.
    """
    places = range(len(periods))
    total = site_days.select(*_inside(periods, "clicks")).select(
        *[nw.col(f"clicks_{place}").sum() for place in places], nw.lit(1).alias("one")
    )
    # Counted as well: an engine may sum no row to 0, which would call every click hidden. By day first: periods tell
    # few days apart faster than all rows.
    listed_days = query_days.group_by("date").agg(nw.col("clicks").sum(), nw.len().alias("rows"))
    rows = listed_days.with_columns(*whole("clicks", "rows")).select(
        *_inside(periods, "clicks", "listed"), *_inside(periods, "rows")
    )
    summed = rows.select(
        *[nw.col(f"{name}_{place}").sum() for name in ("listed", "rows") for place in places],
        nw.lit(1).alias("one"),
    )
    listed = [
        nw.when(nw.col(f"rows_{place}") > 0).then(nw.col(f"listed_{place}")).alias(f"listed_{place}")
        for place in places
    ]
    return (
        total.join(summed, on="one", how="left")
        .with_columns(*listed)
        .select(
            *[
                _hidden(f"clicks_{place}", f"listed_{place}", f"hidden_click_share_{place}")
                for place in places
            ]
        )
    )


def on_days_of(rows: LazyFrame, others: LazyFrame) -> LazyFrame:
    """The rows of those days that the other grain knows as well; both of one property and search type."""
    known = others.group_by("date").agg(nw.len().alias("rows"))
    return rows.join(known.select("date"), on="date", how="semi")


def _hidden(total: str, listed: str, name: str = "hidden_click_share") -> nw.Expr:
    """(total − listed) / total: the part of the clicks that no query row explains."""
    clicks = nw.col(total)
    return nw.when(clicks != 0).then((clicks - nw.col(listed)) / clicks).alias(name)


def _inside(periods: Sequence[Period], column: str, name: str = "") -> list[nw.Expr]:
    """The column once for each period, 0 outside of it."""
    return [
        nw.when(inside(period)).then(nw.col(column)).otherwise(0).alias(f"{name or column}_{place}")
        for place, period in enumerate(periods)
    ]


def hidden_click_share_by_month(
    site_days: LazyFrame, query_days: LazyFrame, calendar: LazyFrame
) -> LazyFrame:
    """month, clicks, listed_clicks, hidden_click_share of the months in which queries are listed, in order."""
    total, listed = (
        with_month(rows, calendar).group_by("month").agg(nw.col("clicks").sum().alias(name))
        for rows, name in ((site_days, "clicks"), (query_days, "listed_clicks"))
    )
    both = total.join(listed, on="month", how="inner").with_columns(*whole("clicks", "listed_clicks"))
    return both.with_columns(_hidden("clicks", "listed_clicks")).sort("month")
