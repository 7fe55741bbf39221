"""Known events in a trend: a day is a rule, a span a pale field, each with its label above the plot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.layering import over
from portalkompass.exhibit import Mark

MARKS = "marks"
ROW_HEIGHT = 16
LABEL_LIMIT = 44
# Labels are laid out for the narrowest full-width chart at 1280 px; wider ones only have more room.
PLOT_WIDTH = 820.0
CHARACTER_WIDTH = 6.3


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark inside the shown period, with the row of its label and the side it is written to."""

    start: dt.date
    end: dt.date
    label: str
    sentence: str
    row: int
    leftwards: bool


def place(marks: tuple[Mark, ...], first: dt.date, last: dt.date) -> list[Placed]:
    """Marks that touch the period, clipped to it, their labels in rows that do not collide."""
    rows: list[list[tuple[float, float]]] = []
    placed = []
    days = max((last - first).days, 1)
    for mark in sorted(marks, key=lambda mark: (mark.date, mark.label)):
        end = mark.end or mark.date
        if mark.date > last or end < first:
            continue
        start, end = max(mark.date, first), min(end, last)
        label = mark.label if len(mark.label) <= LABEL_LIMIT else mark.label[: LABEL_LIMIT - 2] + " …"
        width = len(label) * CHARACTER_WIDTH + 12
        anchor = (start - first).days / days * PLOT_WIDTH
        leftwards = anchor + width > PLOT_WIDTH
        extent = (anchor - width, anchor) if leftwards else (anchor, anchor + width)
        row = next((i for i, taken in enumerate(rows) if _free(extent, taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(extent)
        placed.append(Placed(start, end, label, mark.sentence, row, leftwards))
    return placed


def _free(extent: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    return all(extent[1] <= left or right <= extent[0] for left, right in taken)


def height(placed: list[Placed]) -> int:
    """Pixels that the labels need above the plot."""
    return (max(mark.row for mark in placed) + 1) * ROW_HEIGHT if placed else 0


def layers(placed: list[Placed]) -> tuple[list[alt.Chart], list[alt.Chart], dict[str, pd.DataFrame]]:
    """What lies behind the lines (spans), what stands before them (rules, labels), and their rows."""
    if not placed:
        return [], [], {}
    frame = pd.DataFrame(
        {
            "x": pd.to_datetime([mark.start for mark in placed]),
            "x2": pd.to_datetime([mark.end for mark in placed]),
            "label": [mark.label for mark in placed],
            "sentence": [mark.sentence for mark in placed],
            "place": [f"{mark.row}{'l' if mark.leftwards else 'r'}" for mark in placed],
            "span": [mark.end > mark.start for mark in placed],
        }
    )
    x, tooltip = alt.X(field="x", type="temporal"), _tooltip()
    spans = over(MARKS).mark_rect(color=theme.SPAN, opacity=0.75).transform_filter("datum.span")
    rules = [over(MARKS).mark_rule(color=theme.MUTED, strokeDash=[2, 3]).encode(x, tooltip)]
    for row, leftwards in sorted({(mark.row, mark.leftwards) for mark in placed}):
        group = over(MARKS).transform_filter(f"datum.place == '{row}{'l' if leftwards else 'r'}'")
        text = group.mark_text(
            align="right" if leftwards else "left",
            dx=-5 if leftwards else 5,
            baseline="middle",
            color=theme.MUTED,
            fontSize=11,
        )
        level = -10 - ROW_HEIGHT * row
        rules.append(text.encode(x, alt.Text(field="label", type="nominal"), tooltip, _above(level)))
        # The rule reaches up to its label.
        reach = group.mark_rule(color=theme.MUTED, strokeDash=[2, 3])
        rules.append(reach.encode(x, _above(level - 6), _to_the_plot()))
    behind = [spans.encode(x, alt.X2(field="x2"), tooltip)] if bool(frame["span"].any()) else []
    return behind, rules, {MARKS: frame}


def _above(pixels: int) -> alt.YValue:
    """A height as the object it becomes: Altair would look through its whole schema for the class of a bare one."""
    return alt.YValue(pixels)  # type: ignore[no-untyped-call]


def _to_the_plot() -> alt.Y2Value:
    return alt.Y2Value(0)  # type: ignore[no-untyped-call]


def _tooltip() -> alt.Tooltip:
    return alt.Tooltip(field="sentence", type="nominal", title="Ereignis")
