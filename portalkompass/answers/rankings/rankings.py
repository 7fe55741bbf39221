"""Rankings: how positions, clicks and impressions develop, and how many queries stand how high."""

from __future__ import annotations

import pandas as pd

from portalkompass.answers.base import events
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.headline import cards, headline, hidden_cards, sentence
from portalkompass.answers.base.missing_data import LOAD_DAYS, no_search_data
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.window_rows import answering, windows, with_same_days
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.course import course
from portalkompass.answers.courses.window_course import window_course
from portalkompass.answers.rankings.band_rows import band_exhibits
from portalkompass.answers.rankings.position_mix import position_impressions, position_mix
from portalkompass.answers.rankings.segment_rows import segment_exhibits
from portalkompass.answers.rankings.topic_groups import brand_trend, topic_groups
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS, IMPRESSIONS, POSITION

COURSE, PLACES, GROUPS = "Verlauf", "Positionen", "Themen und Geräte"
PARTS = (COURSE, PLACES, GROUPS)
"""Parts of *Rankings*: the course over time, where queries stand, and what is searched from where."""


def answer(question: Question, part: str = "") -> Answer:
    """Trends by day, week or month with the earlier period, bands of queries, devices and countries.

    ``part`` leaves out the exhibits of the other ones; empty means all of them.
    """
    own = answering(question, "search_site_day")
    if missing := no_search_data(own):
        return missing
    rows = None if own.window else trending.compared_trend(question, question.filters.grain)
    exhibits: list[Exhibit | None] = []
    costs: tuple[str, ...] = own.costs
    if part in ("", COURSE):
        if rows is not None:
            exhibits += [course(question, rows, measure) for measure in (POSITION, CLICKS, IMPRESSIONS)]
        exhibits += window_course(question)
    if part in ("", PLACES):
        exhibits += [position_mix(question), position_impressions(question), *band_exhibits(question)]
    if part in ("", GROUPS):
        topics, segments = answering(question, "search_query_day"), answering(question, "search_segment_day")
        exhibits += [brand_trend(question), topic_groups(topics), *segment_exhibits(segments)]
        costs = tuple(dict.fromkeys((*costs, *topics.costs, *segments.costs)))
    shown = [exhibit for exhibit in exhibits if exhibit is not None]
    return own.answer(
        message=f"{sentence(own, POSITION)}.",
        exhibits=shown,
        figures=(
            *cards(own, headline(own, own.now)),
            *hidden_cards(with_same_days(own, "search_query_day")),
        ),
        caveats=(
            *costs,
            *events.cautions(own, *_GRAINS[part]),
            *events.device_sentences(own),
            *(() if rows is None else _provisional(rows)),
        ),
        next_steps=() if shown or not windows(question) else (LOAD_DAYS,),
    )


_GRAINS = {
    "": ("search_query_day", "search_page_day", "search_segment_day"),
    COURSE: ("search_query_day",),
    PLACES: ("search_query_day", "search_page_day"),
    GROUPS: ("search_query_day", "search_segment_day"),
}
"""Grains that each part shows beside the property's own."""


def _provisional(rows: pd.DataFrame) -> tuple[str, ...]:
    if not rows["provisional"].any():
        return ()
    return ("Die letzten Tage sind bei Google noch vorläufig; sie sind gestrichelt gezeichnet.",)
