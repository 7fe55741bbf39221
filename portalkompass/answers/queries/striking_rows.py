"""Striking distance: queries just off the first places, with the page that answers them."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns, measures
from portalkompass.answers.queries.work_list import BRING, EXTRA
from portalkompass.estimates.potential import FARTHEST_PLACE
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import TARGET
from portalkompass.metrics.measures import IMPRESSIONS, POSITION

NEAREST_PLACE = 4.0
"""Places 4 to 20 can be moved on to the first half of the first page."""
ROWS_SHOWN = 200
NOTE = (
    "In Reichweite sind Suchanfragen mit Ø Position von 4 bis gerundet 20, die am Ziel mindestens einen Klick mehr im "
    "Jahr brächten. Genannt ist die Seite, die Google dafür am häufigsten zeigt: Dort lohnt sich die Arbeit am Inhalt."
)


def striking_rows(queries: pd.DataFrame, cells: pd.DataFrame, titles: pd.DataFrame) -> pd.DataFrame:
    """The ``queries`` (query, position, extra …) between places 4 and 20 with url and label of their page.

    ``cells`` (url, query, impressions) say which page: the one shown most for the query, ties by URL. A query
    that no page of ``titles`` (url, label) is known for keeps an empty one.
    """
    near = queries[queries["position"].between(NEAREST_PLACE, FARTHEST_PLACE)]
    shown = cells.groupby(["query", "url"], sort=True)["impressions"].sum().reset_index()
    most = shown.sort_values(["query", "impressions", "url"], ascending=[True, False, True])
    first = most.drop_duplicates("query")[["query", "url"]].merge(titles, on="url", how="inner")
    return near.merge(first, on="query", how="left").reset_index(drop=True)


def striking_exhibit(question: Question, rows: pd.DataFrame, explained: str, window: str) -> Exhibit | None:
    """The list, most extra clicks first; nothing where no query is within reach. ``window`` is what it shows."""
    if rows.empty:
        return None
    first = rows.iloc[0]
    queries = f"{german.count(len(rows), *BRING)} weiter vorn mehr Klicks"
    return question.table(
        "striking_distance",
        rows.head(ROWS_SHOWN),
        (
            *columns(query="Suchanfrage", label="Seite"),
            *EXTRA,
            *measures(POSITION, TARGET, IMPRESSIONS),
            Field("url", "Adresse", "link"),
        ),
        headline=f"{queries}, am meisten „{first['query']}“",
        subtitle=f"Suchanfragen in Reichweite nach erwartbaren Mehrklicks · {window}",
        alt=f"Tabelle der Suchanfragen in Reichweite, {window}.",
        notes=(NOTE, explained),
        names_queries=True,
        row_key="url",
    )
