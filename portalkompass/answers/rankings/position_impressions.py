"""Position against impressions month by month: a mean that falls while the portal is found more often is no loss."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base import trending, wording
from portalkompass.answers.base.question import Question, measures
from portalkompass.exhibit import Axes, Exhibit, Field, PointNames
from portalkompass.metrics.measures import IMPRESSIONS, POSITION

LEAST_MONTHS = 2
"""Whole months below which nothing can be set against each other."""
FOUND_MORE = "Mehr Impressionen auf hinteren Plätzen senken das Mittel: Das Portal wird öfter gefunden."


def position_impressions(question: Question) -> Exhibit | None:
    """One point a whole month of the period; nothing with fewer than two of them."""
    months = trending.trend(question, question.now, "month")
    rows = months[~months["partial"] & (months["impressions"].fillna(0) > 0)].reset_index(drop=True)
    if len(rows) < LEAST_MONTHS:
        return None
    first, last = rows.iloc[0], rows.iloc[-1]
    than = f"im {german.month(first['bucket'])}"
    shown, _ = wording.amount_change(last["impressions"], first["impressions"], than)
    place, better = wording.position_change(last["position"], first["position"], than)
    headline = f"Im {german.month(last['bucket'])}: Impressionen {shown}, Position {place}"
    explained = (FOUND_MORE,) if better is False and last["impressions"] > first["impressions"] else ()
    return question.exhibit(
        "position_impressions",
        "scatter",
        rows.assign(name=[german.month_short(month) for month in rows["bucket"]])[
            ["name", "impressions", "position"]
        ],
        (Field("name", "Monat"), *measures(IMPRESSIONS, POSITION)),
        headline=headline,
        subtitle=f"{POSITION.label} und Impressionen je vollem Monat · {question.period} · Platz 1 oben",
        alt=f"Punkte: {len(rows)} Monate nach Impressionen und mittlerer Position, {question.period}. {headline}.",
        x="impressions",
        y="position",
        reverse_y=True,
        notes=(*explained, POSITION.definition, IMPRESSIONS.definition),
        point_names=PointNames("name", ends_first=True),
        axes=Axes(zero=False),
    )
