"""Demand of services in a period: Google clicks, unmet impressions and the portal's counts, side by side."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from portalkompass.answers.base import estimate_rows, service_list
from portalkompass.answers.base.grains import PAGE_QUERY, QUERY
from portalkompass.answers.base.link_rows import links_state, query_map, service_map
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.funnel_rows import portal_rows
from portalkompass.estimates.unmet import unmet
from portalkompass.metrics import services
from portalkompass.metrics.queries import missed_pairs
from portalkompass.warehouse.engine import of_frames

COUNTS = ("unique_page_views", "service_starts")


def demand_rows(question: Question) -> pd.DataFrame:
    """One row a service of the list and one a service that the city added: ``service`` and its demand.

    Columns beside the list's own: clicks, impressions, clicks_like, clicks_before, change, position, pages,
    unmet_impressions, unmet_clicks, unmet_queries, unique_page_views, service_starts. Missing means
    unknown: no linked page was shown, no query is linked, the portal has no such count. Made once; whoever gets the
    rows only reads them.
    """
    return question.once("demand", lambda: _demand_rows(question), *_depends_on(question))


def _depends_on(question: Question) -> tuple[Hashable, ...]:
    """What demand comes from besides the question's filters."""
    city = question.settings.city
    return (
        *question.periods,
        *links_state(question),
        *estimate_rows.changes(question),
        city.municipality,
        city.name,
        city.also_called,
    )


def _demand_rows(question: Question) -> pd.DataFrame:
    listed = service_list.services(question.warehouse, question.settings)
    extra = service_map(question).extra.rename(columns={"service_id": "service"})
    added = extra[~extra["service"].isin(listed["service"])].assign(list=service_list.WITHOUT_STATUS)
    rows = pd.concat([listed, added], ignore_index=True) if len(added) else listed
    portal = portal_rows(question)[["service", *COUNTS]]
    for part in (click_rows(question), _unmet(question), portal):
        rows = rows.merge(part, on="service", how="left")
    asked = rows["service"].isin(service_map(question).asked) & has_page_queries(question)
    for name in ("unmet_impressions", "unmet_clicks", "unmet_queries"):
        rows[name] = rows[name].where(rows[name].notna() | ~asked, 0.0)
    return rows


def has_page_queries(question: Question) -> bool:
    """Whether the period has rows of the finest grain at all; without them unmet demand is unknown."""
    grain = "search_page_query_day"
    first = question.ask_once(
        "page queries", lambda t: question.rows_now(t, grain).select("date").head(1), question.now
    )
    return not first.empty


def click_rows(question: Question) -> pd.DataFrame:
    """Google clicks and impressions of the services' pages: one row a service with a page that was shown."""
    factor = question.factor("search_page_day")
    rows = of_frames(
        lambda t: services.demand(t["shown_pages"], t["service_page"], factor),
        shown_pages=estimate_rows.compared_pages(question),
        service_page=service_map(question).service_page,
    )
    return rows.drop(columns=["sum_position"])


def unmet_pairs(question: Question) -> pd.DataFrame:
    """service, query, url, clicks, impressions, position: pairs judged by this site's own click curve.

    Of the days that tell both the pages of queries and the property's own count; where these are less than half of
    those that tell the former, of the former by themselves, which bounds the query's impressions by its largest page.
    """
    grains = (PAGE_QUERY, QUERY) if _told_by_both(question) else (PAGE_QUERY, PAGE_QUERY)
    pairs = question.warehouse.ask(
        lambda t: missed_pairs(
            question.sums_of_both(t, *grains),
            estimate_rows.own_count(question, t) if QUERY in grains else question.rows(t, QUERY).head(0),
            t["service_query"],
            t["service_page"],
        ),
        service_query=query_map(question).service_query,
        service_page=service_map(question).service_page,
    )
    return pairs if pairs.empty else pairs[unmet(pairs, estimate_rows.usual_curve(question))]


def _told_by_both(question: Question) -> bool:
    both = question.covered(PAGE_QUERY, question.now, QUERY)
    return both > 0 and 2 * both >= question.covered(PAGE_QUERY, question.now)


def unmet_by_query(question: Question) -> pd.DataFrame:
    """service, query, url, clicks, page_impressions, shown, own_impressions, unmet: one row a service and query.

    ``url`` is the page that was shown most instead, page_impressions its own; clicks those on all such pages.
    ``unmet`` are the impressions that the service can have lacked at most: those of such pages, but no more than the
    query had without the service's own page (several pages on one result page are one search). Made once; whoever
    gets the rows only reads them.
    """
    return question.once("unmet", lambda: _unmet_by_query(question), *_depends_on(question))


def _unmet_by_query(question: Question) -> pd.DataFrame:
    pairs = unmet_pairs(question).sort_values(["impressions", "url"], ascending=[False, True])
    rows = pairs.groupby(["service", "query"], as_index=False).agg(
        url=("url", "first"),
        clicks=("clicks", "sum"),
        page_impressions=("impressions", "first"),
        page_position=("position", "first"),
        listed=("impressions", "sum"),
        shown=("shown", "first"),
        own_impressions=("own_impressions", "first"),
    )
    without = (rows["shown"] - rows["own_impressions"]).clip(lower=0)
    unmet_rows = rows.assign(unmet=rows["listed"].clip(upper=without)).drop(columns="listed")
    return unmet_rows[unmet_rows["unmet"] > 0].reset_index(drop=True)


def _unmet(question: Question) -> pd.DataFrame:
    """service, unmet_clicks, unmet_impressions, unmet_queries: sums of `unmet_by_query`."""
    return (
        unmet_by_query(question)
        .groupby("service", as_index=False)
        .agg(
            unmet_clicks=("clicks", "sum"),
            unmet_impressions=("unmet", "sum"),
            unmet_queries=("query", "nunique"),
        )
    )
