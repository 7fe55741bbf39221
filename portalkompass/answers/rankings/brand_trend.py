"""Clicks of queries with and without the city's name, month by month."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.query_groups import CITY_RULE, city_words
from portalkompass.answers.base.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import queries
from portalkompass.metrics.measures import CLICKS, LazyFrame
from portalkompass.warehouse.engine import Tables

LABELS = {True: "Mit Stadtnamen", False: "Ohne Stadtnamen"}


def brand_trend(question: Question) -> tuple[Exhibit, ...]:
    """Two lines over the months of the period; nothing without listed queries."""

    def build(tables: Tables) -> LazyFrame:
        rows = question.sums(tables, "search_query_day")
        return queries.by_word(rows, tables["calendar"], city_words(question.settings))

    found = question.warehouse.ask(build)
    if found.empty:
        return ()
    rows = found.assign(series=found["named"].map(LABELS))[["series", "month", "clicks"]]
    whole = pd.Timestamp(question.data_date or question.now.end)
    ends = rows["month"] + pd.offsets.MonthEnd(0)
    partial = (ends > pd.Timestamp(question.now.end)) | (ends > whole)
    partial |= rows["month"] < pd.Timestamp(question.now.start)
    provisional = (ends > whole) & (pd.Timestamp(question.now.end) > whole)
    total = rows["clicks"].sum()
    share = rows.loc[rows["series"] == LABELS[False], "clicks"].sum() / total if total else None
    period = german.period(question.now.start, question.now.end)
    headline = f"{german.percent(share, 0)} der Klicks mit genannter Suchanfrage kommen ohne Stadtnamen"
    exhibit = question.exhibit(
        "brand_trend",
        "line",
        rows.assign(bucket=rows["month"], partial=partial, provisional=provisional)[
            ["bucket", "clicks", "series", "partial", "provisional"]
        ],
        (
            Field("bucket", "Monat", "month"),
            field(CLICKS),
            Field("series", "Marke"),
            Field("partial", "Unvollständig", "bool"),
            Field("provisional", "Vorläufig", "bool"),
        ),
        headline=headline,
        subtitle=f"Klicks genannter Suchanfragen mit und ohne Stadtnamen je Monat · {period}",
        alt=f"Linien der Klicks mit und ohne Stadtnamen, {period}. {headline}.",
        x="bucket",
        y="clicks",
        series="series",
        notes=(CITY_RULE, "Google nennt seltene Suchanfragen nicht; ihre Klicks fehlen in beiden Linien."),
    )
    return (exhibit,)
