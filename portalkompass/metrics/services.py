"""Demand of services through the pages and queries that are linked to them.

``service_page`` has one row (site, url, service, share) a link, shares of one URL sum to at most 1;
``service_query`` has (site, query, service). Both are resolved beforehand; here they only equi-join.
"""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, change, position, sums, whole
from portalkompass.metrics.selection import Period, inside, within

_WEIGHTED = ("clicks", "impressions", "sum_position", "clicks_before", "impressions_before", "clicks_like")


def demand(pages: LazyFrame, service_page: LazyFrame) -> LazyFrame:
    """One row a service: Σ over its pages of clicks and impressions × share, position, change.

    ``pages`` are the sums of two periods by URL (`metrics.pages.compared`). Columns: service, clicks,
    impressions, clicks_before, impressions_before, pages, position, change. Sums are fractions where shares are.
    A service without a page that was shown has no row: nothing is known of its demand, which is not 0.
    """
    linked = pages.join(service_page.select("url", "service", "share"), on="url", how="inner")
    weighted = linked.with_columns(*[(nw.col(name) * nw.col("share")).alias(name) for name in _WEIGHTED])
    summed = weighted.group_by("service").agg(
        *[nw.col(name).sum() for name in _WEIGHTED], nw.col("placed").sum(), nw.len().alias("pages")
    )
    return summed.with_columns(*whole("pages"), position(), change("clicks_like", "clicks_before")).sort(
        "service"
    )


def trend(page_days: LazyFrame, service_page: LazyFrame, like: Period, before: Period) -> LazyFrame:
    """service, change: clicks of its pages × share in ``like`` against those in ``before``.

    A service without a page that was shown in either period has no row; missing without clicks before.
    """
    shown = page_days.filter(inside(like) | inside(before), nw.col("impressions") > 0)
    linked = shown.join(service_page.select("url", "service", "share"), on="url", how="inner")
    clicks = nw.col("clicks") * nw.col("share")
    split = linked.select(
        "service",
        nw.when(inside(like)).then(clicks).otherwise(0).alias("clicks_like"),
        nw.when(inside(before)).then(clicks).otherwise(0).alias("clicks_before"),
    )
    summed = split.group_by("service").agg(nw.col("clicks_like").sum(), nw.col("clicks_before").sum())
    return summed.select("service", change("clicks_like", "clicks_before")).sort("service")


def coverage(page_days: LazyFrame, page_mark: LazyFrame) -> LazyFrame:
    """mark, clicks, pages: how much of the page clicks carries a mark.

    ``page_mark`` has (url, mark) with mark leistung, ohne_status or keine_leistung; the rest comes as
    ``offen``.
    """
    pages = page_days.group_by("url").agg(nw.col("clicks").sum())
    marked = pages.join(page_mark.select("url", "mark"), on="url", how="left")
    filled = marked.with_columns(nw.col("mark").fill_null("offen"))
    summed = filled.group_by("mark").agg(nw.col("clicks").sum(), nw.len().alias("pages"))
    return summed.with_columns(*whole("clicks", "pages")).sort("mark")


def portal_starts(portal_views: LazyFrame, service_page: LazyFrame) -> LazyFrame:
    """service, unique_page_views, service_starts, applications: the portal's own counts × share.

    Missing where the portal gives no such count for any page of the service.
    """
    counts = ("unique_page_views", "service_starts", "applications")
    linked = portal_views.join(service_page.select("url", "service", "share"), on="url", how="inner")
    weighted = linked.with_columns(
        *[(nw.col(name) * nw.col("share")).alias(name) for name in counts],
        *[nw.when(nw.col(name).is_null()).then(0).otherwise(1).alias(f"{name}_known") for name in counts],
    )
    summed = weighted.group_by("service").agg(
        *[nw.col(name).sum() for name in counts], *[nw.col(f"{name}_known").sum() for name in counts]
    )
    return summed.select(
        "service", *[nw.when(nw.col(f"{name}_known") > 0).then(nw.col(name)).alias(name) for name in counts]
    ).sort("service")


def cases(portal_pages: LazyFrame, service_page: LazyFrame, period: Period) -> LazyFrame:
    """service, cases_total, digital_applications: cases over all channels, and the applications among them.

    Only rows of whole portal periods inside ``period`` that know both; a service without such a row is absent.
    """
    whole = portal_pages.filter(nw.col("period_start") >= period.start, nw.col("period_end") <= period.end)
    known = whole.filter(~nw.col("cases_total").is_null(), ~nw.col("applications").is_null())
    linked = known.join(service_page.select("url", "service", "share"), on="url", how="inner")
    weighted = linked.with_columns(
        (nw.col("cases_total") * nw.col("share")).alias("cases_total"),
        (nw.col("applications") * nw.col("share")).alias("digital_applications"),
    )
    return weighted.group_by("service").agg(nw.col("cases_total").sum(), nw.col("digital_applications").sum())


def monthly_demand(
    page_days: LazyFrame, service_page: LazyFrame, calendar: LazyFrame, period: Period
) -> LazyFrame:
    """service, month, clicks, impressions: Σ over the service's pages × share, months of ``period`` in order.

    A month in which none of its pages was shown has no row.
    """
    months = within(page_days, period).join(calendar.select("date", "month"), on="date", how="inner")
    pages = months.group_by("url", "month").agg(*sums(keep_position=False))
    linked = pages.join(service_page.select("url", "service", "share"), on="url", how="inner")
    weighted = linked.with_columns(
        *[(nw.col(name) * nw.col("share")).alias(name) for name in ("clicks", "impressions")]
    )
    summed = weighted.group_by("service", "month").agg(*sums(keep_position=False))
    return summed.sort("service", "month")
