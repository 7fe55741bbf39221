"""Words that probably mean the city and are not counted as its name yet: proposals for the settings."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.query_groups import WITH_CITY, city_words
from portalkompass.answers.base.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, CTR, IMPRESSIONS
from portalkompass.proposals import city_names

NOTE = (
    "Vorgeschlagen werden Wörter, die dem Namen der Stadt ähneln oder mit denen er beginnt und deren Suchanfragen "
    "mindestens halb so oft geklickt werden wie solche mit Stadtnamen (je Impression). Nichts davon zählt von selbst: "
    "Was die Stadt meint, trägt die Betreuung der Anwendung ein; danach gilt es überall."
)


def brand_words(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """Proposals from the listed queries (query, group, clicks, impressions); nothing without one.

    Without a query that names the city there is no click rate to compare with, and none is proposed.
    """
    named = listed["group"] == WITH_CITY
    own = listed.loc[named, ["clicks", "impressions"]].sum()
    if not own["clicks"]:
        return None
    others = listed.loc[~named, ["query", "clicks", "impressions"]]
    rows = city_names(others, city_words(question.settings), own["clicks"] / own["impressions"])
    if rows.empty:
        return None
    first = rows.iloc[0]
    count = german.count(len(rows), "Wort meint", "Wörter meinen")
    headline = (
        f"{count} vermutlich die Stadt und {'zählt' if len(rows) == 1 else 'zählen'} noch nicht als Stadtname: "
        f"„{first['word']}“ mit {german.count(first['clicks'], 'Klick', 'Klicks')}"
    )
    return question.table(
        "brand_words",
        rows,
        (
            Field("word", "Wort"),
            Field("kind", "Art"),
            Field("queries", "Suchanfragen", "integer"),
            field(CLICKS),
            field(IMPRESSIONS),
            field(CTR),
            Field("query", "Stärkste Suchanfrage"),
        ),
        headline=headline,
        alt=f"Tabelle der Wörter, {question.period}.",
        subtitle=f"Vorschläge für weitere Schreibweisen der Stadt · {question.period}",
        notes=(NOTE,),
        names_queries=True,
    )
