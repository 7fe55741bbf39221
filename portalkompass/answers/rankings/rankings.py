"""Rankings: how positions, clicks and impressions develop, and how many queries stand how high."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, trending, wording
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.headline import cards, headline, hidden_cards, sentence
from portalkompass.answers.base.lines import BUCKETS, line
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Question, columns, field
from portalkompass.answers.rankings.band_rows import band_exhibits
from portalkompass.answers.rankings.position_mix import position_impressions, position_mix
from portalkompass.answers.rankings.segment_rows import segment_exhibits
from portalkompass.answers.rankings.topic_groups import brand_trend, topic_groups
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, IMPRESSIONS, POSITION, Measure
from portalkompass.metrics.trends import Grain

COURSE, PLACES, GROUPS = "Verlauf", "Positionen", "Themen und Geräte"
PARTS = (COURSE, PLACES, GROUPS)
"""Parts of *Rankings*: the course over time, where queries stand, and what is searched from where."""


def answer(question: Question, part: str = "") -> Answer:
    """Trends by day, week or month with the earlier period, bands of queries, devices and countries.

    ``part`` leaves out the exhibits of the other ones; empty means all of them.
    """
    if missing := no_search_data(question):
        return missing
    rows = trending.compared_trend(question, question.filters.grain)
    exhibits: list[Exhibit | None] = []
    if part in ("", COURSE):
        exhibits += [_line(question, rows, measure) for measure in (POSITION, CLICKS, IMPRESSIONS)]
    if part in ("", PLACES):
        exhibits += [position_mix(question), position_impressions(question), *band_exhibits(question)]
    if part in ("", GROUPS):
        exhibits += [brand_trend(question), topic_groups(question), *segment_exhibits(question)]
    now = headline(question, question.now)
    return question.answer(
        message=f"{sentence(question, POSITION)}.",
        exhibits=exhibits,
        figures=(*cards(question, now), *hidden_cards(question)),
        caveats=(
            *events.cautions(question, *_GRAINS[part]),
            *events.device_sentences(question),
            *_provisional(rows),
        ),
    )


_GRAINS = {
    "": ("search_query_day", "search_page_day", "search_segment_day"),
    COURSE: ("search_query_day",),
    PLACES: ("search_query_day", "search_page_day"),
    GROUPS: ("search_query_day", "search_segment_day"),
}
"""Grains that each part shows beside the property's own."""
OWN_DATES: dict[Grain, str] = {
    "day": "Tag der Werte",
    "week": "Woche der Werte ab",
    "month": "Monat der Werte",
}
"""Heads of the dates that rows of the comparison really have; they are drawn at those of the period."""


def _line(question: Question, rows: pd.DataFrame, measure: Measure) -> Exhibit:
    grain, now = question.filters.grain, question.now
    headline = sentence(question, measure)
    own = rows[rows["series"] == trending.NOW]
    decimals = 1 if measure is POSITION else 0
    low, high = own[measure.id].min(), own[measure.id].max()
    return line(
        question,
        f"{measure.id}_trend",
        rows,
        (BUCKETS[grain], field(measure), Field("series", "Zeitraum")),
        further=(
            replace(BUCKETS[grain], name="own_bucket", label=OWN_DATES[grain]),
            *columns("integer", days="Tage mit Daten", bucket_days="Tage"),
        ),
        headline=headline,
        subtitle=f"{measure.label} nach {wording.BY_GRAIN[grain]} · {question.period}",
        alt=f"Linie: {measure.label}, {question.period}, zwischen {german.number(low, decimals)} und "
        f"{german.number(high, decimals)}. {headline}.",
        series="series",
        reverse_y=measure.low_is_good,
        marks=events.marks(question, now.start, now.end, (measure.id,)),
        over=(now, trending.drawn(rows, grain)),
        measures=(measure.id,),
        notes=(measure.definition, *_gaps(own)),
    )


def _gaps(own: pd.DataFrame) -> tuple[str, ...]:
    missing = int((own["days"] == 0).sum())
    if not missing:
        return ()
    empty = german.count(
        missing, "Zeitabschnitt hat keine Daten und bleibt", "Zeitabschnitte haben keine Daten und bleiben"
    )
    return (f"{empty} leer.",)


def _provisional(rows: pd.DataFrame) -> tuple[str, ...]:
    if not rows["provisional"].any():
        return ()
    return ("Die letzten Tage sind bei Google noch vorläufig; sie sind gestrichelt gezeichnet.",)
