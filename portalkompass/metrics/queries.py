"""Queries: what people look for, where two pages share a query, where no fitting page answers, what is not mapped.

Only queries that Google lists; query rows are never summed for a headline.
"""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, ctr, position, ratio, sums, whole
from portalkompass.metrics.selection import with_month, with_week

STRONGEST = 3_000
"""Queries that estimates and comparisons of pages look at: the rest has too few impressions to say anything."""


def strongest(query_rows: LazyFrame, amount: int = STRONGEST) -> LazyFrame:
    """query of the ``amount`` listed queries with most impressions (ties by query).

    What is worked out query by query outside the engine starts from these: a property with years of data lists
    a hundred thousand and more, most of which were seen a few times.
    """
    listed = query_rows.filter(nw.col("query") != "").group_by("query").agg(nw.col("impressions").sum())
    return listed.sort("impressions", "query", descending=[True, False]).head(amount).select("query")


def by_week(query_days: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """query, week (its Monday), clicks, impressions, position; by query, then week. Weeks without a row are missing."""
    weeks = with_week(query_days, calendar)
    summed = weeks.group_by("query", "week").agg(*sums()).with_columns(*whole())
    return (
        summed.with_columns(position())
        .select("query", "week", "clicks", "impressions", "position")
        .sort("query", "week")
    )


def page_queries(page_query_days: LazyFrame) -> LazyFrame:
    """url, query, clicks, impressions, position, ctr: listed queries of pages (byPage), unsorted."""
    listed = page_query_days.filter(nw.col("query") != "")
    summed = listed.group_by("url", "query").agg(*sums())
    return summed.with_columns(*whole(), position(), ctr())


def by_month(query_rows: LazyFrame, calendar: LazyFrame) -> LazyFrame:
    """month, clicks, rows of listed queries with impressions, in order; what some lack of all is the others'."""
    listed = query_rows.filter(nw.col("query") != "", nw.col("impressions") > 0)
    summed = (
        with_month(listed, calendar).group_by("month").agg(nw.col("clicks").sum(), nw.len().alias("rows"))
    )
    return summed.with_columns(*whole("clicks", "rows")).sort("month")


def shown(query_days: LazyFrame) -> LazyFrame:
    """query, shown, shown_clicks, shown_position of listed queries by the property's own count (byProperty).

    Google counts a result page once here, however many of our pages stand on it; rows by page count each of them.
    So no sum over pages may stand for the number of searches.
    """
    listed = query_days.filter(nw.col("query") != "")
    summed = listed.group_by("query").agg(*sums()).with_columns(*whole(), position())
    names = {"impressions": "shown", "clicks": "shown_clicks", "position": "shown_position"}
    return summed.select("query", *[nw.col(name).alias(new) for name, new in names.items()])


def _not_below(amount: nw.Expr, least: nw.Expr | float = 0) -> nw.Expr:
    bound = least if isinstance(least, nw.Expr) else nw.lit(least)
    return nw.when(amount < bound).then(bound).otherwise(amount)


def contested(page_query_days: LazyFrame, query_days: LazyFrame, fitting: LazyFrame) -> LazyFrame:
    """query, url, rival, clicks, impressions, rival_impressions, shown, contested, contested_share.

    Queries for which Google shows two pages in turn. ``url`` is the page with most impressions of the query,
    ``rival`` the one with most after it; only pages of ``fitting`` (url) are looked at. ``contested`` is how often the
    rival can have stood there alone at most: its impressions, but no more than those of the query (``shown``,
    byProperty) without the first page's; two pages on one result page do not stand in each other's way. The share is
    its part of ``shown``. Ties are broken by URL; a query without a row of its own is left out.
    """
    pairs = page_queries(page_query_days.join(fitting.select("url"), on="url", how="semi"))
    fewer = pairs.with_columns((nw.lit(0) - nw.col("impressions")).alias("falling"), nw.lit(1).alias("one"))
    ranked = fewer.with_columns(
        nw.col("one").cum_sum().over("query", order_by=["falling", "url"]).alias("place")
    )
    first = ranked.filter(nw.col("place") == 1).select("query", "url", "clicks", "impressions", "position")
    second = ranked.filter(nw.col("place") == 2).select(  # noqa: PLR2004
        "query",
        nw.col("url").alias("rival"),
        nw.col("clicks").alias("rival_clicks"),
        nw.col("impressions").alias("rival_impressions"),
        nw.col("position").alias("rival_position"),
    )
    both = first.join(second, on="query", how="inner").join(shown(query_days), on="query", how="inner")
    alone = _not_below(nw.col("shown") - nw.col("impressions"))
    less = nw.when(alone < nw.col("rival_impressions")).then(alone).otherwise(nw.col("rival_impressions"))
    bounded = both.with_columns(less.alias("contested")).drop("shown_clicks", "shown_position")
    return bounded.with_columns(ratio("contested", "shown", "contested_share"))


def by_fit(page_query_days: LazyFrame, query_days: LazyFrame, fitting: LazyFrame) -> LazyFrame:
    """query, clicks, impressions, position, fitting_impressions, unfit_share, most impressions first.

    Clicks, impressions and position are the property's own for the query; ``fitting`` (url) are the pages that can
    answer one at all, fitting_impressions those of the most shown of them. unfit_share is the part of the impressions
    in which no fitting page can have been shown: at most that, since there may be further ones.
    """
    rows = page_query_days.filter(nw.col("query") != "")
    fit = rows.join(fitting.select("url"), on="url", how="semi").group_by("url", "query")
    best = (
        fit.agg(nw.col("impressions").sum())
        .group_by("query")
        .agg(nw.col("impressions").max().alias("fitting_impressions"))
    )
    led = rows.select("query").unique()
    asked = shown(query_days).join(led, on="query", how="semi").join(best, on="query", how="left")
    names = {"shown": "impressions", "shown_clicks": "clicks", "shown_position": "position"}
    filled = asked.rename(names).with_columns(nw.col("fitting_impressions").fill_null(0))
    missed = _not_below(nw.col("impressions") - nw.col("fitting_impressions"))
    shared = filled.with_columns(missed.alias("missed")).with_columns(
        ratio("missed", "impressions", "unfit_share")
    )
    return (
        shared.with_columns(*whole("clicks", "impressions", "fitting_impressions"))
        .drop("missed")
        .sort("impressions", "query", descending=[True, False])
    )


def missed_pairs(
    page_query_days: LazyFrame, query_days: LazyFrame, service_query: LazyFrame, service_page: LazyFrame
) -> LazyFrame:
    """service, query, url, clicks, impressions, position, shown, own_impressions: one row a query and page it led to.

    Only queries that Google lists. Rows of a page that is mapped to the service (with any share) are met
    demand and left out; a query that is linked to two services counts for each. ``shown`` are the query's impressions
    by the property's own count, where that is not loaded the largest of any page; ``own_impressions`` those of the
    service's most shown page, 0 without one. What the service lacked is at most the difference of the two.
    """
    # Before they are summed: few queries are linked, and years of rows need not be grouped for the others. The sums are
    # read once: an engine would work them out anew for each join with themselves, so windows tell the largest.
    asked = service_query.select("query")
    pairs = page_query_days.join(asked, on="query", how="semi").group_by("url", "query").agg(*sums())
    linked = pairs.with_columns(*whole()).join(
        service_query.select("query", "service"), on="query", how="inner"
    )
    pages = service_page.select("url", "service").with_columns(nw.lit(1).alias("own"))
    judged = linked.join(pages, on=["url", "service"], how="left")
    own = nw.when(~nw.col("own").is_null()).then(nw.col("impressions")).otherwise(0)
    largest = judged.with_columns(own.alias("own_impressions")).with_columns(
        nw.col("own_impressions").max().over("service", "query"),
        nw.col("impressions").max().over("query").alias("largest"),
    )
    missed = largest.filter(nw.col("own").is_null()).with_columns(position())
    known_shown = shown(query_days.join(asked, on="query", how="semi")).select("query", "shown")
    bounded = missed.join(known_shown, on="query", how="left").with_columns(
        nw.when(nw.col("shown").is_null()).then(nw.col("largest")).otherwise(nw.col("shown")).alias("shown")
    )
    names = ("service", "query", "url", "clicks", "impressions", "position", "shown", "own_impressions")
    return (
        bounded.select(*names)
        .with_columns(*whole("shown", "own_impressions"))
        .sort("service", "query", "url")
    )


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
