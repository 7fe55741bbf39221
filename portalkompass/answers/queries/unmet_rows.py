"""Ungedeckter Bedarf: topics that many look for and for which Google shows no fitting page of ours."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows
from portalkompass.answers.base.query_groups import by_topic
from portalkompass.answers.base.question import Question, measures
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, IMPRESSIONS, POSITION
from portalkompass.metrics.queries import by_fit

ROWS_SHOWN = 30
HALF = 0.5
FIRST_PAGE_END = 10.0
NOTE = (
    "Suchanfragen, bei denen Google überwiegend eine Seite zeigt, die keine Leistungs- oder Ämterseite ist und keiner "
    "Leistung zugeordnet, und das im Mittel hinter Platz 10. Wird nie zur Nachfrage einer Leistung addiert."
)


def unmet_queries(question: Question) -> pd.DataFrame:
    """query, clicks, impressions, position, unfit_share; most impressions first."""
    rows = estimate_rows.of_strongest(
        question,
        "search_page_query_day",
        lambda rows, t: by_fit(rows, t["fitting"]),
        fitting=estimate_rows.fitting_pages(question),
    )
    least = question.least_impressions
    unmet = rows[
        (rows["impressions"] >= least) & (rows["unfit_share"] > HALF) & (rows["position"] > FIRST_PAGE_END)
    ]
    return unmet.reset_index(drop=True)


def unmet_exhibit(question: Question) -> Exhibit | None:
    """The topics without a fitting page; nothing when every query has one."""
    queries = unmet_queries(question)
    if queries.empty:
        return None
    rows = by_topic(queries, question.settings).drop(columns="ctr")
    first = rows.iloc[0]
    headline = (
        f"Für das Thema „{first['topic']}“ gibt es keine passende Seite: "
        f"{german.count(first['impressions'], 'Impression', 'Impressionen')}, "
        f"Ø{german.NBSP}Platz{german.NBSP}{german.number(first['position'], 0)}"
    )
    return question.exhibit(
        "unmet_topics",
        "table",
        rows.head(ROWS_SHOWN),
        (
            Field("topic", "Thema"),
            *measures(IMPRESSIONS, CLICKS, POSITION),
            Field("queries", "Suchanfragen", "integer"),
            Field("query", "Stärkste Suchanfrage"),
        ),
        headline=headline,
        subtitle=f"Ungedeckter Bedarf: Themen ohne passende Seite, nach Impressionen · {question.period}",
        alt=f"Tabelle der Themen ohne passende Seite, {question.period}. {headline}.",
        notes=(NOTE,),
        names_queries=True,
    )
