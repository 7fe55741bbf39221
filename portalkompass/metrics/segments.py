"""Devices and countries of a property (byProperty)."""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, ratio
from portalkompass.metrics.pages import compared
from portalkompass.metrics.selection import Period


def segments(
    segment_days: LazyFrame,
    by: str,
    now: Period,
    before: Period | None = None,
    like: Period | None = None,
) -> LazyFrame:
    """One row a device or country (``by``), most clicks first, with the share of all clicks."""
    rows = compared(segment_days, by, now, before, like)
    total = rows.with_columns(nw.col("clicks").sum().alias("all_clicks"))
    shared = total.with_columns(ratio("clicks", "all_clicks", "share")).drop("all_clicks")
    return shared.sort("clicks", by, descending=[True, False])
