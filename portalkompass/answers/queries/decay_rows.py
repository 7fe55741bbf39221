"""Pages that lost for good, with the week in which it began."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows
from portalkompass.answers.base.page_rows import page_table
from portalkompass.answers.base.question import Question, columns, measures
from portalkompass.estimates.steps import SIDE, steps
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import LASTING, LOST
from portalkompass.schema import STAFF_PAGES

ROWS_SHOWN = 50
LEAST_LOSS = 0.1
NOTE = (
    "Verglichen wird der Anteil der Seite an allen Seitenklicks vor und nach der Woche, die beide Niveaus am besten "
    f"trennt (je mindestens {SIDE} volle Wochen), zusätzlich gegen dieselben Wochen des Vorjahres; gezeigt wird der "
    "kleinere Rückgang, und nur Seiten, die auch in Klicks verloren haben. Geordnet nach dem unteren Ende der Spanne "
    "(95 %): was mindestens verloren ging."
)


def decay_rows(question: Question) -> pd.DataFrame:
    """key, since, lasting, lost_a_year, lost_low, lost_high, clicks_after, label: surest loss first."""
    clicks = estimate_rows.page_weeks(question)
    changed = steps(clicks.drop(columns=STAFF_PAGES, errors="ignore")) if len(clicks) else None
    if changed is None or changed.empty:
        return pd.DataFrame(columns=["key", "label"])
    lost = changed[
        (changed["lasting"] <= -LEAST_LOSS)
        & (changed["lost_low"] > 0)
        & (changed["clicks_after"] < changed["clicks_before"])
    ]
    named = lost.merge(
        estimate_rows.titles(question)[["url", "label"]], left_on="key", right_on="url", how="inner"
    )
    return named.sort_values(["lost_low", "url"], ascending=[False, True]).reset_index(drop=True)


def decay_exhibit(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    """The table of losing pages (`decay_rows`); nothing when none lost."""
    if rows.empty:
        return None
    first = rows.iloc[0]
    return page_table(
        question,
        "decay",
        rows.head(ROWS_SHOWN),
        (
            Field("since", "seit der Woche ab", "date"),
            *measures(LASTING, LOST),
            *columns("integer", lost_low="mindestens", lost_high="höchstens"),
            Field("clicks_before", "Klicks davor", "decimal1", "je Woche"),
            Field("clicks_after", "Klicks seither", "decimal1", "je Woche"),
            Field("weeks_after", "Wochen seither", "integer"),
        ),
        headline=f"„{first['label']}“ verliert seit der Woche ab {german.date(first['since'])} "
        f"{german.percent(-first['lasting'], 0)} der Klicks",
        subtitle="Seiten, die gegenüber dem übrigen Portal dauerhaft verloren haben · alle vollen Wochen "
        "bis zum Ende des Zeitraums",
        alt="Tabelle der Seiten mit dauerhaftem Rückgang.",
        notes=(NOTE,),
    )
