"""Clicks of queries with and without the city's name, month by month."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.lines import MONTH, line, partial_months
from portalkompass.answers.base.query_groups import CITY_RULE, city_pattern
from portalkompass.answers.base.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import queries
from portalkompass.metrics.measures import CLICKS, LazyFrame
from portalkompass.warehouse.engine import Tables

LABELS = {True: "Mit Stadtnamen", False: "Ohne Stadtnamen"}


def brand_trend(question: Question) -> Exhibit | None:
    """Two lines over the months of the period; nothing without listed queries."""

    def build(tables: Tables) -> LazyFrame:
        rows = question.sums(tables, "search_query_day")
        return queries.by_word(rows, tables["calendar"], city_pattern(question.settings))

    by_month = question.warehouse.ask(build)
    if by_month.empty:
        return None
    rows = by_month.assign(
        bucket=by_month["month"],
        series=by_month["named"].map(LABELS),
        partial=partial_months(question, by_month["month"]),
        provisional=_provisional(question, by_month["month"]),
    )
    total = rows["clicks"].sum()
    share = rows.loc[rows["series"] == LABELS[False], "clicks"].sum() / total if total else None
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


def _provisional(question: Question, months: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Months that reach beyond the final days, where the period does so, too."""
    final = pd.Timestamp(question.data_date or question.now.end)
    return (months + pd.offsets.MonthEnd(0) > final) & (pd.Timestamp(question.now.end) > final)
