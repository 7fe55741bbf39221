"""Font size and column widths of a table in the room that a slide or picture has; no word is torn."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass import german
from portalkompass.charts.columns import texts, titled
from portalkompass.exports.disclosure_control import Outgoing

Row = tuple[str, ...]
WIDE_CHARACTER, CHARACTER = 0.62, 0.53
"""A letter of a bold heading, and one of a long word in usual weight, in font sizes."""
ACROSS = 12.0
"""Points left and right of a cell's text together."""
LONGEST = 46
"""Letters beyond which a column is not made wider: the text breaks instead."""


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
    size = next((size for size in sizes if least_width(head, cells, size) <= width), sizes[-1])
    return FittedTable(
        head, tuple(zip(*cells, strict=True)), size, tuple(column_widths(head, cells, width, size))
    )


def least_width(head: Row, cells: list[list[str]], size: float) -> float:
    """Points across that the table needs to tear no word."""
    return sum(_room(word, size) for word in _longest_words(head, cells))


def column_widths(head: Row, cells: list[list[str]], width: float, size: float) -> list[float]:
    """Each column has room for its longest word; what is left goes to those with long texts, in proportion.

    Where every text stands on one line, the rest is shared by all: no column swells because of its head. Where not even
    the longest words have room, the widest columns give way (addresses break), and no number is torn.
    """
    words = _longest_words(head, cells)
    least = [_room(word, size) for word in words]
    if sum(least) > width:
        least = [_room(word, size, CHARACTER) for word in words]
    longest = [max(map(len, (name, *column))) for name, column in zip(head, cells, strict=True)]
    further = [
        max(_room(min(letters, LONGEST), size) - narrowest, 0.0)
        for letters, narrowest in zip(longest, least, strict=True)
    ]
    left, wished = width - sum(least), sum(further)
    if 0 < left < wished:
        return [narrowest + left * more / wished for narrowest, more in zip(least, further, strict=True)]
    if left <= 0:
        return _capped(least, width)
    parts = [narrowest + more for narrowest, more in zip(least, further, strict=True)]
    return [width * part / sum(parts) for part in parts]


def _capped(widths: list[float], room: float) -> list[float]:
    """The widths, the widest ones cut to what the narrower ones leave of the room."""
    left, columns = room, len(widths)
    for width in sorted(widths):
        if width * columns > left:
            return [min(one, left / columns) for one in widths]
        left, columns = left - width, columns - 1
    return widths


def _longest_words(head: Row, cells: list[list[str]]) -> list[int]:
    """Letters of the longest word of each column, at least three."""
    return [
        max([3, *(len(word) for text in (name, *column) for word in german.words(text))])
        for name, column in zip(head, cells, strict=True)
    ]


def _room(letters: int, size: float, wide: float = WIDE_CHARACTER) -> float:
    """A third of a letter is kept free: short words of wide letters lie above the mean."""
    return (letters * wide + 0.3) * size + ACROSS
