"""Font size and column widths of a table in the room that a page or picture has; no word is torn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from portalkompass import german
from portalkompass.charts.columns import texts, titled
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.images import text_metrics

Row = tuple[str, ...]
ACROSS = 12.0
"""Points left and right of a cell's text together."""
SLACK = 1.06
"""Single words are wider than here in another font of the same width (Arial, its likes)."""
BOLD = 600
STEPS, MOST_STEPS = (24.0, 8.0), 40
"""Points that one column gives another as long as the table gets lower, and how often."""
JUDGED, LOST = 200, 1.2
"""Rows by which column widths are judged, and how much longer a text of several lines is for its ragged ends."""
ADDRESS = 24.0
"""Font sizes that a column of addresses has at least: they may break behind their strokes."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns of a table are, in font sizes: their widest words, and their widest texts on one line.

    ``texts`` are the widths of the first rows, head included.
    """

    words: tuple[float, ...]
    whole: tuple[float, ...]
    texts: NDArray[np.float64]

    def least(self, size: float) -> list[float]:
        """Points that each column needs to tear no word."""
        return [width * size + ACROSS for width in self.words]

    def natural(self, size: float) -> list[float]:
        """Points at which every text of a column stands on one line."""
        return [width * size + ACROSS for width in self.whole]


@dataclass(frozen=True, slots=True)
class FittedTable:
    """A table's texts with the font size and the column widths, in points, at which they fit."""

    head: Row
    rows: tuple[Row, ...]
    size: float
    widths: tuple[float, ...]


def fit(exhibit: Outgoing, width: float, sizes: tuple[float, ...]) -> FittedTable:
    """The table at the largest of ``sizes`` (descending) that tears no word; else at the smallest."""
    head, cells = tuple(map(titled, exhibit.fields)), texts(exhibit)
    columns = measured(head, cells, [field.format == "link" for field in exhibit.fields])
    size = fitting(columns, width, sizes) or sizes[-1]
    return FittedTable(
        head, tuple(zip(*cells, strict=True)), size, tuple(column_widths(columns, width, size))
    )


def measured(
    head: Sequence[str], cells: Sequence[Sequence[str]], links: Sequence[bool] | None = None
) -> Columns:
    """The columns with these heads and texts; ``links`` says of each whether it holds addresses."""
    words, whole, judged = [], [], []
    for name, column, link in zip(head, cells, links or [False] * len(head), strict=True):
        different = set(column)
        parts = {word for text in different for word in german.words(german.unbroken(text))}
        widest = max(map(_width, parts), default=0.0)
        in_head = (_width(word, BOLD) for word in german.words(german.unbroken(name)))
        words.append(max([min(widest, ADDRESS) if link else widest, *in_head]))
        widths = {text: _width(text) for text in different}
        whole.append(max([*widths.values(), _width(name, BOLD)]))
        judged.append([_width(name, BOLD), *(widths[text] for text in column[:JUDGED])])
    return Columns(tuple(words), tuple(whole), np.array(judged).T)


def fitting(columns: Columns, width: float, sizes: Sequence[float]) -> float | None:
    """The largest of ``sizes`` (descending) at which no word is torn; None where the smallest is too large."""
    return next((size for size in sizes if sum(columns.least(size)) <= width), None)


def column_widths(columns: Columns, width: float, size: float) -> list[float]:
    """Points of each column, all of the ``width`` together.

    Each has room for its longest word. What is left is shared so that the table is as low as it can be. Where every
    text stands on one line, the rest is shared by all. Where not even the longest words have room, the widest columns
    give way (addresses break), and no number is torn.
    """
    least, natural = columns.least(size), columns.natural(size)
    if sum(natural) <= width:
        return [width * part / sum(natural) for part in natural]
    if sum(least) >= width:
        return _capped(least, width)
    wished = [most - own for most, own in zip(natural, least, strict=True)]
    left = (width - sum(least)) / sum(wished)
    widths = [own + left * more for own, more in zip(least, wished, strict=True)]
    return [*map(float, _lowered(np.array(widths), np.array(least), columns.texts * size))]


def _lowered(
    widths: NDArray[np.float64], least: NDArray[np.float64], texts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The widths after columns have given each other points as long as that saves lines."""
    lines = _lines(widths, texts)
    for step in STEPS:
        for _ in range(MOST_STEPS):
            tried = []
            for giver, taker in permutations(range(len(widths)), 2):
                if widths[giver] - step >= least[giver]:
                    other = widths.copy()
                    other[giver] -= step
                    other[taker] += step
                    tried.append((_lines(other, texts), giver, taker))
            best = min(tried, default=(lines, 0, 0))
            if best[0] >= lines:
                break
            lines, giver, taker = best
            widths[giver] -= step
            widths[taker] += step
    return widths


def _lines(widths: NDArray[np.float64], texts: NDArray[np.float64]) -> float:
    """Lines of all rows together, and a tenth for each line of each text: few are broken for little."""
    room = widths - ACROSS
    lines = np.where(texts <= room, 1.0, np.maximum(np.ceil(texts * LOST / room), 2.0))
    return float(lines.max(axis=1).sum() + lines.sum() / 10)


def _capped(widths: list[float], room: float) -> list[float]:
    """The widths, the widest ones cut to what the narrower ones leave of the room."""
    left, columns = room, len(widths)
    for width in sorted(widths):
        if width * columns > left:
            return [min(one, left / columns) for one in widths]
        left, columns = left - width, columns - 1
    return widths


def _width(text: str, weight: int = 400) -> float:
    return text_metrics.width(text, SLACK, weight)
