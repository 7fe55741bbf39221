"""The site's click curve as a chart."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, field
from portalkompass.estimates.ctr_curve import Curve
from portalkompass.exhibit import Axes, Exhibit, Field
from portalkompass.metrics.measures import EXPECTED_CTR, IMPRESSIONS, POSITION


def curve_exhibit(question: Question, curve: Curve, window: str) -> Exhibit:
    """Usual click rate by position, the range of 80 % of the impressions in the rows; ``window`` names the days."""
    frame = pd.DataFrame(
        {
            "position": curve.positions,
            "expected_ctr": curve.rates,
            "low": curve.low,
            "high": curve.high,
            "impressions": [round(shown) for shown in curve.impressions],
        }
    )
    place, rate = german.number(frame["position"].iloc[0], 1), german.percent(frame["expected_ctr"].iloc[0])
    tenth = german.percent(float(curve.rate(pd.Series([10.0]).to_numpy())[0]))
    headline = f"Auf Platz {place} führen {rate} der Anzeigen zu einem Klick, auf Platz 10 noch {tenth}"
    return question.exhibit(
        "ctr_curve",
        "scatter",
        frame,
        (
            field(POSITION),
            field(EXPECTED_CTR),
            Field("low", "10 % liegen unter", "percent"),
            Field("high", "10 % liegen über", "percent"),
            field(IMPRESSIONS),
        ),
        headline=headline,
        subtitle=f"Übliche Klickrate nach Position, Suchanfragen ohne Stadtnamen · {window}",
        alt=f"Punkte der üblichen Klickrate nach Position, {window}. {headline}.",
        x="position",
        y="expected_ctr",
        size="impressions",
        notes=(EXPECTED_CTR.definition,),
        axes=Axes(x_from=1.0),
    )
