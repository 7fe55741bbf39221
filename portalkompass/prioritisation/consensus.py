"""Assessments of several voices on a ladder: the middle step, how far they lie apart, what the lot would give."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import comb

import numpy as np
import pandas as pd

CELL_COLUMNS = (
    "service",
    "criterion",
    "voices",
    "unknown",
    "least",
    "most",
    "middle",
    "apart",
    "agreement",
    "chance",
)


def consensus(
    voices: pd.DataFrame, ladders: Mapping[str, Sequence[float]], lower_is_better: Collection[str] = ()
) -> pd.DataFrame:
    """One row a cell (service × criterion) of ``voices`` (service, criterion, value; NaN: weiß nicht).

    ``voices`` and ``unknown`` count the two apart: who does not know is no voice. ``least``, ``most`` and ``middle``
    are values of steps, NaN without a voice; ``middle`` is the median, of two middle steps the one that gives fewer
    points. ``apart`` counts steps from least to most. ``agreement``: 1 all on one step, 0 half of them at either end,
    NaN below two voices; ``chance`` is what it would be on average if each chose a step by lot. The widest apart
    come first.
    """
    rows = [
        _cell(str(service), str(criterion), own["value"], sorted(ladders[str(criterion)]), lower_is_better)
        for (service, criterion), own in voices.groupby(["service", "criterion"], sort=False)
    ]
    cells = pd.DataFrame(rows, columns=list(CELL_COLUMNS))
    cells = cells.assign(
        sure=cells["agreement"].fillna(2.0)
    )  # what has no agreement comes last of its spread
    ordered = cells.sort_values(["apart", "sure", "voices"], ascending=[False, True, False], kind="stable")
    return ordered[list(CELL_COLUMNS)].reset_index(drop=True)


def by_lot(voices: int, steps: int) -> float:
    """Agreement on average over all ways in which so many voices choose among so many steps; NaN below two of either.

    The distances to the median add up, over all gaps between two steps, to the smaller number of voices on
    either side of the gap: a binomial number by lot.
    """
    if voices < 2 or steps < 2:  # noqa: PLR2004
        return float("nan")
    counts = np.arange(voices + 1)
    smaller = np.minimum(counts, voices - counts)
    ways = np.array([comb(voices, int(count)) for count in counts], dtype="float64")
    shares = [gap / steps for gap in range(1, steps)]
    apart = sum(
        float((ways * one**counts * (1 - one) ** (voices - counts) * smaller).sum()) for one in shares
    )
    return 1.0 - apart / voices / ((steps - 1) / 2)


def _cell(
    service: str,
    criterion: str,
    values: pd.Series,
    ladder: list[float],
    lower_is_better: Collection[str],
) -> tuple[object, ...]:
    known = values.dropna()
    places = np.sort([ladder.index(float(value)) for value in known])
    voices, unknown = len(places), len(values) - len(places)
    if not voices:
        return (service, criterion, 0, unknown, *[float("nan")] * 3, 0, float("nan"), float("nan"))
    # of an even number two steps are in the middle: the cautious one is proposed
    place = voices // 2 if criterion in lower_is_better else (voices - 1) // 2
    distance = float(np.abs(places - np.median(places)).mean())
    agreement = 1.0 - distance / ((len(ladder) - 1) / 2) if voices > 1 else float("nan")
    least, most, middle = (ladder[int(places[at])] for at in (0, -1, place))
    apart = int(places[-1] - places[0])
    return (
        service,
        criterion,
        voices,
        unknown,
        least,
        most,
        middle,
        apart,
        agreement,
        by_lot(voices, len(ladder)),
    )
