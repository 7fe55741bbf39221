"""The next best question: which missing value or open weight would change most often who is at the top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portalkompass.prioritisation.robustness import NEARNESS

QUESTION_DRAWS = 2_000
SEED = 20251217
COLUMNS = ("kind", "service_id", "criterion", "change")
VALUE, WEIGHT = "value", "weight"
_SMALL = 1e-12


@dataclass(frozen=True)
class _Draws:
    """``weights``: draws × criteria; ``scores``: draws × services; ``cells``: draws × services × criteria, 0 … 1."""

    weights: NDArray[np.float64]
    cells: NDArray[np.float64]
    scores: NDArray[np.float64]


def next_questions(
    values: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    top: int,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    draws: int = QUESTION_DRAWS,
    with_weights: bool = True,
) -> pd.DataFrame:
    """How often the answer to one question changes which services are the best ``top``; the largest first.

    Columns: kind ("value" or "weight"), service_id ("" for a weight), criterion, change (0 … 1). ``values``: services ×
    criteria, 0 … 1, NaN unknown; ``low`` and ``high`` as in ``robustness``; ``weights`` sum to 1 and are open as
    around the chosen ones there.

    ``change`` is the share of pairs of draws that differ in this one quantity only and have another top: the total
    effect of the quantity on the decision (Sobol). Unlike the gain from one answer alone it is not 0 where only
    several answers together could change it. Of a value it is exact given the rest of the draw: uniform between its
    ends, two draws of it lie on different sides of the threshold with 2·u·(1 − u).
    """
    ordered = values.sort_index()
    names = [str(name) for name in ordered.columns]
    counted = [number for number, name in enumerate(names) if weights.get(name, 0.0) > 0]
    count = len(ordered)
    if not 0 < top < count or not counted:
        return pd.DataFrame(columns=list(COLUMNS))
    least, width = _spans(ordered, low, high)
    share = np.array([weights[names[number]] for number in counted])
    made = _drawn(least[:, counted], width[:, counted], share / share.sum(), draws)
    rows = [
        (VALUE, str(ordered.index[service]), names[counted[place]], change)
        for service, place, change in _of_values(made, least[:, counted], width[:, counted], top)
    ]
    if with_weights and len(counted) > 1:
        rows += [(WEIGHT, "", names[counted[place]], change) for place, change in _of_weights(made, top)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    order = ["change", "kind", "service_id", "criterion"]
    return frame.sort_values(order, ascending=[False, True, True, True], kind="stable").reset_index(drop=True)


def _spans(
    ordered: pd.DataFrame, low: pd.DataFrame | None, high: pd.DataFrame | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    least = (ordered.fillna(0.0) if low is None else low.reindex_like(ordered)).to_numpy(dtype="float64")
    most = (ordered.fillna(1.0) if high is None else high.reindex_like(ordered)).to_numpy(dtype="float64")
    return least, most - least


def _drawn(
    least: NDArray[np.float64], width: NDArray[np.float64], share: NDArray[np.float64], draws: int
) -> _Draws:
    generator = np.random.default_rng(SEED)
    weights = generator.dirichlet(NEARNESS * share, size=draws)
    cells = least + width * generator.random((draws, *least.shape))
    return _Draws(weights, cells, np.einsum("dsc,dc->ds", cells, weights))


def _of_values(
    made: _Draws, least: NDArray[np.float64], width: NDArray[np.float64], top: int
) -> list[tuple[int, int, float]]:
    """(service, criterion, change) of every value that is not known exactly."""
    ordered = -np.sort(-made.scores, axis=1)
    # the best score that a service has to beat among the others
    inside, outside = ordered[:, top - 1 : top], ordered[:, top : top + 1]
    threshold = np.where(made.scores >= inside, outside, inside)
    found = []
    for service, place in zip(*np.nonzero(width > 0), strict=True):
        reach = np.maximum(made.weights[:, place] * width[service, place], _SMALL)
        own = made.weights[:, place] * (made.cells[:, service, place] - least[service, place])
        level = np.clip((threshold[:, service] - (made.scores[:, service] - own)) / reach, 0.0, 1.0)
        found.append((int(service), int(place), float((2 * level * (1 - level)).mean())))
    return found


def _of_weights(made: _Draws, top: int) -> list[tuple[int, float]]:
    """(criterion, change) of every weight: another draw of it, the others in their proportions."""
    best = _top(made.scores, top)
    found = []
    for place in range(made.weights.shape[1]):
        other = np.roll(made.weights[:, place], 1)  # a draw of the same weight that belongs to another draw
        rest = 1.0 - made.weights[:, place]
        weights = made.weights * ((1.0 - other) / np.maximum(rest, _SMALL))[:, None]
        weights[:, place] = other
        scores = np.einsum("dsc,dc->ds", made.cells, weights)
        found.append((place, float((_top(scores, top) != best).any(axis=1).mean())))
    return found


def _top(scores: NDArray[np.float64], top: int) -> NDArray[np.bool_]:
    """draws × services: who is among the best."""
    chosen = np.argpartition(-scores, top - 1, axis=1)[:, :top]
    among = np.zeros(scores.shape, dtype=bool)
    np.put_along_axis(among, chosen, values=True, axis=1)
    return among
