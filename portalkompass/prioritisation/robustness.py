"""How sure a ranking is when weights are open: draws over all weights, and the smallest decisive change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portalkompass.prioritisation.model import normalised

DRAWS = 10_000
SEED = 20251215
NEARNESS = 50.0
"""Concentration of the draws around chosen weights: as sure as a group that has weighed 50 single comparisons."""
_DRAWS_AT_A_TIME = 1_000  # draws at a time: 189 services need 1.5 MB a chunk
_EQUAL_WITHIN = 1e-12
_NEAR_END = 1e-9
"""Nearer than this to 0 or 1 a weight is at its end: beyond it nobody could overtake."""


@dataclass(frozen=True)
class Robustness:
    """Ranks over the draws, inside each lane.

    ``acceptability``: services × k, share of draws (0 … 1) with rank ≤ k; k beyond the lane's size gives
    1. ``ranges``: service_id, lane, rank_p5, rank_p95, first_share (share of draws on rank 1).
    """

    draws: int
    acceptability: pd.DataFrame
    ranges: pd.DataFrame


def robustness(
    values: pd.DataFrame,
    lanes: Mapping[str, str | None] | None = None,
    *,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    draws: int = DRAWS,
    around: Mapping[str, float] | None = None,
) -> Robustness:
    """Rank services under ``draws`` random weightings of all criteria of ``values`` (0 … 1, NaN unknown).

    Weights are Dirichlet(1, …, 1): every mix is as likely as any other, whatever the sliders say. With ``around``
    (weights by criterion, sum 1) they are Dirichlet(NEARNESS · weight): their mean is that weight, and a third of the
    whole varies by 0.07 (standard deviation). A weight of 0 stays 0.
    Unknown values are uniform on 0 … 1 in the same draw, and those known as an interval only uniform between the
    ends ``low`` and ``high`` (frames like ``values``, without a missing cell). Equal scores share the better rank.
    The seed is fixed and services are drawn in the order of their ids, so row order changes nothing.
    Source: stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen, Salminen 1998).
    """
    ids, least, widths, concentration = _spans(values, low, high, around)
    lane_of = np.array([(lanes or {}).get(service) or "" for service in ids], dtype=object)
    counts = _count_ranks(_drawn(least, widths, draws, concentration), lane_of)
    cumulative = counts.cumsum(axis=1) / max(draws, 1)
    acceptability = pd.DataFrame(cumulative, index=ids, columns=range(1, len(ids) + 1))
    ranges = pd.DataFrame(
        {
            "service_id": ids,
            "lane": lane_of,
            "rank_p5": 1 + (cumulative < 0.05 - _EQUAL_WITHIN).sum(axis=1),
            "rank_p95": 1 + (cumulative < 0.95 - _EQUAL_WITHIN).sum(axis=1),
            "first_share": cumulative[:, 0] if ids else np.array([], dtype="float64"),
        }
    )
    return Robustness(draws, acceptability, ranges)


def smallest_change(
    values: pd.DataFrame, weights: Mapping[str, float], lanes: Mapping[str, str | None] | None = None
) -> pd.DataFrame:
    """The smallest change of one single weight that gives each lane another first place.

    Columns: lane, first, criterion, weight (normalised, now), new_weight (normalised, where the two are
    level), change (their difference), new_first. The other weights keep their proportions. Unknown
    values count 0.5, as in the score's middle. Lanes of one service, and lanes whose first place no
    single weight can change, are absent: a rival who is level only once a criterion counts alone, or not
    at all, never gets ahead. Of a shared first place the change is 0.
    """
    shares = normalised(weights, [str(name) for name in values.columns])
    filled = values.fillna(0.5).sort_index()
    ids = [str(service) for service in filled.index]
    lane_of = pd.Series([(lanes or {}).get(service) or "" for service in ids], index=filled.index)
    columns = ["lane", "first", "criterion", "weight", "new_weight", "change", "new_first"]
    changes = [
        {"lane": lane, **best}
        for lane, rows in filled.groupby(lane_of)
        if (best := _tipping_point(rows, shares))
    ]
    return pd.DataFrame(changes, columns=columns)


def _tipping_point(rows: pd.DataFrame, shares: pd.Series[float]) -> dict[str, object] | None:
    """Leader, criterion, weights and successor of the smallest change in one lane; None if there is none."""
    values: NDArray[np.float64] = np.array(rows, dtype="float64")
    weights: NDArray[np.float64] = np.array(shares, dtype="float64")
    scores: NDArray[np.float64] = np.asarray(values @ weights)
    leader = int(np.argmax(scores))
    level = _level_weights(scores[leader] - scores, values[leader] - values, weights)
    changes = np.abs(level - weights)
    changes[leader] = np.nan
    if np.isnan(changes).all():
        return None
    rival, position = divmod(int(np.nanargmin(changes)), changes.shape[1])
    weight = float(weights[position])
    new = float(level[rival, position])
    return {
        "first": rows.index[leader],
        "criterion": rows.columns[position],
        "weight": weight,
        "new_weight": new,
        "change": new - weight,
        "new_first": rows.index[rival],
    }


def _level_weights(
    gap: NDArray[np.float64], lead: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """rivals × criteria: the normalised weight beyond which the rival leads; NaN if there is none.

    ``gap`` ≥ 0 (rivals) is the leader's advance in score, ``lead`` (rivals × criteria) in the values. With
    weight w' of one criterion the advance is (1 − w')·rest + w'·lead, where rest = (gap − w·lead) / (1 − w)
    is the advance in all others.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (gap[:, None] - weights * lead) / (1.0 - weights)
        new = rest / (rest - lead)
    new = np.where((new > _NEAR_END) & (new < 1.0 - _NEAR_END), new, np.nan)
    return np.where(np.abs(gap[:, None]) < _EQUAL_WITHIN, weights, new)


def score_draws(
    values: pd.DataFrame,
    *,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    draws: int = DRAWS,
    around: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """The scores (0 … 100) of the same draws as in ``robustness``: draws × services, columns in the order of ids."""
    ids, least, widths, concentration = _spans(values, low, high, around)
    parts = list(_drawn(least, widths, draws, concentration))
    scores = np.concatenate(parts) if parts else np.zeros((0, len(ids)))
    return pd.DataFrame(100.0 * scores, columns=ids)


def _spans(
    values: pd.DataFrame,
    low: pd.DataFrame | None,
    high: pd.DataFrame | None,
    around: Mapping[str, float] | None,
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Ids, lower ends and widths of the values of each criterion that counts, and how weights are concentrated."""
    ordered = values.sort_index()
    least = values.fillna(0.0) if low is None else low
    most = values.fillna(1.0) if high is None else high
    spans = [
        frame.reindex(index=ordered.index, columns=ordered.columns).to_numpy(dtype="float64")
        for frame in (least, most)
    ]
    concentration = np.ones(len(ordered.columns))
    if around is not None:
        concentration = NEARNESS * np.array([around.get(str(name), 0.0) for name in ordered.columns])
    counted = concentration > 0
    ids = [str(service) for service in ordered.index]
    return ids, spans[0][:, counted], (spans[1] - spans[0])[:, counted], concentration[counted]


def _drawn(
    least: NDArray[np.float64], width: NDArray[np.float64], draws: int, concentration: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """Scores (0 … 1) of one chunk of draws after the other; values are least … least + width."""
    generator = np.random.default_rng(SEED)
    where = np.nonzero(width > 0)
    for begin in range(0, draws if least.shape[1] else 0, _DRAWS_AT_A_TIME):
        size = min(_DRAWS_AT_A_TIME, draws - begin)
        weights = generator.dirichlet(concentration, size=size)
        scores = weights @ least.T
        _add_uncertain(scores, weights, width, where, generator)
        yield scores


def _count_ranks(chunks: Iterable[NDArray[np.float64]], lane_of: NDArray[np.object_]) -> NDArray[np.int64]:
    """services × ranks: in how many draws a service has a rank inside its lane."""
    counts = np.zeros((len(lane_of), len(lane_of)), dtype=np.int64)
    lanes = [np.flatnonzero(lane_of == lane) for lane in sorted(set(lane_of))]
    for scores in chunks:
        for members in lanes:
            _add_ranks(counts, members, scores[:, members])
    return counts


def _add_uncertain(
    scores: NDArray[np.float64],
    weights: NDArray[np.float64],
    width: NDArray[np.float64],
    where: tuple[NDArray[np.intp], ...],
    generator: np.random.Generator,
) -> None:
    """Add weight · width · uniform for every uncertain value; one service at a time keeps memory small."""
    rows, columns = where
    for row in np.unique(rows):
        uncertain = columns[rows == row]
        own = weights[:, uncertain] * width[row, uncertain]
        scores[:, row] += (own * generator.random(own.shape)).sum(axis=1)


def _add_ranks(counts: NDArray[np.int64], members: NDArray[np.intp], scores: NDArray[np.float64]) -> None:
    """Count the ranks of one chunk (draws × members); equal scores share the better rank."""
    draws, size = scores.shape
    order = np.argsort(-scores, axis=1)
    ordered = np.take_along_axis(scores, order, axis=1)
    begins = np.ones((draws, size), dtype=bool)
    begins[:, 1:] = ordered[:, :-1] - ordered[:, 1:] > _EQUAL_WITHIN
    ranks = np.maximum.accumulate(np.where(begins, np.arange(size), 0), axis=1)
    flat = order * size + ranks
    counts[members, :size] += np.bincount(flat.ravel(), minlength=size * size).reshape(size, size)
