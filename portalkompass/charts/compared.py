"""Two labelled days of a line: their values at the points, and the difference between them along the lower edge."""

from __future__ import annotations

import datetime as dt

import altair as alt
import pandas as pd

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.charts.layering import over
from portalkompass.exhibit import Exhibit

PAIR = 2
"""Days that are compared."""
DECIMALS = {"integer": 0, "decimal1": 1, "decimal2": 2}
LABELS, ARROW = "labelled", "compared"
ABOVE_POINT, ABOVE_AXIS, ABOVE_ARROW = 14, 10, 20
"""Pixels of a value above its point, and of the arrow and its words above the lower edge of the plot."""


def difference(exhibit: Exhibit) -> tuple[tuple[dt.date, ...], str] | None:
    """The two labelled days in order, and their difference in words ("15,1 besser →"); None without both values.

    It is the difference of what is written at the points, which a reader can check.
    """
    rows = _rows(exhibit)
    field = exhibit.field(exhibit.y)
    if len(exhibit.labelled) != PAIR or len(rows) != PAIR or field.format not in DECIMALS:
        return None
    decimals = DECIMALS[field.format]
    old, new = (german.rounded(float(value), decimals) for value in rows.sort_values(exhibit.x)[exhibit.y])
    words = ("schlechter", "besser") if field.low_is_good else ("mehr", "weniger")
    told = f"{german.number(float(abs(new - old)), decimals)} {words[new < old]}"
    return tuple(sorted(exhibit.labelled)), f"{told} →" if new != old else "unverändert"


def layers(exhibit: Exhibit, x: alt.X, y: alt.Y) -> tuple[list[alt.Chart], dict[str, pd.DataFrame]]:
    """The layers and their rows; none without labelled days."""
    rows = _rows(exhibit)
    if rows.empty:
        return [], {}
    written = german.texts(rows[exhibit.y], exhibit.field(exhibit.y).format)
    frame = pd.DataFrame({"x": pd.to_datetime(rows[exhibit.x]), "y": rows[exhibit.y], "text": written})
    values = over(LABELS).mark_text(dy=-ABOVE_POINT, fontSize=14, fontWeight=600, color=theme.TEXT)
    parts = [values.encode(x, y, alt.Text(field="text", type="nominal"))]
    if (compared := difference(exhibit)) is None:
        return parts, {LABELS: frame}
    first, last = map(pd.Timestamp, compared[0])
    arrow = pd.DataFrame(
        {"x": [first], "x2": [last], "middle": [first + (last - first) / 2], "told": [compared[1]]}
    )
    rule = over(ARROW).mark_rule(color=theme.GREY, strokeWidth=1.25)
    words = over(ARROW).mark_text(fontSize=12, color=theme.TEXT)
    middle = alt.X(field="middle", type="temporal")
    told = alt.Text(field="told", type="nominal")
    parts += [
        rule.encode(alt.X(field="x", type="temporal"), alt.X2(field="x2"), _from_below(ABOVE_AXIS)),
        words.encode(middle, told, _from_below(ABOVE_ARROW)),
    ]
    return parts, {LABELS: frame, ARROW: arrow}


def _rows(exhibit: Exhibit) -> pd.DataFrame:
    """The rows of the labelled days whose value is known."""
    days = pd.to_datetime(exhibit.frame[exhibit.x])
    return exhibit.frame[days.isin(pd.to_datetime(list(exhibit.labelled)))].dropna(subset=[exhibit.y])


def _from_below(pixels: int) -> alt.YValue:
    """A height above the lower edge of the plot, however high it is drawn."""
    return alt.YValue(alt.ExprRef(f"height - {pixels}"))  # type: ignore[no-untyped-call]
