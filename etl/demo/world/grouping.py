"""Grouping the demo world's cells by any of its dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from etl.demo.world.row_types import Floats, Ints, Rows
from etl.demo.world.segments import Segments, depth_factors


def grouped(
    dimensions: tuple[str, ...],
    codes: dict[str, Ints],
    names: dict[str, Sequence[str]],
    clicks: Ints,
    impressions: Ints,
    depth: Floats,
) -> Rows:
    """Cells summed by their codes; `names` turns codes into keys. The order is that of the codes."""
    combined = np.zeros(len(clicks), dtype=np.int64)
    for name in dimensions:
        combined = combined * len(names[name]) + codes[name]
    groups, place = np.unique(combined, return_inverse=True)

    def total(values: Ints | Floats) -> Floats:
        return np.asarray(np.bincount(place, values, len(groups)), dtype=np.float64)

    keys: list[list[str]] = []
    rest = groups
    for name in reversed(dimensions):
        labels = names[name]
        keys.append([labels[code] for code in rest % len(labels)])
        rest = rest // len(labels)
    return Rows(
        tuple(reversed(keys)),
        total(clicks).astype(np.int64),
        total(impressions).astype(np.int64),
        total(depth),
    )


def cross(
    clicks: Ints, impressions: Ints, depth: Floats, segments: Segments, number: int
) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """Divide rows among segments, impression by impression: row sums stay exact, byProperty segments too.

    byPage has more impressions than the property; the surplus is spread as the property is.
    """
    rng = np.random.default_rng(number)
    size = segments.clicks.shape[1]

    def dealt(rows: Ints, per_segment: Ints) -> Ints:
        units = np.repeat(np.arange(len(rows)), rows)
        seats = np.repeat(np.arange(size), per_segment)
        surplus = len(units) - len(seats)
        if surplus > 0:
            seats = np.concatenate([seats, rng.choice(size, surplus, p=per_segment / per_segment.sum())])
        rng.shuffle(seats)
        return np.bincount(units * size + seats[: len(units)], minlength=len(rows) * size)

    clicked = dealt(clicks, segments.clicks[number])
    passed = dealt(impressions - clicks, segments.impressions[number] - segments.clicks[number])
    shown = np.flatnonzero(clicked + passed)
    row, segment = shown // size, shown % size
    parts = (clicked + passed)[shown]
    weight = parts * depth_factors()[segment]
    mean = np.bincount(row, weight, len(clicks))[row]
    return row, segment, clicked[shown], parts, weight / mean * depth[row]
