"""Why the mean position moves: better places, other queries in the mean, or more impressions far behind."""

from __future__ import annotations

import math

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import trending, wording
from portalkompass.answers.base.question import Question, in_words, measures
from portalkompass.exhibit import Axes, Exhibit, Field, PointNames
from portalkompass.metrics.measures import IMPRESSIONS, POSITION
from portalkompass.metrics.pages import compared

SAME, MIX, ALL = "Dieselben Suchanfragen", "Andere Suchanfragen im Mittel", "Zusammen"
LEAST_CHANGE = 0.05
"""Places below which a change is none."""
FOUND_MORE = (
    "Mehr Impressionen auf hinteren Plätzen senken das Mittel: Das Portal wird öfter gefunden, nicht "
    "schlechter."
)
WEIGHTED = "Das Mittel ist mit Impressionen gewichtet; wer für mehr Suchen erscheint, verändert es auch ohne Bewegung."
LEAST_MONTHS = 2
"""Whole months below which nothing can be set against each other."""
FOUND_OFTENER = "Mehr Impressionen auf hinteren Plätzen senken das Mittel: Das Portal wird öfter gefunden."


def mix(rows: pd.DataFrame) -> tuple[float, float]:
    """Change of the mean position split in two: of the same queries, and of what is in the mean.

    ``rows`` (query) has position and impressions now and before. The first part is Σ impressions before ×
    (position − position before) over queries seen in both, over their impressions before; the second is the rest of
    the change of the mean over all listed queries. Negative is better. (nan, nan) without a query in both.
    """
    both = rows[(rows["impressions"] > 0) & (rows["impressions_before"] > 0)]
    weight = both["impressions_before"].sum()
    if not weight:
        return float("nan"), float("nan")
    same = float(((both["position"] - both["position_before"]) * both["impressions_before"]).sum() / weight)
    return same, _mean(rows, "") - _mean(rows, "_before") - same


def _mean(rows: pd.DataFrame, suffix: str) -> float:
    seen = rows[rows[f"impressions{suffix}"] > 0]
    weighted = (seen[f"position{suffix}"] * seen[f"impressions{suffix}"]).sum()
    return float(weighted / seen[f"impressions{suffix}"].sum())


def position_mix(question: Question) -> Exhibit | None:
    """Both parts and their sum with a sentence; nothing without a comparison or listed queries in both periods."""
    like, before = question.like, question.before
    if like is None or before is None:
        return None

    rows = question.warehouse.ask(
        lambda t: compared(question.sums(t, "search_query_day", like, before), "query", like, before)
    )
    same, other = mix(rows)
    if math.isnan(same):
        return None
    shown, shown_before = int(rows["impressions"].sum()), int(rows["impressions_before"].sum())
    gained = (-same, -other, -same - other)
    headline = f"Bei denselben Suchanfragen steht das Portal {_places(-same)}"
    if abs(other) >= LEAST_CHANGE:
        headline += (
            f"; andere Suchanfragen ziehen das Mittel um {german.number(abs(other), 1)}{german.NBSP}Plätze "
        )
        headline += "nach unten" if other > 0 else "nach oben"
    explained = FOUND_MORE if other > LEAST_CHANGE and shown > shown_before else WEIGHTED
    return question.bars(
        "position_mix",
        pd.DataFrame({"part": [SAME, MIX, ALL], "places": gained}),
        (
            Field("part", "Woher die Veränderung kommt"),
            Field("places", "Plätze gewonnen", "signed", "Plätze"),
        ),
        headline=headline,
        subtitle=f"Veränderung der mittleren Position, {in_words(like)} gegenüber {in_words(before)} · "
        "positiv ist besser",
        alt=f"Balken: {SAME} {german.signed(-same, 1)}, {MIX} {german.signed(-other, 1)} Plätze. {headline}.",
        height=180,
        notes=(
            explained,
            f"Nur genannte Suchanfragen; ihre Impressionen: {german.number(shown)}, zuvor "
            f"{german.number(shown_before)}.",
        ),
    )


def _places(gained: float) -> str:
    if abs(gained) < LEAST_CHANGE:
        return "unverändert"
    return f"{german.number(abs(gained), 1)}{german.NBSP}Plätze {'besser' if gained > 0 else 'schlechter'}"


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
    explained = (FOUND_OFTENER,) if better is False and last["impressions"] > first["impressions"] else ()
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
