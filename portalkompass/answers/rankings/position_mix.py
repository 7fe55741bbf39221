"""Why the mean position moves: better places for the same queries, other weights, or other queries in the mean."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events
from portalkompass.answers.base.headline import days_of_queries
from portalkompass.answers.base.question import Question, in_words, known
from portalkompass.estimates.position_change import Mean, Parts, split
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import totals
from portalkompass.metrics.pages import compared
from portalkompass.metrics.selection import Period, within

NAMES = {
    "moved": "Dieselben Suchanfragen: anderer Platz",
    "weights": "Dieselben Suchanfragen: anderes Gewicht",
    "new": "Neue Suchanfragen",
    "gone": "Entfallene Suchanfragen",
    "unlisted": "Suchanfragen, die Google nicht nennt",
    "total": "Zusammen",
}
LEAST_CHANGE = 0.05
"""Places below which a change is none."""
HOW = (
    "Das Mittel ist mit Impressionen gewichtet. Es ändert sich, wenn dieselben Suchanfragen besser stehen (anderer "
    "Platz), wenn sie häufiger oder seltener gezeigt werden (anderes Gewicht), und wenn welche dazukommen oder "
    "entfallen. Die Teile ergeben zusammen genau die Veränderung."
)


def position_mix(question: Question) -> Exhibit | None:
    """The parts of the change and their sum; nothing without a comparison or listed queries in both periods."""
    like, before = question.like, question.before
    if like is None or before is None:
        return None
    means = _mean(question, like), _mean(question, before)
    rows = question.warehouse.ask(
        lambda t: compared(question.sums(t, "search_query_day", like, before), "query", like, before)
    )
    seen_twice = (rows["impressions"] > 0) & (rows["impressions_before"] > 0)
    if means[0] is None or means[1] is None or not seen_twice.any():
        return None
    parts = split(rows, means[0], means[1])
    frame = pd.DataFrame({"part": list(NAMES.values()), "places": [-getattr(parts, name) for name in NAMES]})
    headline = _headline(parts)
    told = ", ".join(f"{part} {german.signed(places, 1)}" for part, places in frame.itertuples(index=False))
    listed = [rows[name].sum() / mean.impressions for name, mean in zip(_SHOWN, means, strict=True) if mean]
    return question.exhibit(
        "position_mix",
        "bar",
        frame,
        (
            Field("part", "Woher die Veränderung kommt"),
            Field("places", "Plätze gewonnen", "signed", "Plätze"),
        ),
        headline=headline,
        subtitle=f"Veränderung der mittleren Position, {in_words(like)} gegenüber {in_words(before)} · "
        "positiv ist besser",
        alt=f"Balken der gewonnenen Plätze: {told}. {headline}.",
        x="places",
        y="part",
        height=280,
        over=(like, before),
        measures=("position",),
        notes=(
            HOW,
            f"In beiden Zeiträumen genannt: {german.count(seen_twice.sum(), 'Suchanfrage', 'Suchanfragen')}. Die "
            f"genannten tragen {german.percent(listed[0], 0)} der Impressionen, zuvor {german.percent(listed[1], 0)}.",
            *events.device_sentences(question),
        ),
    )


_SHOWN = ("impressions", "impressions_before")


def _mean(question: Question, period: Period) -> Mean | None:
    """The property's mean over the days of which queries are loaded."""
    row = question.warehouse.ask(lambda t: totals.totals(within(days_of_queries(question, t), period))).iloc[
        0
    ]
    impressions, position = known(row["impressions"]), known(row["position"])
    return Mean(impressions, position) if row["days"] and impressions and position else None


def _headline(parts: Parts) -> str:
    """The whole change, then its parts, the largest first; what rounds to nothing is left out."""
    if abs(parts.total) < LEAST_CHANGE:
        return "Die mittlere Position ist unverändert"
    gained = {words: -getattr(parts, name) for name, words in _BY.items()}
    told = [
        f"{german.signed(places, 1)} {words}"
        for words, places in sorted(gained.items(), key=lambda part: -abs(part[1]))
        if abs(places) >= LEAST_CHANGE
    ]
    return f"Die mittlere Position ist {_places(parts.total)}: {', '.join(told)}"


_BY = {
    "moved": "durch andere Plätze derselben Suchanfragen",
    "weights": "durch deren anderes Gewicht",
    "new": "durch neue Suchanfragen",
    "gone": "durch entfallene",
    "unlisted": "durch nicht genannte",
}


def _places(moved: float) -> str:
    amount = german.number(abs(moved), 1)
    noun = "Platz" if amount == "1,0" else "Plätze"
    return f"{amount}{german.NBSP}{noun} {'besser' if moved < 0 else 'schlechter'}"
