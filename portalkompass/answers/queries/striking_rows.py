"""Striking distance: queries just off the first places, with the page that answers them."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import TARGET
from portalkompass.metrics.measures import EXTRA_CLICKS, IMPRESSIONS, POSITION

NEAR, FAR = 4.0, 20.5
"""Places 4 to 20 can be moved on to the first half of the first page."""
ROWS = 200
NOTE = (
    "In Reichweite sind Suchanfragen mit Ø Position zwischen 4 und 20. Genannt ist die Seite, die Google dafür am "
    "häufigsten zeigt: Dort lohnt sich die Arbeit am Inhalt."
)


def striking_rows(queries: pd.DataFrame, cells: pd.DataFrame, titles: pd.DataFrame) -> pd.DataFrame:
    """The ``queries`` (query, position, extra …) between places 4 and 20 with url and label of their page.

    ``cells`` (url, query, impressions) say which page: the one shown most for the query, ties by URL. A query
    that no page of ``titles`` (url, label) is known for keeps an empty one.
    """
    near = queries[queries["position"].between(NEAR, FAR)]
    shown = cells.groupby(["query", "url"], sort=True)["impressions"].sum().reset_index()
    most = shown.sort_values(["query", "impressions", "url"], ascending=[True, False, True])
    first = most.drop_duplicates("query")[["query", "url"]].merge(titles, on="url", how="inner")
    return near.merge(first, on="query", how="left").reset_index(drop=True)


def striking_exhibits(question: Question, rows: pd.DataFrame, explained: str) -> tuple[Exhibit, ...]:
    """The list, most extra clicks first; nothing where no query is within reach."""
    if rows.empty:
        return ()
    first, period = rows.iloc[0], german.period(question.now.start, question.now.end)
    headline = (
        f"{german.count(len(rows), 'Suchanfrage steht', 'Suchanfragen stehen')} auf Platz 4 bis 20; "
        f"„{first['query']}“ brächte am meisten"
    )
    fields = (
        Field("query", "Suchanfrage"),
        Field("label", "Seite"),
        field(EXTRA_CLICKS, "extra"),
        Field("extra_low", "mindestens", "integer"),
        Field("extra_high", "höchstens", "integer"),
        field(POSITION),
        field(TARGET),
        field(IMPRESSIONS),
        Field("url", "Adresse", "link"),
    )
    exhibit = question.exhibit(
        "striking_distance",
        "table",
        rows.head(ROWS)[[f.name for f in fields]],
        fields,
        headline=headline,
        subtitle=f"Suchanfragen in Reichweite nach erwartbaren Mehrklicks · {period}",
        alt=f"Tabelle der Suchanfragen in Reichweite, {period}. {headline}.",
        notes=(NOTE, explained),
        names_queries=True,
        row_key="url",
    )
    return (exhibit,)
