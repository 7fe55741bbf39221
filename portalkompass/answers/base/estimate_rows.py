"""Rows that the estimates start from: monthly cells of queries, weekly panels of pages and query groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable

import narwhals as nw
import pandas as pd

from portalkompass.answers.base.grains import PAGE_QUERY, QUERY
from portalkompass.answers.base.link_rows import links_state, service_map
from portalkompass.answers.base.page_rows import labels
from portalkompass.answers.base.query_groups import names_city
from portalkompass.answers.base.question import Question
from portalkompass.estimates.ctr_curve import Curve, fit
from portalkompass.estimates.panels import panel
from portalkompass.estimates.potential import recent_since
from portalkompass.metrics import cells
from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.pages import compared
from portalkompass.metrics.queries import STRONGEST, strongest
from portalkompass.metrics.selection import within
from portalkompass.schema import STAFF_PAGES
from portalkompass.warehouse.engine import Tables

FITTING_KINDS = ("Leistung", "Organisationseinheit")


def query_months(question: Question, *keys: str) -> pd.DataFrame:
    """Monthly cells of the strongest listed queries in the period; with ``url`` among the keys by page.

    In the order of keys and month.
    """
    table = "search_page_query_day" if "url" in keys else "search_query_day"

    def make() -> pd.DataFrame:
        return of_strongest(
            question, table, lambda rows, t: cells.monthly(rows, t["calendar"], *keys).sort(*keys, "month")
        )

    return question.frame_once("query months", make, *keys, question.now)


def own_count(question: Question, tables: Tables) -> LazyFrame:
    """The property's own count of its queries in the period, of the days that tell their pages, too.

    What a query had beyond the rows of one page is a difference of two grains (`of_strongest` with ``other``).
    """
    return question.sums_of_both(tables, QUERY, PAGE_QUERY)


def same_days(question: Question) -> bool:
    """Whether queries, and queries by page, are known of the same days of the period."""
    pairs = ((QUERY, PAGE_QUERY), (PAGE_QUERY, QUERY))
    return all(question.has_every_day(table, other, [question.now]) for table, other in pairs)


def of_strongest(
    question: Question,
    table: str,
    build: Callable[[LazyFrame, Tables], LazyFrame],
    other: str = "",
    **frames: pd.DataFrame,
) -> pd.DataFrame:
    """What ``build`` makes of the period's rows of the strongest queries, for sums only (`Question.sums`).

    With ``other`` only of the days that this grain knows, too.
    """
    strong = strongest_queries(question)
    many = len(strong) == STRONGEST
    # The strongest are among the chosen queries: these, often far more, need not be looked for besides.
    every = question.of(question.scope.without_queries) if many else question

    def of_rows(tables: Tables) -> LazyFrame:
        rows = every.sums_of_both(tables, table, other or table)
        if many:
            return build(rows.join(tables["strongest"], on="query", how="semi"), tables)
        return build(rows.filter(nw.col("query") != ""), tables)

    return question.warehouse.ask(of_rows, **frames, **({"strongest": strong} if many else {}))


def strongest_queries(question: Question) -> pd.DataFrame:
    """query: the strongest listed queries of the period (`metrics.queries.strongest`).

    Ranked by the query grain, which is far shorter than that of pages and queries; by the latter where only that
    was loaded.
    """

    def ranked(table: str) -> pd.DataFrame:
        return question.warehouse.ask(lambda t: strongest(question.sums(t, table)))

    def make() -> pd.DataFrame:
        by_query = question.scope.by_query
        listed = strongest_sums(question)[["query"]] if by_query else ranked("search_query_day")
        return listed if len(listed) else ranked("search_page_query_day")

    return question.once("strongest queries", make, question.now)


def curve(question: Question, months: pd.DataFrame) -> Curve | None:
    """The site's curve from its queries that do not name the city."""
    return fit(months[~names_city(months["query"], question.settings)])


def recent_curve(question: Question, months: pd.DataFrame) -> tuple[pd.Timestamp, Curve | None]:
    """The month from which the curve is fitted, and the curve: from the newest months where they suffice for one.

    Old places and old ways of counting do not bend it (`estimates.potential.recent_since`).
    """
    since = recent_since(months, changes(question))
    recent = curve(question, months[months["month"] >= since])
    return (since, recent) if recent else (pd.Timestamp(months["month"].min()), curve(question, months))


def changes(question: Question) -> list[dt.date]:
    """Days of the period on which Google began or ceased to count otherwise."""
    now = question.now
    events = [event for event in question.events(now.start, now.end) if event.kind == "google"]
    days = (day for event in events for day in (event.date, event.end_date) if day)
    return [day for day in days if now.start <= day <= now.end]


def usual_curve(question: Question) -> Curve | None:
    """The same curve, for who needs nothing else of the monthly cells."""

    def make() -> Curve | None:
        months = query_months(question, "query")
        return None if months.empty else recent_curve(question, months)[1]

    return question.once("curve", make, question.now, *state(question))


def state(question: Question) -> tuple[Hashable, ...]:
    """What says how estimates come out, beside snapshot and period: links, Google's changes, settings."""
    settings = question.settings
    own = (settings.city.name, settings.city.also_called, question.least_impressions)
    return (*links_state(question), *changes(question), *own)


def compared_pages(question: Question) -> pd.DataFrame:
    """Sums of both periods of every page that was shown (`metrics.pages.compared`)."""
    periods, factor = question.periods, question.factor("search_page_day")
    return question.ask_once(
        "compared pages",
        lambda t: compared(question.sums(t, "search_page_day", *periods), "url", *periods, factor),
        *periods,
    )


def compared_queries(question: Question) -> pd.DataFrame:
    """Sums of both periods of every query that Google names (`metrics.pages.compared`), most clicks first.

    Several exhibits show them, so they are made once. What a query has does not depend on which others are asked for:
    where queries are chosen, they are taken from the rows of all of them, where these come from the same grain.
    """
    periods, factor = question.periods, question.factor("search_query_day")
    every = question.of(question.scope.without_queries)
    if every.source(QUERY) != question.source(QUERY):
        every = question

    def build(tables: Tables) -> LazyFrame:
        named = every.sums(tables, "search_query_day", *periods).filter(nw.col("query") != "")
        rows = compared(named, "query", *periods, factor)
        ordered = rows.sort("clicks", "impressions", "query", descending=[True, True, False])
        return ordered.drop("sum_position_before", "sum_position_like")

    rows = every.frame_once("compared queries", lambda: every.warehouse.ask(build), *periods)
    return question.among(rows).reset_index(drop=True) if question.scope.by_query else rows


def named_queries(question: Question) -> pd.DataFrame:
    """Those of `compared_queries` that were shown in the period."""
    rows = compared_queries(question)
    return rows[rows["impressions"] > 0].reset_index(drop=True)


def strongest_sums(question: Question) -> pd.DataFrame:
    """query, clicks, impressions, sum_position in the period of the strongest listed queries (`strongest_queries`)."""
    rows = named_queries(question)[["query", "clicks", "impressions", "sum_position", "position"]]
    least = rows["impressions"].nlargest(STRONGEST).min()
    ordered: pd.DataFrame = rows[rows["impressions"] >= least].sort_values(
        ["impressions", "query"], ascending=[False, True], ignore_index=True
    )
    # Where nothing has a position (Discover), a sum of none is no place either.
    placed = ordered["sum_position"].where(ordered["position"].notna())
    strong: pd.DataFrame = ordered.assign(sum_position=placed).drop(columns="position").head(STRONGEST)
    return strong


def whole_weeks(question: Question, table: str) -> pd.Series[pd.Timestamp]:
    """Mondays of the weeks up to the end of the period of which every day has data, in order.

    Data of the property and of this grain: a week of which the pages were not loaded is not one without clicks.
    """
    until = question.history
    if until is None:
        return pd.Series(dtype="datetime64[us]")
    weeks = question.ask_once(
        "whole weeks",
        lambda t: cells.whole_weeks(within(question.rows(t, "search_site_day"), until), t["calendar"]),
        until,
    )
    held = days_by_week(question.days_with_data(table))
    return weeks.loc[weeks["week"].isin(held.index[held == cells.WEEK_DAYS]), "week"]


def days_by_week(days: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """How many of the days lie in each week, by its Monday."""
    return (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).value_counts()


def page_clicks(question: Question) -> pd.Series[int]:
    """Clicks of each page in the archive up to the end of the period, by url."""
    until = question.history
    if until is None:
        return pd.Series(dtype="int64")
    rows = question.warehouse.ask(
        lambda t: (
            within(question.rows(t, "search_page_day"), until).group_by("url").agg(nw.col("clicks").sum())
        )
    )
    return rows.set_index("url")["clicks"]


def page_weeks(question: Question, only: pd.Index[str] | None = None) -> pd.DataFrame:
    """Panel of all whole final weeks of the archive up to the end of the period × pages (``only`` these)."""
    return _weeks(question, "search_page_day", "url", only)


def query_weeks(question: Question) -> pd.DataFrame:
    """The same × the strongest listed queries of the period."""
    return _weeks(question, "search_query_day", "query")


def _weeks(question: Question, table: str, key: str, only: pd.Index[str] | None = None) -> pd.DataFrame:
    until = question.history
    if until is None:
        return pd.DataFrame()
    weeks = whole_weeks(question, table)

    def build(tables: Tables) -> LazyFrame:
        rows = within(question.rows(tables, table), until)
        if key == "query":
            rows = rows.join(tables["strongest"], on="query", how="semi")
        if only is not None:
            rows = rows.join(tables["only"], on=key, how="semi")
        return cells.weekly(rows, tables["calendar"], key)

    frames = {} if only is None else {"only": pd.DataFrame({key: only.astype("str")})}
    if key == "query":
        frames["strongest"] = strongest_queries(question).astype("str")
    return panel(question.warehouse.ask(build, **frames), key, weeks)


def titles(question: Question) -> pd.DataFrame:
    """url, title, page_kind, label of every page of the property, by url; labels are unique."""

    def make() -> pd.DataFrame:
        rows = question.warehouse.ask(
            lambda t: question.own(t, "pages").select("url", "title", "page_kind").sort("url")
        )
        # An address that a page had before bears the same title; the page itself is called by it alone.
        old = rows["url"].isin(list(question.moves))
        told = labels(rows[~old]).reindex(rows.index)
        return rows.assign(label=told.where(~old, rows["title"] + " (" + rows["url"] + ")").astype("str"))

    return question.once("titles", make)


def page_labels(question: Question) -> pd.Series[str]:
    """The label of every page of the property, by url."""
    return titles(question).set_index("url")["label"]


def fitting_pages(question: Question) -> pd.DataFrame:
    """url of the pages that can answer a query: mapped to a service, or a page of a service or office."""
    pages = titles(question)
    mapped = set(service_map(question).service_page["url"])
    fits = pages["page_kind"].isin(FITTING_KINDS) | pages["url"].isin(mapped)
    return pages.loc[fits & (pages["url"] != STAFF_PAGES), ["url"]].astype("str").reset_index(drop=True)
