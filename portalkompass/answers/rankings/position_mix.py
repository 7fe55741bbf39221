"""Why the mean position moves: better places, other queries in the mean, or more impressions far behind."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.grains import QUERY, SITE
from portalkompass.answers.base.headline import days_of_queries, listed_queries
from portalkompass.answers.base.periods import month_of
from portalkompass.answers.base.question import Question, in_words, known, measures
from portalkompass.answers.courses import trending
from portalkompass.estimates.position_change import Mean, Parts, split
from portalkompass.exhibit import Axes, Exhibit, Field, PointNames
from portalkompass.metrics import totals
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.measures import IMPRESSIONS, POSITION
from portalkompass.metrics.pages import placed_in_both
from portalkompass.metrics.selection import Period

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
    "entfallen. Die ungerundeten Teile ergeben zusammen genau die Veränderung; „Zusammen“ ist die Differenz der beiden "
    "gezeigten Positionen."
)
SOME_DAYS = "An Tagen, von denen Suchanfragen geladen sind, ist die mittlere Position"
"""Begins the headline where these are not all days of the property: its other figures are of all of them."""
LEAST_MONTHS = 2
"""Whole months below which nothing can be set against each other."""
FOUND_OFTENER = "Mehr Impressionen auf hinteren Plätzen senken das Mittel: Das Portal wird öfter gefunden."


def position_mix(question: Question) -> Exhibit | None:
    """The parts of the change and their sum; nothing without a comparison or listed queries in both periods."""
    like, before = question.like, question.before
    if like is None or before is None:
        return None
    means = _mean(question, like), _mean(question, before)
    rows = _queries(question, like, before)
    seen_twice = (rows["impressions"] > 0) & (rows["impressions_before"] > 0)
    if means[0] is None or means[1] is None or not seen_twice.any():
        return None
    parts = split(rows, means[0], means[1])
    whole = wording.shown_difference(means[1].position, means[0].position)
    gained = [whole if name == "total" else 0.0 - getattr(parts, name) for name in NAMES]
    frame = pd.DataFrame({"part": list(NAMES.values()), "places": gained})
    days = _days_left(question, like, before)
    start = SOME_DAYS if days else "Die mittlere Position ist"
    headline = _headline(start, parts, *(mean.position for mean in means if mean))
    told = ", ".join(f"{part} {german.signed(places, 1)}" for part, places in frame.itertuples(index=False))
    listed = [rows[name].sum() / mean.impressions for name, mean in zip(_SHOWN, means, strict=True) if mean]
    return question.bars(
        "position_mix",
        frame,
        (
            Field("part", "Woher die Veränderung kommt"),
            Field("places", "Plätze gewonnen", "signed", "Plätze"),
        ),
        headline=headline,
        subtitle=f"Veränderung der mittleren Position, {in_words(like)} gegenüber {in_words(before)} · "
        "positiv ist besser",
        alt=f"Balken der gewonnenen Plätze: {told}. {headline}.",
        height=280,
        over=(like, before),
        measures=("position",),
        notes=(
            HOW,
            *days,
            f"In beiden Zeiträumen genannt: {german.count(seen_twice.sum(), 'Suchanfrage', 'Suchanfragen')}. Die "
            f"genannten tragen {german.percent(listed[0], 0)} der Impressionen, zuvor {german.percent(listed[1], 0)}.",
            *events.device_sentences(question),
        ),
    )


_SHOWN = ("impressions", "impressions_before")


def _queries(question: Question, like: Period, before: Period) -> pd.DataFrame:
    """Listed queries with impressions and position of both periods, over the days that property and queries share."""
    return question.warehouse.ask(
        lambda t: placed_in_both(
            listed_queries(question, t, like, before).filter(nw.col("query") != ""), "query", like, before
        )
    )


def _days_left(question: Question, like: Period, before: Period) -> tuple[str, ...]:
    """A sentence where days of the property are left out, because no queries are loaded of them."""
    known_days, every = (
        [question.covered(SITE, period, other) for period in (like, before)] for other in (QUERY, "")
    )
    if known_days == every:
        return ()
    now, then = (
        f"{german.number(own)} von {german.number(of)}" for own, of in zip(known_days, every, strict=True)
    )
    return (
        f"Gerechnet mit den Tagen, von denen Suchanfragen geladen sind: {now}, zuvor {then} Tagen mit Daten der "
        "Property. Über alle Tage kann sich die Position anders verändert haben.",
    )


def _mean(question: Question, period: Period) -> Mean | None:
    """The property's mean over the days of which queries are loaded."""
    row = question.warehouse.ask(lambda t: totals.totals(days_of_queries(question, t, period))).iloc[0]
    impressions, position = known(row["impressions"]), known(row["position"])
    return Mean(impressions, position) if row["days"] and impressions and position else None


def _headline(start: str, parts: Parts, now: float, before: float) -> str:
    """The whole change as every sentence says it, then its parts, the largest first, without those that round to 0."""
    change, better = wording.position_change(now, before)
    whole = f"{start} {change}"
    if better is None:
        return whole
    gained = {words: -getattr(parts, name) for name, words in _BY.items()}
    told = [
        f"{german.signed(places, 1)} {words}"
        for words, places in sorted(gained.items(), key=lambda part: -abs(part[1]))
        if abs(places) >= LEAST_CHANGE
    ]
    return f"{whole}: {', '.join(told)}" if told else whole


_BY = {
    "moved": "durch andere Plätze derselben Suchanfragen",
    "weights": "durch anderes Gewicht derselben Suchanfragen",
    "new": "durch neue Suchanfragen",
    "gone": "durch entfallene",
    "unlisted": "durch nicht genannte",
}


def position_impressions(question: Question) -> Exhibit | None:
    """One point a whole month of the period; nothing with fewer than two of them."""
    months = trending.trend(question, question.now, "month")
    rows = months[~months["partial"] & (months["impressions"].fillna(0) > 0)].reset_index(drop=True)
    if len(rows) < LEAST_MONTHS:
        return None
    first, last = rows.iloc[0], rows.iloc[-1]
    than = f"im {german.month(first['bucket'])}"
    days = Exposure(*(int(row[name]) for name in ("days", "bucket_days") for row in (last, first)))
    shown, _ = wording.amount_change(last["impressions"], first["impressions"], than, days)
    place, better = wording.position_change(last["position"], first["position"], than)
    if shown in wording.NOT_A_CHANGE:  # of so few no percentage is said: both counts are
        shown = f"{german.number(last['impressions'])} nach {german.number(first['impressions'])} {than}"
    headline = f"{wording.INSIDE}: im {german.month(last['bucket'])} Impressionen {shown}, Position {place}"
    concerned = (IMPRESSIONS.id, POSITION.id)
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
        measures=concerned,
        changed=concerned,
        sides=tuple(month_of(row["bucket"].date()) for row in (first, last)),
        notes=(*explained, POSITION.definition, IMPRESSIONS.definition),
        point_names=PointNames("name", ends_first=True),
        axes=Axes(zero=False),
    )
