"""Ranks: inside the lane first (a gate, not a score), beside it over all; intervals where values are missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portalkompass.prioritisation.model import Evaluation

LANES = ("startbar", "wartet auf andere", "erst klären")
"""In the order of display; services without a lane come last."""

EQUAL_DECIMALS = 9  # decimals to which scores are compared: sums of floats differ beyond


def ranking(evaluation: Evaluation, lanes: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """The ranking, one row per service, sorted by lane, rank and service_id.

    Columns: service_id, lane, rank, rank_low, rank_high, rank_overall, score, score_low, score_high,
    known_criteria, criteria (how many count).

    ``rank`` follows the score (unknown values in the middle) inside the lane; equal scores share the better
    rank. ``rank_low`` (best) counts only services that are surely ahead, ``rank_high`` (worst) all that
    may be ahead. ``rank_overall`` counts over all lanes. Without ``lanes`` all services are one lane "".
    """
    ids = [str(service) for service in evaluation.score.index]
    lane = np.array([(lanes or {}).get(service) or "" for service in ids], dtype=object)
    score = np.asarray(evaluation.score, dtype=np.float64)
    low = np.asarray(evaluation.score_low, dtype=np.float64)
    high = np.asarray(evaluation.score_high, dtype=np.float64)
    ranks = {name: np.zeros(len(ids), dtype="int64") for name in ("rank", "rank_low", "rank_high")}
    for name in set(lane):
        own = lane == name
        ranks["rank"][own] = _ahead(score[own], score[own])
        ranks["rank_low"][own] = _ahead(low[own], high[own])
        ranks["rank_high"][own] = _possibly_ahead(low[own], high[own])
    frame = pd.DataFrame(
        {
            "service_id": ids,
            "lane": lane.tolist(),
            **ranks,
            "rank_overall": _ahead(score, score),
            "score": score,
            "score_low": low,
            "score_high": high,
            "known_criteria": evaluation.known_criteria.to_numpy(),
            "criteria": evaluation.counted_criteria,
        }
    )
    position = {lane: number for number, lane in enumerate(LANES)}
    order = frame["lane"].map(lambda lane: (position.get(lane, len(LANES)), lane))
    frame = frame.assign(order=order).sort_values(["order", "rank", "service_id"], kind="stable")
    return frame.drop(columns="order").reset_index(drop=True)


def _ahead(others: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.int64]:
    """1 + how many of ``others`` are greater, for each of ``own``."""
    ordered = np.sort(others.round(EQUAL_DECIMALS))
    return 1 + len(ordered) - np.searchsorted(ordered, own.round(EQUAL_DECIMALS), side="right")


def _possibly_ahead(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """As ``_ahead`` with the others at their best and oneself at one's worst; nobody is ahead of oneself."""
    return _ahead(high, low) - (high.round(EQUAL_DECIMALS) > low.round(EQUAL_DECIMALS))
