"""The course of a measure by day, week or month, beside the period it is compared with."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.headline import sentence
from portalkompass.answers.base.question import Question, columns, field
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.lines import BUCKETS, UNFINISHED, line
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, CTR, IMPRESSIONS, POSITION, Measure
from portalkompass.metrics.trends import Grain

SHOWN = (CLICKS, IMPRESSIONS, CTR, POSITION)
"""The measures of one page, query or service, from above."""
OWN_DATES: dict[Grain, str] = {
    "day": "Tag der Werte",
    "week": "Woche der Werte ab",
    "month": "Monat der Werte",
}
"""Heads of the dates that rows of the comparison really have; they are drawn at those of the period."""


def course(question: Question, rows: pd.DataFrame, measure: Measure) -> Exhibit:
    """The course of one measure with that of the period compared with; ``rows`` from `trending.compared_trend`."""
    grain, now = question.filters.grain, question.now
    headline = sentence(question, measure)
    own = rows[rows["series"] == trending.NOW]
    return line(
        question,
        f"{measure.id}_trend",
        rows,
        (BUCKETS[grain], field(measure), Field("series", "Zeitraum")),
        further=_further(grain),
        headline=headline,
        subtitle=f"{measure.label} nach {wording.BY_GRAIN[grain]} · {question.period}",
        alt=f"Linie: {measure.label}, {question.period}, {_extent(own, measure)}. {headline}.",
        series="series",
        reverse_y=measure.low_is_good,
        marks=events.marks(question, now.start, now.end, (measure.id,)),
        over=(now, trending.drawn(rows, grain)),
        sides=(question.like, question.before),  # the headline compares these, the line may be longer
        measures=(measure.id,),
        notes=(measure.definition, *_gaps(own)),
    )


def courses(question: Question, rows: pd.DataFrame, id: str, *, url: str = "") -> Exhibit:
    """Clicks, impressions, click rate and position of a page, query or service on one time axis, as `course`.

    With ``url`` the events of that page are drawn, too.
    """
    grain, now = question.filters.grain, question.now
    measures = tuple(measure.id for measure in SHOWN)
    own = rows[rows["series"] == trending.NOW]
    told = "; ".join(f"{measure.label} {_extent(own, measure)}" for measure in SHOWN)
    fields = (
        BUCKETS[grain],
        *map(field, SHOWN),
        Field("series", "Zeitraum"),
        *UNFINISHED,
        *_further(grain),
    )
    headline = sentence(question, CLICKS)
    return question.exhibit(
        id,
        "panels",
        rows[[one.name for one in fields]],
        fields,
        headline=headline,
        subtitle=(
            f"{german.listing([measure.label for measure in SHOWN])} nach {wording.BY_GRAIN[grain]} · "
            f"{question.period}"
        ),
        alt=f"Linien auf einer Zeitachse, {question.period}: {told}. {headline}.",
        x="bucket",
        panels=measures,
        series="series",
        marks=(
            events.marks_of_page(question, url, now.start, now.end, measures)
            if url
            else events.marks(question, now.start, now.end, measures)
        ),
        over=(now, trending.drawn(rows, grain)),
        sides=(question.like, question.before),  # the headline compares these, the line may be longer
        measures=measures,
        notes=_gaps(own),
    )


def _further(grain: Grain) -> tuple[Field, ...]:
    """Columns that the chart does not draw: the dates of the values, and how many days they have."""
    return (
        replace(BUCKETS[grain], name="own_bucket", label=OWN_DATES[grain]),
        *columns("integer", days="Tage mit Daten", bucket_days="Tage"),
    )


def _extent(own: pd.DataFrame, measure: Measure) -> str:
    values = own[measure.id]
    low, high = (german.value(value, measure.format) for value in (values.min(), values.max()))
    return f"zwischen {low} und {high}"


def _gaps(own: pd.DataFrame) -> tuple[str, ...]:
    missing = int((own["days"] == 0).sum())
    if not missing:
        return ()
    empty = german.count(
        missing, "Zeitabschnitt hat keine Daten und bleibt", "Zeitabschnitte haben keine Daten und bleiben"
    )
    return (f"{empty} leer.",)
