"""Why a service stands where it stands: contributions, and the differences between two services."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from portalkompass.prioritisation.criteria import PrioritisationError
from portalkompass.prioritisation.model import Evaluation

_LEAST_POINTS = 0.05  # points: less is 0,0 on the screen


def contributions(evaluation: Evaluation) -> pd.DataFrame:
    """Points (0 … 100) that each criterion gives each service: services × criteria, NaN where unknown.

    A row's points sum to ``score_low`` where no value is known as an interval only.
    """
    return evaluation.values.mul(evaluation.weights, axis="columns") * 100.0


def differences(evaluation: Evaluation, first: str, second: str) -> pd.DataFrame:
    """Points of two services by criterion: criterion, label, first, second, difference (first − second).

    Largest difference first; criteria unknown for either of them last, with a missing difference.

    Raises:
        PrioritisationError: one of them is not in the evaluation.
    """
    ours, theirs = _points_of(evaluation, first), _points_of(evaluation, second)
    # a missing difference is sorted behind all others
    order = np.argsort(-np.abs(ours - theirs), kind="stable")
    return pd.DataFrame(
        {
            "criterion": [evaluation.criteria[place].id for place in order],
            "label": [evaluation.criteria[place].label for place in order],
            "first": ours[order],
            "second": theirs[order],
            "difference": (ours - theirs)[order],
        }
    )


def _points_of(evaluation: Evaluation, service: str) -> npt.NDArray[np.float64]:
    """The service's row of `contributions`."""
    values = evaluation.values
    if service not in values.index:
        raise PrioritisationError(f"„{service}“ steht nicht in dieser Bewertung.")
    row = values.to_numpy(dtype="float64")[values.index.get_loc(service)]
    return np.asarray(row * evaluation.weights.to_numpy(dtype="float64") * 100.0, dtype=np.float64)


def why(evaluation: Evaluation, first: str, second: str, names: Mapping[str, str] | None = None) -> str:
    """German sentences why the first stands before the second (or behind, or level).

    Says what speaks for it, what against, and what cannot be compared because a value is missing.
    Where intervals overlap it says that a difference or the order is not certain, and of whom nothing at all is known.
    """
    rows = differences(evaluation, first, second)
    score = evaluation.score
    gap = score[first] - score[second]
    name_a, name_b = (names or {}).get(first, first), (names or {}).get(second, second)
    relation = (
        "liegt gleichauf mit" if abs(gap) < _LEAST_POINTS else "liegt vor" if gap > 0 else "liegt hinter"
    )
    text = f"{name_a} {relation} {name_b} ({_points(score[first])} zu {_points(score[second])} Punkten)."
    parts = (
        ("Dafür spricht", rows[rows["difference"] >= _LEAST_POINTS]),
        ("Dagegen spricht", rows[rows["difference"] <= -_LEAST_POINTS]),
    )
    unsure = _unsure(evaluation, first, second)
    for words, part in parts:
        if len(part):
            listed = "; ".join(
                f"{label} ({_points(value, sign=True)}{', nicht sicher' if criterion in unsure else ''})"
                for criterion, label, value in zip(
                    part["criterion"], part["label"], part["difference"], strict=True
                )
            )
            text += f" {words}: {listed}."
    weighted = rows["criterion"].map(evaluation.weights) > 0
    if len(unknown := rows[rows["difference"].isna() & weighted]):
        text += f" Nicht vergleichbar, weil Angaben fehlen: {'; '.join(unknown['label'])}."
    blank = [
        name
        for service, name in ((first, name_a), (second, name_b))
        if not evaluation.known_criteria[service]
    ]
    text += "".join(f" Über {name} ist nichts bekannt: geschätzt, 0 bis 100 Punkte." for name in blank)
    if not _certain(evaluation, first, second):
        text += " Die Spannen überschneiden sich; die Reihenfolge ist damit nicht sicher."
    return text


def _unsure(evaluation: Evaluation, first: str, second: str) -> set[str]:
    """Criteria whose values are intervals that overlap: their difference may be none."""
    low, high = evaluation.values_low.loc[[first, second]], evaluation.values_high.loc[[first, second]]
    overlap = (low.max() <= high.min()) & ((high - low).max() > 0)
    return {str(name) for name in overlap.index[overlap]}


def _certain(evaluation: Evaluation, first: str, second: str) -> bool:
    """Whether the two intervals leave only one order (two fully known services always do)."""
    low, high = evaluation.score_low, evaluation.score_high
    known = high[first] - low[first] < _LEAST_POINTS and high[second] - low[second] < _LEAST_POINTS
    return known or low[first] > high[second] or low[second] > high[first]


def _points(value: float, *, sign: bool = False) -> str:
    text = f"{value:+.1f}" if sign else f"{value:.1f}"
    return text.replace(".", ",").replace("-", "−")
