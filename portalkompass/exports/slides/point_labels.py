"""Where the name of a point stands on a slide: beside, above or below it, so that no two names touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Side = Literal["right", "left", "above", "below"]
Place = tuple[Side, float]
"""A side, and how many points higher than there the name stands."""
CHARACTER, LINE, MARK = 6.2, 14.0, 7.0
"""Points that a letter and a line take at the size of labels, and that a mark reaches from its middle."""

PLACES: tuple[Place, ...] = (
    *((side, 0.0) for side in ("right", "left", "above", "below")),
    *((side, LINE * lines) for lines in (-1, 1, -2, 2, -3, 3) for side in ("right", "left")),
)
"""In the order in which they are tried: straight beside the mark, then some lines higher or lower."""

Frame = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def places(
    points: Sequence[tuple[float, float]], names: Sequence[str], width: float, height: float
) -> list[Place | None]:
    """The place of each name; None where everywhere it would touch a name or mark, or leave the plot.

    ``points``: x and y as shares (0 … 1) of a plot of ``width`` × ``height`` points. The upper ones are
    placed first; an empty name takes no room.
    """
    marks = [(x * width, y * height) for x, y in points]
    name_places: list[Place | None] = [None] * len(marks)
    taken: list[Frame] = []
    for number in sorted(range(len(marks)), key=lambda n: (-marks[n][1], marks[n][0])):
        if not names[number]:
            continue
        others = [_mark(mark) for other, mark in enumerate(marks) if other != number]
        for place in PLACES:
            frame = frame_of(marks[number], names[number], place)
            if _inside(frame, width, height) and not any(touch(frame, other) for other in [*taken, *others]):
                name_places[number] = place
                taken.append(frame)
                break
    return name_places


def frame_of(mark: tuple[float, float], name: str, place: Place) -> Frame:
    """The room that a name takes at its place beside the mark."""
    side, higher = place
    x, y = mark[0], mark[1] + higher
    wide = len(name) * CHARACTER
    if side == "right":
        return x + MARK, y - LINE / 2, x + MARK + wide, y + LINE / 2
    if side == "left":
        return x - MARK - wide, y - LINE / 2, x - MARK, y + LINE / 2
    bottom = y + MARK if side == "above" else y - MARK - LINE
    return x - wide / 2, bottom, x + wide / 2, bottom + LINE


def _mark(mark: tuple[float, float]) -> Frame:
    """A little smaller than drawn: a name may come close to a mark, not onto it."""
    return mark[0] - MARK / 2, mark[1] - MARK / 2, mark[0] + MARK / 2, mark[1] + MARK / 2


def _inside(frame: Frame, width: float, height: float) -> bool:
    return frame[0] >= 0 and frame[1] >= -LINE and frame[2] <= width and frame[3] <= height + LINE


def touch(one: Frame, other: Frame) -> bool:
    """Whether two frames share any room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
