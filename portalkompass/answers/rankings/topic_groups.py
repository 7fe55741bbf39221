"""Groups of queries: with and without the city's name by month, and by the rules of the settings."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, wording
from portalkompass.answers.base.query_groups import (
    CITY_RULE,
    NO_CLICK,
    REST,
    by_rule,
    names_city,
    summed_by,
)
from portalkompass.answers.base.question import FEW_QUERIES, Question, field, measures
from portalkompass.answers.courses.lines import MONTH, line, partial_months
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.comparison import SMALL_BASE
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, LazyFrame
from portalkompass.metrics.queries import by_month
from portalkompass.warehouse.engine import Tables

NOTE = (
    "Themengruppen nach festgelegten Regeln; jede Suchanfrage zählt zur ersten Regel, die "
    "passt. Nur genannte Suchanfragen: Google verschweigt seltene."
)
LABELS = {True: "Mit Stadtnamen", False: "Ohne Stadtnamen"}


def brand_trend(question: Question) -> Exhibit | None:
    """Two lines over the months of the period; nothing without listed queries."""
    clicks = _clicks_by_name(question)
    if clicks.empty:
        return None
    rows = clicks.assign(
        bucket=clicks["month"],
        series=clicks["named"].map(LABELS),
        partial=partial_months(question, clicks["month"], "search_query_day"),
        provisional=_provisional(question, clicks["month"]),
    )
    total = rows["clicks"].sum()
    headline = NO_CLICK.format(period=question.period)
    if total:
        share = rows.loc[rows["series"] == LABELS[False], "clicks"].sum() / total
        headline = f"{german.percent(share, 0)} der Klicks mit genannter Suchanfrage kommen ohne Stadtnamen"
    return line(
        question,
        "brand_trend",
        rows,
        (MONTH, field(CLICKS), Field("series", "Marke")),
        headline=headline,
        subtitle=f"Klicks genannter Suchanfragen mit und ohne Stadtnamen je Monat · {question.period}",
        alt=f"Linien der Klicks mit und ohne Stadtnamen, {question.period}. {headline}.",
        series="series",
        notes=(CITY_RULE, "Google nennt seltene Suchanfragen nicht; ihre Klicks fehlen in beiden Linien."),
    )


def _clicks_by_name(question: Question) -> pd.DataFrame:
    """named, month, clicks of the listed queries that name the city, and of the others, in the order of both.

    Only the fewer queries of the two are looked for among all rows; the others have the rest.
    """

    def ask(sought: pd.DataFrame | None = None) -> pd.DataFrame:
        def build(tables: Tables) -> LazyFrame:
            rows = question.sums(tables, "search_query_day")
            if sought is not None:
                rows = rows.join(tables["sought"], on="query", how="inner")
            return by_month(rows, tables["calendar"])

        return question.warehouse.ask(build, **({} if sought is None else {"sought": sought}))

    queries = estimate_rows.named_queries(question)[["query"]]
    named = names_city(queries["query"], question.settings)
    fewer = bool(named.sum() * 2 < len(named))
    every, sought = ask(), queries[named == fewer]
    own = every.head(0) if sought.empty else ask(sought)
    counts = ["clicks", "rows"]
    rest = every.set_index("month")[counts].sub(own.set_index("month")[counts], fill_value=0)
    parts = [own.assign(named=fewer), rest.astype("int64").reset_index().assign(named=not fewer)]
    both = pd.concat([part[part["rows"] > 0] for part in parts], ignore_index=True)
    return both[["named", "month", "clicks"]].sort_values(["named", "month"], ignore_index=True)


def _provisional(question: Question, months: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Months that reach beyond the final days, where the period does so, too."""
    final = pd.Timestamp(question.data_date or question.now.end)
    return (months + pd.offsets.MonthEnd(0) > final) & (pd.Timestamp(question.now.end) > final)


def topic_groups(question: Question) -> Exhibit | None:
    """Clicks by group as bars, the rest last; nothing without rules or listed queries.

    A change is that of the whole group: what Google names no more counts before.
    """
    if not question.settings.query_topics:
        return None
    period, factor = question.period, question.factor("search_query_day")
    named = estimate_rows.compared_queries(question)
    if not (named["impressions"] > 0).any():
        return None
    groups = summed_by(named.assign(group=_groups(question, named["query"])), "group", factor)
    rows = groups.assign(last=groups["group"] == REST).sort_values(
        ["last", "clicks", "group"], ascending=[True, False, True]
    )
    clicks = german.count(int(rows["clicks"].sum()), "Klick", "Klicks")
    exposure = question.exposure("search_query_day")
    daily = exposure is not None and exposure.per_day
    headline = group_headline(rows[rows["group"] != REST], period, daily=daily)
    compared = f" · {CHANGE.label} {question.against}" if rows["change"].notna().any() else ""
    listed = wording.listed(rows["group"], rows["clicks"])
    return question.bars(
        "topic_groups",
        rows,
        (
            Field("group", "Themengruppe"),
            Field("queries", "Suchanfragen", "integer"),
            field(CLICKS),
            Field(
                "share",
                "Anteil an genannten",
                "percent",
                help="Anteil an den Klicks mit genannter Suchanfrage.",
            ),
            *measures(CHANGE, IMPRESSIONS, CTR, POSITION),
        ),
        headline=headline,
        subtitle=f"Klicks genannter Suchanfragen je Themengruppe · {period} · Nenner: {clicks}{compared}",
        alt=f"Balken der Klicks je Themengruppe, {period}: {listed}. {headline}.",
        x="clicks",
        notes=(NOTE, CHANGE.explained, *wording.same_days(exposure)),
        height=60 + 40 * len(rows),
    )


def _groups(question: Question, queries: pd.Series[str]) -> pd.Series[str]:
    """The group of each query (`by_rule`). Those of all traffic are kept: filters only choose among them."""
    settings, whole = question.settings, question.whole
    if len(queries) <= FEW_QUERIES:
        return by_rule(queries, settings)

    def make() -> pd.DataFrame:
        every = estimate_rows.compared_queries(whole)[["query"]]
        return every.assign(group=by_rule(every["query"], settings))

    rules = tuple((topic.name, topic.pattern) for topic in settings.query_topics)
    known = whole.frame_once("query groups", make, rules, *whole.periods)
    group = known.set_index("query")["group"].reindex(queries).set_axis(queries.index)
    return group.where(group.notna(), by_rule(queries[group.isna()], settings).reindex(queries.index))


def group_headline(ruled: pd.DataFrame, period: str, *, daily: bool = False) -> str:
    """What the groups of ``ruled`` (most clicks first, without the rest) say: who brings most, who grows most.

    ``daily`` says that changes are those of a day, because the numbers of days differ.
    """
    if ruled.empty:
        return "Keine Suchanfrage passt zu einer Themengruppe"
    first = ruled.iloc[0]
    if not first["clicks"] > 0:
        return f"Kein Klick mit Suchanfrage einer Themengruppe im Zeitraum {period}"
    start = (
        f"„{first['group']}“ bringt {german.percent(first['share'], 0)} der Klicks mit genannter Suchanfrage"
    )
    based = ruled["change"].notna() & (ruled["clicks_before"] >= SMALL_BASE)
    grown = ruled[based].sort_values(["change", "group"], ascending=[False, True])
    if grown.empty or round(grown.iloc[0]["change"], 2) <= 0:  # nobody is told to grow by "0 %"
        return start
    most = grown.iloc[0]
    growth = f"{'je Tag ' if daily else ''}{german.percent_change(most['change'], 0)}"
    return f"{start}; am stärksten wächst „{most['group']}“ ({growth})"
