"""Known events in a trend: a day is a rule, a span a pale field, each with its label above the plot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import altair as alt
import pandas as pd

from portalkompass.charts import theme
from portalkompass.charts.columns import shortened
from portalkompass.charts.layering import over
from portalkompass.charts.widths import AXIS, width
from portalkompass.exhibit import Mark

MARKS = "marks"
ROW_HEIGHT, LABEL_LIMIT = 16, 44
"""Pixels of a row of labels, and characters of a label."""
CHARACTER_WIDTH = 6.3
NARROW = 360
"""In a plot that is narrower (on a phone) labels would lie over each other: tooltip and notes name the events."""


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
    """Marks that touch the period, clipped to it, their labels in rows that do not collide.

    A label is written to the side on which the rules of other marks cut it least, to the right where both are alike.
    """
    days, plot = max((last - first).days, 1), width() - AXIS
    shown = [
        mark
        for mark in sorted(marks, key=lambda mark: (mark.date, mark.label))
        if mark.date <= last and (mark.end or mark.date) >= first
    ]
    anchors = [(max(mark.date, first) - first).days / days * plot for mark in shown]
    rows: list[list[tuple[float, float]]] = []
    placed = []
    for number, (mark, anchor) in enumerate(zip(shown, anchors, strict=True)):
        start, end = max(mark.date, first), min(mark.end or mark.date, last)
        label = shortened(mark.label, LABEL_LIMIT)
        others = anchors[:number] + anchors[number + 1 :]
        extent = _side(anchor, len(label) * CHARACTER_WIDTH + 12, others, plot)
        row = next((i for i, taken in enumerate(rows) if _free(extent, taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(extent)
        placed.append(Placed(start, end, label, mark.sentence, row, leftwards=extent[0] < anchor))
    return placed


def _side(anchor: float, needed: float, others: list[float], plot: float) -> tuple[float, float]:
    """Where a label lies, from … to: right of its rule, or left where that is cut less or does not fit."""
    right, left = (anchor, anchor + needed), (anchor - needed, anchor)
    if right[1] > plot:
        return left
    if left[0] < 0:
        return right
    return left if _cuts(left, others) < _cuts(right, others) else right


def _cuts(extent: tuple[float, float], anchors: list[float]) -> int:
    return sum(extent[0] < anchor < extent[1] for anchor in anchors)


def _free(extent: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    return all(extent[1] <= left or right <= extent[0] for left, right in taken)


def height(placed: list[Placed]) -> int:
    """Pixels that the labels need above the plot."""
    return (max(mark.row for mark in placed) + 1) * ROW_HEIGHT if placed else 0


def layers(
    placed: list[Placed],
) -> tuple[list[alt.Chart], list[alt.Chart], dict[str, pd.DataFrame]]:
    """What lies behind the lines (spans), what stands before them (rules, labels), and their rows.

    Heights of labels, and of the upper ends of rules, are pixels in the rows themselves, so that two layers do for all
    of them: each layer takes the browser longer than all its marks. Rules end with the plot, however high it is drawn.
    """
    if not placed:
        return [], [], {}
    levels = [-10 - ROW_HEIGHT * mark.row for mark in placed]
    frame = pd.DataFrame(
        {
            "x": pd.to_datetime([mark.start for mark in placed]),
            "x2": pd.to_datetime([mark.end for mark in placed]),
            "label": [mark.label for mark in placed],
            "sentence": [mark.sentence for mark in placed],
            "level": levels,
            "top": [level - 6 for level in levels],
            "leftwards": [mark.leftwards for mark in placed],
            "span": [mark.end > mark.start for mark in placed],
        }
    )
    x = alt.X(field="x", type="temporal")
    tooltip = alt.Tooltip(field="sentence", type="nominal", title="Ereignis")
    spans = over(MARKS).mark_rect(color=theme.SPAN, opacity=0.75).transform_filter("datum.span")
    # The rule reaches from the bottom of the plot up to its label.
    rules = over(MARKS).mark_rule(color=theme.MUTED, strokeDash=[2, 3])
    rules = rules.encode(x, tooltip, _pixels("top"), alt.Y2Value("height"))  # type: ignore[no-untyped-call]
    texts = over(MARKS).mark_text(
        align=alt.ExprRef("datum.leftwards ? 'right' : 'left'"),
        dx=alt.ExprRef("datum.leftwards ? -5 : 5"),
        baseline="middle",
        color=theme.MUTED,
        fontSize=11,
        opacity=alt.ExprRef(f"width < {NARROW} ? 0 : 1"),
    )
    texts = texts.encode(x, alt.Text(field="label", type="nominal"), tooltip, _pixels("level"))
    behind = [spans.encode(x, alt.X2(field="x2"), tooltip)] if bool(frame["span"].any()) else []
    return behind, [rules, texts], {MARKS: frame}


def _pixels(column: str) -> alt.Y:
    """A column that holds heights in pixels, apart from the scale of the plot."""
    return alt.Y(field=column, type="quantitative", scale=None, axis=None)
