"""Pages, devices and countries: two periods side by side, most clicked, changed, new and vanished.

Page rows are byPage and never summed for a headline; rows of devices and countries are byProperty.
"""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import (
    LazyFrame,
    change,
    ctr,
    known_sums,
    position,
    position_sums,
    ratio,
    whole,
)
from portalkompass.metrics.selection import Period, inside, whole_periods

_COUNTS = ("clicks", "impressions")


def compared(
    rows: LazyFrame,
    key: str,
    now: Period,
    before: Period | None = None,
    like: Period | None = None,
    factor: float | None = 1.0,
) -> LazyFrame:
    """One row a ``key``: the sums of both periods side by side (…_before), positions, rates and change.

    ``like`` is the part of ``now`` that ``before`` is compared with (all of it unless given): its counts, position and
    rate stand in ``clicks_like``, ``impressions_like``, …. A key without rows in a period has 0 clicks there and no
    position. Without a period to compare with, the earlier sums are 0 and the change is missing. The earlier clicks
    are multiplied with ``factor`` for the change, so that both stand for as many days
    (`metrics.comparison.Exposure.factor`); None: sums are not comparable, and the change is missing.
    """
    same = inside(like or now)
    split = rows.with_columns(
        *_split(now, ""),
        *_split(before, "_before"),
        *_split_where(same, "_like"),
    )
    summed = split.group_by(key).agg(
        *[nw.col(f"{name}{suffix}").sum() for suffix in ("", "_before") for name in _COUNTS],
        *position_sums(),
        *position_sums("_before"),
        *position_sums("_like"),
        *[nw.col(f"{name}_like").sum() for name in _COUNTS],
    )
    seen = summed.filter((nw.col("impressions") > 0) | (nw.col("impressions_before") > 0))
    return seen.with_columns(
        *whole(*(f"{name}{suffix}" for suffix in ("", "_before", "_like") for name in _COUNTS)),
        position(),
        ctr(),
        position("_before"),
        ctr("_before"),
        position("_like"),
        ctr("_like"),
        change("clicks_like", "clicks_before", factor=factor),
    )


def placed_in_both(rows: LazyFrame, key: str, now: Period, before: Period) -> LazyFrame:
    """key, impressions, position, impressions_before, position_before: what `compared` has of them, and no more.

    One row a ``key`` shown in one of the periods; unsorted. Twelve sums of millions of rows take much longer than four.
    """
    names = ("impressions", "sum_position")
    split = rows.filter(inside(now) | inside(before)).with_columns(
        *[
            nw.when(inside(period)).then(nw.col(name)).alias(f"{name}{suffix}")
            for period, suffix in ((now, ""), (before, "_before"))
            for name in names
        ]
    )
    summed = split.group_by(key).agg(
        nw.col("impressions").sum(),
        nw.col("impressions_before").sum(),
        *position_sums(),
        *position_sums("_before"),
    )
    known = [nw.col(name).fill_null(0).alias(name) for name in ("impressions", "impressions_before")]
    seen = summed.with_columns(*known).filter(
        (nw.col("impressions") > 0) | (nw.col("impressions_before") > 0)
    )
    return seen.with_columns(
        *whole("impressions", "impressions_before"), position(), position("_before")
    ).select(key, "impressions", "position", "impressions_before", "position_before")


def _split(period: Period | None, suffix: str) -> list[nw.Expr]:
    """The columns of one period; outside of it counts are 0 and positions missing."""
    return _split_where(nw.lit(False) if period is None else inside(period), suffix)


def _split_where(within: nw.Expr, suffix: str) -> list[nw.Expr]:
    counts = [nw.when(within).then(nw.col(name)).otherwise(0).alias(f"{name}{suffix}") for name in _COUNTS]
    return [*counts, nw.when(within).then(nw.col("sum_position")).alias(f"sum_position{suffix}")]


def top_pages(
    page_days: LazyFrame,
    pages: LazyFrame,
    now: Period,
    before: Period | None = None,
    like: Period | None = None,
    factor: float | None = 1.0,
) -> LazyFrame:
    """Pages by clicks of ``now`` (ties by URL) with title, kind, share and cumulative share of all clicks.

    Vanished pages (shown only before) stand at the end with 0 clicks. Columns beside those of `compared`:
    title, page_kind, share, cumulative_share, new, vanished. ``new`` and ``vanished`` mean shown by Google
    in one of ``like`` and ``before`` only; without a period to compare with neither is true.
    """
    rows = compared(page_days, "url", now, before, like, factor)
    titled = rows.join(pages.select("url", "title", "page_kind"), on="url", how="left")
    ordered = titled.with_columns(
        nw.col("clicks").sum().alias("all_clicks"), (nw.lit(0) - nw.col("clicks")).alias("falling")
    )
    # Ties are broken by URL, so that two runs and two engines agree.
    running = ordered.with_columns(nw.col("clicks").cum_sum().over(order_by=["falling", "url"]).alias("upto"))
    comparing = nw.lit(before is not None)
    return (
        running.with_columns(
            ratio("clicks", "all_clicks", "share"),
            ratio("upto", "all_clicks", "cumulative_share"),
            (comparing & (nw.col("impressions_before") == 0) & (nw.col("impressions_like") > 0)).alias("new"),
            (comparing & (nw.col("impressions_before") > 0) & (nw.col("impressions_like") == 0)).alias(
                "vanished"
            ),
        )
        .sort("falling", "url")
        .drop("falling", "upto", "all_clicks")
    )


def shown_spans(rows: LazyFrame, key: str = "url") -> LazyFrame:
    """``key``, first, last, impressions: the first and the last day on which Google showed each page; unsorted."""
    shown = rows.filter(nw.col("impressions") > 0)
    spans = shown.group_by(key).agg(
        nw.col("date").min().alias("first"),
        nw.col("date").max().alias("last"),
        nw.col("impressions").sum(),
    )
    return spans.with_columns(*whole("impressions"))


def segments(
    segment_days: LazyFrame,
    by: str,
    now: Period,
    before: Period | None = None,
    like: Period | None = None,
    factor: float | None = 1.0,
) -> LazyFrame:
    """One row a device or country (``by``), most clicks first, with the share of all clicks; see `compared`."""
    rows = compared(segment_days, by, now, before, like, factor)
    total = rows.with_columns(nw.col("clicks").sum().alias("all_clicks"))
    shared = total.with_columns(ratio("clicks", "all_clicks", "share")).drop("all_clicks")
    return shared.sort("clicks", by, descending=[True, False])


def portal_views(portal_pages: LazyFrame, period: Period) -> LazyFrame:
    """url, unique_page_views, page_views, service_starts of portal periods inside ``period``.

    Stands beside Google's figures and is never added to them. A portal period that reaches over the edge
    of ``period`` is left out, not divided; a count that no row of a page has stays missing. Applications are not
    among them: they are counts of people (`metrics.services.application_counts`).
    """
    counts = ("unique_page_views", "page_views", "service_starts")
    summed = known_sums(whole_periods(portal_pages, period), "url", *counts)
    return summed.with_columns(*whole(*counts))
