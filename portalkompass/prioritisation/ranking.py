"""Ranks: inside the lane first (a gate, not a score), beside it over all; intervals where values are missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from portalkompass.prioritisation.model import Evaluation

LANES = ("startbar", "wartet auf andere", "erst klären")
"""In the order of display; services without a lane come last."""

COLUMNS = (
    "service_id",
    "lane",
    "rank",
    "rank_low",
    "rank_high",
    "rank_overall",
    "score",
    "score_low",
    "score_high",
    "known_criteria",
    "criteria",
)

_EQUAL = 9  # decimals to which scores are compared: sums of floats differ beyond


def ranking(evaluation: Evaluation, lanes: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """The ranking, sorted by lane, rank and service_id; columns as ``COLUMNS``, one row per service.

    ``rank`` follows the score (the interval's middle) inside the lane; equal scores share the better
    rank. ``rank_low`` (best) counts only services that are surely ahead, ``rank_high`` (worst) all that
    may be ahead. ``rank_overall`` counts over all lanes. Without ``lanes`` all services are one lane "".
    """
    ids = [str(service) for service in evaluation.score.index]
    frame = pd.DataFrame(
        {
            "service_id": ids,
            "lane": [(lanes or {}).get(service) or "" for service in ids],
            "score": evaluation.score.to_numpy(),
            "score_low": evaluation.score_low.to_numpy(),
            "score_high": evaluation.score_high.to_numpy(),
            "known_criteria": evaluation.known_criteria.to_numpy(),
            "criteria": evaluation.counted_criteria,
        }
    )
    frame["rank_overall"] = _ahead(frame["score"], frame["score"])
    for _, lane in frame.groupby("lane"):
        frame.loc[lane.index, "rank"] = _ahead(lane["score"], lane["score"])
        frame.loc[lane.index, "rank_low"] = _ahead(lane["score_low"], lane["score_high"])
        frame.loc[lane.index, "rank_high"] = _possibly_ahead(lane)
    for column in ("rank", "rank_low", "rank_high", "rank_overall"):
        frame[column] = frame.get(column, pd.Series(dtype="float64")).astype("int64")
    position = {lane: number for number, lane in enumerate(LANES)}
    order = frame["lane"].map(lambda lane: (position.get(lane, len(LANES)), lane))
    frame = frame.assign(order=order).sort_values(["order", "rank", "service_id"], kind="stable")
    return frame[list(COLUMNS)].reset_index(drop=True)


def _ahead(others: pd.Series[float], own: pd.Series[float]) -> NDArray[np.int64]:
    """1 + how many of ``others`` are greater, for each of ``own``."""
    ordered = np.sort(others.round(_EQUAL).to_numpy())
    return 1 + len(ordered) - np.searchsorted(ordered, own.round(_EQUAL).to_numpy(), side="right")


def _possibly_ahead(lane: pd.DataFrame) -> NDArray[np.int64]:
    """As ``_ahead`` with the others at their best and oneself at one's worst; nobody is ahead of oneself."""
    itself = (lane["score_high"].round(_EQUAL) > lane["score_low"].round(_EQUAL)).to_numpy()
    return _ahead(lane["score_high"], lane["score_low"]) - itself
