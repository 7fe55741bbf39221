"""What the map between pages, queries and services does not cover yet."""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, whole


def open_queries(
    page_query_days: LazyFrame, query_mark: LazyFrame, page_mark: LazyFrame, at_least: int
) -> LazyFrame:
    """query, clicks, impressions of queries without a link of their own, where they reach no service's page.

    Only rows of pages that belong to no service count (unmapped, or marked *keine Leistung*): what lands on
    a service's page is demand of that service already. Queries with fewer than ``at_least`` such
    impressions are left out; the empty query of folded pages, too. Most impressions first, ties by query.
    """
    listed = page_query_days.filter(nw.col("query") != "")
    served = page_mark.filter(nw.col("mark") != "keine_leistung").select("url")
    lost = listed.join(served, on="url", how="anti").join(query_mark.select("query"), on="query", how="anti")
    summed = lost.group_by("query").agg(nw.col("clicks").sum(), nw.col("impressions").sum())
    seen = summed.filter(nw.col("impressions") >= at_least).with_columns(*whole())
    return seen.sort("impressions", "query", descending=[True, False])


def queries_of_pages(page_query_days: LazyFrame, pages: LazyFrame) -> LazyFrame:
    """url, query, impressions of the ``pages`` (column url); most impressions first within a page."""
    rows = page_query_days.filter(nw.col("query") != "").join(pages.select("url"), on="url", how="inner")
    summed = rows.group_by("url", "query").agg(nw.col("impressions").sum())
    return summed.with_columns(*whole("impressions")).sort(
        "url", "impressions", "query", descending=[False, True, False]
    )
