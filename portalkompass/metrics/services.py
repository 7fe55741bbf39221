"""Demand of services through the pages that are linked to them, at home and in several municipalities.

``service_page`` has one row (site, url, service, share) a link, shares of one URL sum to at most 1;
``service_query`` has (site, query, service). Both are resolved beforehand; here they only equi-join.
"""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, change, known_sums, position, sums, whole
from portalkompass.metrics.selection import Period, inside, with_month, within

_WEIGHTED = ("clicks", "impressions", "sum_position", "clicks_before", "impressions_before", "clicks_like")


def demand(pages: LazyFrame, service_page: LazyFrame, factor: float | None = 1.0) -> LazyFrame:
    """One row a service: Σ over its pages of clicks and impressions × share, position, change.

    ``pages`` are the sums of two periods by URL, ``factor`` as there (`metrics.pages.compared`). Columns:
    service, clicks, impressions, clicks_before, impressions_before, pages, position, change. Sums are fractions where
    shares are. A service without a page that was shown has no row: nothing is known of its demand, which is not 0.
    """
    summed = (
        _linked(pages, service_page, *_WEIGHTED)
        .group_by("service")
        .agg(*[nw.col(name).sum() for name in _WEIGHTED], nw.col("placed").sum(), nw.len().alias("pages"))
    )
    changed = change("clicks_like", "clicks_before", factor=factor)
    return summed.with_columns(*whole("pages"), position(), changed).sort("service")


def _linked(rows: LazyFrame, service_page: LazyFrame, *names: str) -> LazyFrame:
    """The rows (url) of linked pages with their service; the columns of those ``names`` × share."""
    pages = service_page.select("url", "service", "share")
    return rows.join(pages, on="url", how="inner").with_columns(*_weighted(*names))


def _weighted(*names: str) -> list[nw.Expr]:
    return [(nw.col(name) * nw.col("share")).alias(name) for name in names]


def daily_clicks(page_days: LazyFrame, service_page: LazyFrame, like: Period, before: Period) -> LazyFrame:
    """service, date, clicks: clicks of its pages × share on each day of both periods.

    A day on which none of its pages was shown has no row.
    """
    shown = page_days.filter(inside(like) | inside(before), nw.col("impressions") > 0)
    daily = shown.group_by("url", "date").agg(nw.col("clicks").sum())
    linked = _linked(daily, service_page, "clicks")
    return linked.group_by("service", "date").agg(nw.col("clicks").sum()).sort("service", "date")


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
    """service, unique_page_views, service_starts: the portal's own counts × share.

    Missing where the portal gives no such count for any page of the service.
    """
    counts = ("unique_page_views", "service_starts")
    return known_sums(_linked(portal_views, service_page, *counts), "service", *counts).sort("service")


def application_counts(portal_pages: LazyFrame) -> LazyFrame:
    """url, period_start, period_end, service_starts, applications, cases_total of rows that know applications.

    Counts of people as the portal gives them: `answers.services.small_counts` says what may be told of them.
    """
    counted = portal_pages.filter(~nw.col("applications").is_null())
    return counted.select(
        *("url", "period_start", "period_end", "service_starts", "applications", "cases_total")
    ).sort("url", "period_start", "period_end")


def monthly_demand(
    page_days: LazyFrame, service_page: LazyFrame, calendar: LazyFrame, period: Period
) -> LazyFrame:
    """service, month, clicks, impressions: Σ over the service's pages × share, months of ``period`` in order.

    A month in which none of its pages was shown has no row.
    """
    months = with_month(within(page_days, period), calendar)
    pages = months.group_by("url", "month").agg(*sums(keep_position=False))
    linked = _linked(pages, service_page, "clicks", "impressions")
    summed = linked.group_by("service", "month").agg(*sums(keep_position=False))
    return summed.sort("service", "month")


def service_by_site(
    page_days: LazyFrame, service_page: LazyFrame, period: Period, search_type: str = "web"
) -> LazyFrame:
    """site, clicks, impressions, position of one service: Σ over its pages × share; by site.

    ``page_days`` of all properties, ``service_page`` (url, share) of the service's pages in all of them. A
    property in which none of its pages was shown has no row: nothing is known of it, which is not 0.
    """
    rows = within(page_days.filter(nw.col("search_type") == search_type), period)
    linked = rows.join(service_page.select("url", "share"), on="url", how="inner")
    weighted = linked.with_columns(*_weighted("clicks", "impressions", "sum_position"))
    summed = weighted.group_by("site").agg(*sums()).filter(nw.col("impressions") > 0)
    return summed.with_columns(position()).drop("sum_position", "placed").sort("site")


def service_pages_by_month(
    page_days: LazyFrame,
    service_page: LazyFrame,
    calendar: LazyFrame,
    period: Period,
    search_type: str = "web",
) -> LazyFrame:
    """site, url, share, month, clicks, impressions of one service's pages, by property, page and month of ``period``.

    Tables as in `service_by_site`; clicks are those of the whole page. A month in which a page was not shown has
    no row.
    """
    rows = within(page_days.filter(nw.col("search_type") == search_type), period)
    linked = rows.join(service_page.select("url", "share"), on="url", how="inner")
    summed = (
        with_month(linked, calendar).group_by("site", "url", "share", "month").agg(*sums(keep_position=False))
    )
    return summed.filter(nw.col("impressions") > 0).sort("site", "url", "month")
