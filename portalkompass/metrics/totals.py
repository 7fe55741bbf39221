"""Headline figures of a property: from ``search_site_day`` (byProperty) only."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, ctr, position, ratio, sums, whole
from portalkompass.metrics.selection import Period, inside


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


def hidden_click_shares(site_days: LazyFrame, query_days: LazyFrame, periods: Sequence[Period]) -> LazyFrame:
    """One row: `hidden_click_share` of each period as hidden_click_share_0, …_1, in the order of ``periods``.

    Rows of the same property on both sides, which may reach beyond the periods.
    """
    places = range(len(periods))
    total = site_days.select(*_inside(periods, "clicks")).select(
        *[nw.col(f"clicks_{place}").sum() for place in places], nw.lit(1).alias("one")
    )
    # Counted as well: an engine may sum no row to 0, which would call every click hidden.
    listed = query_days.with_columns(nw.lit(1).alias("rows")).select(
        *_inside(periods, "clicks", "listed"), *_inside(periods, "rows")
    )
    summed = listed.select(
        *[nw.col(f"{name}_{place}").sum() for name in ("listed", "rows") for place in places],
        nw.lit(1).alias("one"),
    )
    both = total.join(summed, on="one", how="left")
    hidden = both.with_columns(
        *[
            nw.when(nw.col(f"rows_{place}") > 0)
            .then(nw.col(f"clicks_{place}") - nw.col(f"listed_{place}"))
            .alias(f"hidden_{place}")
            for place in places
        ]
    )
    return hidden.select(
        *[ratio(f"hidden_{place}", f"clicks_{place}", f"hidden_click_share_{place}") for place in places]
    )


def _inside(periods: Sequence[Period], column: str, name: str = "") -> list[nw.Expr]:
    """The column once for each period, 0 outside of it."""
    return [
        nw.when(inside(period)).then(nw.col(column)).otherwise(0).alias(f"{name or column}_{place}")
        for place, period in enumerate(periods)
    ]


def query_rows_by_month(query_days: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """month, listed_clicks: what of a month's clicks Google ties to a query."""
    months = query_days.join(calendar.select("date", "month"), on="date", how="inner")
    summed = months.group_by("month").agg(nw.col("clicks").sum().alias("listed_clicks"))
    return summed.with_columns(*whole("listed_clicks"))
