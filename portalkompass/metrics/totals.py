"""Headline figures of a property: from ``search_site_day`` (byProperty) only."""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, ctr, position, ratio, sums, whole


def totals(site_days: LazyFrame) -> LazyFrame:
    """One row: days with data, clicks, impressions, sum_position, position, ctr.

    Without rows the sums are 0 or missing (by engine) and ``days`` is 0: ask for ``days`` first.
    """
    summed = site_days.select(nw.len().alias("days"), *sums())
    return summed.with_columns(*whole(), position(), ctr())


def hidden_click_share(site_days: LazyFrame, query_days: LazyFrame) -> LazyFrame:
    """One row: clicks, listed_clicks, hidden_click_share = (total − Σ query rows) / total.

    Rows of the same property and period on both sides. Without any query row the grain is not loaded: the
    share is unknown, not 100 %. A property without clicks has no share either.
    """
    total = site_days.select(nw.col("clicks").sum().cast(nw.Int64), nw.lit(1).alias("one"))
    listed = query_days.select(
        nw.col("clicks").sum().cast(nw.Int64).alias("listed"), nw.len().alias("rows"), nw.lit(1).alias("one")
    )
    both = total.join(listed, on="one", how="left")
    known = both.with_columns(nw.when(nw.col("rows") > 0).then(nw.col("listed")).alias("listed_clicks"))
    hidden = known.with_columns((nw.col("clicks") - nw.col("listed_clicks")).alias("hidden_clicks"))
    share = hidden.with_columns(ratio("hidden_clicks", "clicks", "hidden_click_share"))
    return share.select("clicks", "listed_clicks", "hidden_click_share")


def query_rows_by_month(query_days: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """month, listed_clicks: what of a month's clicks Google ties to a query."""
    months = query_days.join(calendar.select("date", "month"), on="date", how="inner")
    summed = months.group_by("month").agg(nw.col("clicks").sum().alias("listed_clicks"))
    return summed.with_columns(*whole("listed_clicks"))
