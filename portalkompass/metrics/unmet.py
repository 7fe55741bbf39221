"""What linked queries bring to pages that are not mapped to their service."""

from __future__ import annotations

from portalkompass.metrics.measures import LazyFrame, position, sums, whole


def missed_pairs(page_query_days: LazyFrame, service_query: LazyFrame, service_page: LazyFrame) -> LazyFrame:
    """service, query, url, clicks, impressions, position: one row a query and page it led to instead.

    Only queries that Google lists. Rows of a page that is mapped to the service (with any share) are met
    demand and left out; a query that is linked to two services counts for each.
    """
    # Before they are summed: few queries are linked, and years of rows need not be grouped for the others.
    asked = page_query_days.join(service_query.select("query"), on="query", how="semi")
    pairs = asked.group_by("url", "query").agg(*sums()).with_columns(*whole())
    linked = pairs.join(service_query.select("query", "service"), on="query", how="inner")
    missed = linked.join(service_page.select("url", "service"), on=["url", "service"], how="anti")
    return (
        missed.with_columns(position())
        .select("service", "query", "url", "clicks", "impressions", "position")
        .sort("service", "query", "url")
    )
