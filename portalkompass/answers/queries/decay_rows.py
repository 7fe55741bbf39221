"""Pages that lost for good, with the week in which it began."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows
from portalkompass.answers.base.page_rows import page_table
from portalkompass.answers.base.question import Question, columns, field
from portalkompass.estimates.steps import SIDE, lost, steps
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import MISSING, OWN_LOST, SHARE_CHANGE
from portalkompass.schema import STAFF_PAGES

ROWS_SHOWN = 50
NOTE = (
    "Anteil am Portal: Anteil der Seite an allen Seitenklicks vor und nach der Woche, die beide Niveaus am besten "
    f"trennt (je mindestens {SIDE} volle Wochen), wo möglich zusätzlich gegen dieselben Wochen des Vorjahres; "
    "gezeigt wird der kleinere Rückgang. Die Spanne (95 %) ist breiter als üblich, weil die Woche gesucht wurde. "
    "Gezeigt werden nur Seiten, die auch selbst weniger Klicks haben als davor."
)
CHANCE_NOTE = (
    "In Simulationen ohne jeden Rückgang wurden von 100 geprüften Seiten höchstens 3 hier genannt, bei sehr ähnlichen "
    "Nachbarwochen bis 8. Geprüft: {pages}."
)
NO_YEAR = "Ohne Vorjahr lässt sich ein Rückgang nicht von einer Saison unterscheiden."


def decay_rows(question: Question) -> pd.DataFrame:
    """Rows of `steps.lost` with url, label, by_year (ja, nein) and looked_at (pages judged): surest loss first."""
    clicks = estimate_rows.page_weeks(question)
    changed = steps(clicks.drop(columns=STAFF_PAGES, errors="ignore")) if len(clicks) else None
    if changed is None or changed.empty:
        return pd.DataFrame(columns=["key", "label"])
    named = lost(changed).merge(
        estimate_rows.titles(question)[["url", "label"]], left_on="key", right_on="url", how="inner"
    )
    judged = named.assign(
        by_year=named["yearly"].notna().map({True: "ja", False: "nein"}), looked_at=len(changed)
    )
    return judged.sort_values(["missing_low", "url"], ascending=[False, True]).reset_index(drop=True)


def decay_exhibit(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    """The table of losing pages (`decay_rows`); nothing when none lost."""
    if rows.empty:
        return None
    first = rows.iloc[0]
    pages = german.count(int(first["looked_at"]), "Seite", "Seiten")
    season = "" if first["by_year"] == "ja" else "; ohne Vergleich mit dem Vorjahr, es kann auch Saison sein"
    return page_table(
        question,
        "decay",
        rows.head(ROWS_SHOWN),
        (
            Field("since", "seit der Woche ab", "date"),
            field(SHARE_CHANGE, "lasting"),
            *columns("percent_change", lasting_high="Anteil mindestens", lasting_low="Anteil höchstens"),
            Field("by_year", "Vorjahr verglichen", help=NO_YEAR),
            Field("clicks_before", "Eigene Klicks davor", "decimal1", "je Woche"),
            Field("clicks_after", "Eigene Klicks seither", "decimal1", "je Woche"),
            field(OWN_LOST, "own_lost"),
            field(MISSING, "missing"),
            *columns("integer", missing_low="mindestens", missing_high="höchstens"),
            Field("weeks_after", "Wochen seither", "integer"),
        ),
        headline=f"Der Anteil von „{first['label']}“ am Portal ist seit der Woche ab {german.date(first['since'])} "
        f"um {german.percent(-first['lasting'], 0)} kleiner{season}",
        subtitle="Seiten, deren Anteil am Portal dauerhaft gesunken ist · alle vollen Wochen bis zum Ende des "
        "Zeitraums",
        alt="Tabelle der Seiten mit dauerhaftem Rückgang.",
        notes=(NOTE, CHANCE_NOTE.format(pages=pages)),
    )
