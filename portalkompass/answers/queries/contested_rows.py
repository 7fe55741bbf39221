"""Pages that stand in each other's way: two of our own pages for the same queries."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows
from portalkompass.answers.base.grains import PAGE_QUERY, QUERY
from portalkompass.answers.base.page_rows import page_table
from portalkompass.answers.base.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import CONTESTED
from portalkompass.metrics.queries import contested
from portalkompass.warehouse.engine import of_frames

ROWS_SHOWN = 50
LEAST_SHARE = 0.1
"""A rival with a smaller part of the impressions is no rival."""
NOTE = (
    "Seitenpaare, die Google für dieselben Suchanfragen im Wechsel zeigt. Umkämpft ist höchstens, was die Suchanfrage "
    "über die Impressionen der ersten Seite hinaus hat; stehen beide auf derselben Ergebnisseite, zählt es nicht. "
    f"Unter {german.percent(LEAST_SHARE, 0)} der Impressionen zählt eine Seite nicht als zweite. "
    "Oft hilft es, Inhalte zusammenzulegen oder klar zu trennen."
)


def contested_queries(
    question: Question, cells: tuple[pd.DataFrame, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """`metrics.queries.contested` with the labels of both pages, the most contested first; rare ones are left out.

    ``cells`` are the monthly ones of pages and queries, and of queries, where they are at hand
    (`estimate_rows.query_months`); where both do not know the same days, they tell nothing of this.
    """
    fitting = estimate_rows.fitting_pages(question)
    if cells is None or not estimate_rows.same_days(question):
        rows = estimate_rows.of_strongest(
            question,
            PAGE_QUERY,
            lambda rows, t: contested(rows, estimate_rows.own_count(question, t), t["fitting"]),
            QUERY,
            fitting=fitting,
        )
    else:
        of_pages, of_queries = cells
        rows = of_frames(
            lambda t: contested(t["pages"], t["queries"], t["fitting"]),
            pages=of_pages,
            queries=of_queries,
            fitting=fitting,
        )
    least = question.least_impressions
    both = rows[(rows["contested_share"] >= LEAST_SHARE) & (rows["contested"] >= max(least, 1))]
    names = estimate_rows.page_labels(question)
    return both.assign(label=both["url"].map(names), rival_label=both["rival"].map(names)).sort_values(
        ["contested", "query"], ascending=[False, True]
    )


def pairs(queries: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of pages, whichever leads a query: queries, contested impressions, best query first."""
    first = queries[["label", "rival_label"]].min(axis=1)
    second = queries[["label", "rival_label"]].max(axis=1)
    keyed = queries.assign(first=first, second=second)
    grouped = keyed.groupby(["first", "second"], sort=True)
    rows = grouped.agg(
        queries=("query", "size"),
        query=("query", "first"),
        label=("label", "first"),
        rival_label=("rival_label", "first"),
        url=("url", "first"),
        contested=("contested", "sum"),
        total=("shown", "sum"),
    )
    rows["share"] = rows["contested"] / rows["total"]
    return rows.reset_index(drop=True).sort_values(["contested", "label"], ascending=[False, True])


def contested_exhibit(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    """The table of pairs (`pairs`); nothing when no query has two pages."""
    if rows.empty:
        return None
    first = rows.iloc[0]
    return page_table(
        question,
        "cannibalisation",
        rows.head(ROWS_SHOWN),
        (
            Field("rival_label", "Zweite Seite"),
            field(CONTESTED),
            Field("share", "Anteil an den Suchen", "percent"),
            Field("queries", "Suchanfragen", "integer"),
            Field("query", "Stärkste Suchanfrage"),
        ),
        headline=f"„{first['label']}“ und „{first['rival_label']}“ erscheinen im Wechsel für dieselben Suchanfragen",
        subtitle=f"Seitenpaare nach umkämpften Impressionen · {question.period}",
        alt=f"Tabelle konkurrierender Seitenpaare, {question.period}.",
        notes=(NOTE,),
        names_queries=True,
    )
