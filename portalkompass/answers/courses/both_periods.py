"""Columns of a table that sets two periods side by side: each measure then, now, and the difference."""

from __future__ import annotations

import pandas as pd

from portalkompass.answers.base.question import Question, field, short
from portalkompass.exhibit import Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, Measure

MEASURES = (CLICKS, IMPRESSIONS, CTR, POSITION)
MOST_ROWS = 20_000
"""Of such a table; it is read in pages and leaves whole as a spreadsheet."""
SUMS = "Klicks und Impressionen"
"""What `wording.same_days` says of such a table."""
GAIN = "gain"
"""Difference of the clicks: the column that tables are ordered by for gains and losses."""


def both_periods(
    question: Question, rows: pd.DataFrame, factor: float | None
) -> tuple[pd.DataFrame, tuple[Field, ...], tuple[str, ...]]:
    """``rows`` of `metrics.pages.compared` with the differences; the fields of a table; those it shows on demand.

    Each head names its days where they are not the period's. Sums compare as many days (``factor``, as in
    `metrics.pages.compared`) and differ by whole ones; without a comparison only the period's own measures are there.
    """
    now = tuple(field(measure) for measure in MEASURES)
    if question.like is None or question.before is None or factor is None:
        return rows, now, ()
    like, before = short(question.like), short(question.before)
    whole = question.like == question.now
    columns: dict[str, pd.Series[float]] = {}
    further: list[Field] = []
    for measure in MEASURES:
        name, sums = measure.id, measure in (CLICKS, IMPRESSIONS)
        earlier = rows[f"{name}_before"] * factor if sums else rows[f"{name}_before"]
        gain = GAIN if measure is CLICKS else f"{name}_gain"
        apart = rows[f"{name}_like"].astype("float64") - earlier.astype("float64")
        apart = apart.round() if sums else apart
        columns[gain] = apart * (-1 if measure.low_is_good else 100 if measure is CTR else 1)
        if not whole:
            further.append(Field(f"{name}_like", f"{measure.label} {like}", measure.format, measure.unit))
        further.append(Field(f"{name}_before", f"{measure.label} {before}", measure.format, measure.unit))
        if measure is not CLICKS:
            further.append(_difference(gain, measure, "" if whole else f" {like}"))
    gained = Field(GAIN, f"Unterschied {like}" if not whole else "Unterschied", "signed_integer")
    shown = (now[0], gained, field(CHANGE), *now[1:])
    return rows.assign(**columns), (*shown, *further), tuple(one.name for one in further)


UNROUNDED = "Aus ungerundeten Werten; die Differenz der gezeigten kann um 0,1 davon abweichen."
"""Of a column that is sorted and exported: sentences and cards subtract what they show (`wording.shown_difference`)."""


def _difference(name: str, measure: Measure, days: str) -> Field:
    """``days`` are those of the later side, where they are not the period's."""
    if measure is POSITION:
        return Field(name, f"Plätze gewonnen{days}", "signed", help=UNROUNDED)
    label = f"{measure.label} mehr oder weniger{days}"
    if measure is CTR:
        return Field(name, label, "signed", "Prozentpunkte", help=UNROUNDED)
    return Field(name, label, "signed_integer")
