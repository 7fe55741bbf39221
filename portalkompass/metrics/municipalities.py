"""The same service in several municipalities: each measured on its own property, never added up."""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, position, sums
from portalkompass.metrics.selection import Period, within

_SUMMED = ("clicks", "impressions", "sum_position")


def service_by_site(
    page_days: LazyFrame, service_page: LazyFrame, period: Period, search_type: str = "web"
) -> LazyFrame:
    """site, clicks, impressions, position of one service: Σ over its pages × share; by site.

    ``page_days`` of all properties, ``service_page`` (url, share) of the service's pages in all of them. A
    property in which none of its pages was shown has no row: nothing is known of it, which is not 0.
    """
    rows = within(page_days.filter(nw.col("search_type") == search_type), period)
    linked = rows.join(service_page.select("url", "share"), on="url", how="inner")
    weighted = linked.with_columns(*[(nw.col(name) * nw.col("share")).alias(name) for name in _SUMMED])
    summed = weighted.group_by("site").agg(*sums()).filter(nw.col("impressions") > 0)
    return summed.with_columns(position()).drop("sum_position", "placed").sort("site")
