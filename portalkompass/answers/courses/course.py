"""The course of a measure by day, week or month, beside the period it is compared with."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.headline import sentence
from portalkompass.answers.base.question import Question, columns, field
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.lines import BUCKETS, line
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import Measure
from portalkompass.metrics.trends import Grain

OWN_DATES: dict[Grain, str] = {
    "day": "Tag der Werte",
    "week": "Woche der Werte ab",
    "month": "Monat der Werte",
}
"""Heads of the dates that rows of the comparison really have; they are drawn at those of the period."""


def course(
    question: Question, rows: pd.DataFrame, measure: Measure, prefix: str = "", *, url: str = ""
) -> Exhibit:
    """The course of one measure with that of the period compared with; ``rows`` from `trending.compared_trend`.

    ``prefix`` begins its id, where a screen shows the course of a part; with ``url`` the events of that page are
    drawn, too.
    """
    grain, now = question.filters.grain, question.now
    drawn = (
        events.marks_of_page(question, url, now.start, now.end, (measure.id,))
        if url
        else events.marks(question, now.start, now.end, (measure.id,))
    )
    headline = sentence(question, measure)
    own = rows[rows["series"] == trending.NOW]
    low, high = (
        german.value(value, measure.format) for value in (own[measure.id].min(), own[measure.id].max())
    )
    return line(
        question,
        f"{prefix}{measure.id}_trend",
        rows,
        (BUCKETS[grain], field(measure), Field("series", "Zeitraum")),
        further=(
            replace(BUCKETS[grain], name="own_bucket", label=OWN_DATES[grain]),
            *columns("integer", days="Tage mit Daten", bucket_days="Tage"),
        ),
        headline=headline,
        subtitle=f"{measure.label} nach {wording.BY_GRAIN[grain]} · {question.period}",
        alt=f"Linie: {measure.label}, {question.period}, zwischen {low} und {high}. {headline}.",
        series="series",
        reverse_y=measure.low_is_good,
        marks=drawn,
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
