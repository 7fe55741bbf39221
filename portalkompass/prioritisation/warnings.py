"""What a moderator should know about the criteria before trusting a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from portalkompass.prioritisation.criteria import Criterion
from portalkompass.prioritisation.model import Evaluation

CORRELATED = 0.9
LEAST_SPREAD = 0.001
"""Scaled values (0 … 1) closer together than this, 0.1 of 100 points, separate nothing."""
ORDER = ("no_variance", "correlated", "clipped")
_LEAST_SERVICES = 3  # two points always lie on a line


@dataclass(frozen=True, slots=True)
class Notice:
    """One warning; ``message`` is a German sentence."""

    kind: Literal["no_variance", "clipped", "correlated"]
    criteria: tuple[str, ...]
    message: str


def notices(evaluation: Evaluation) -> list[Notice]:
    """Criteria that separate nothing, values beyond an anchor, and criteria that say the same twice.

    Looks at known values only, as the model counts them: raw values that differ beyond an anchor are one value.
    Correlation is Pearson's r of the scaled values, from three services on.
    What separates nothing stands first, then what says the same twice, then clipped values.
    """
    warnings = [notice for criterion in evaluation.criteria for notice in _of_one(evaluation, criterion)]
    pairs = combinations(evaluation.criteria, 2)
    warnings += [notice for pair in pairs for notice in _of_two(evaluation, *pair)]
    return sorted(warnings, key=lambda notice: ORDER.index(notice.kind))


def _of_one(evaluation: Evaluation, criterion: Criterion) -> list[Notice]:
    values = evaluation.matrix[criterion.id].dropna()
    total = len(evaluation.matrix)
    scaled = evaluation.values[criterion.id].dropna()
    warnings = []
    if len(scaled) > 1 and scaled.max() - scaled.min() < LEAST_SPREAD:
        points = f"{100 * float(scaled.mean()):.1f}".replace(".", ",")
        message = (
            f"„{criterion.label}“ trennt nicht: {len(scaled)} von {total} Leistungen haben denselben Wert "
            f"({points} von 100 Punkten des Kriteriums)."
        )
        warnings.append(Notice("no_variance", (criterion.id,), message))
    outside = int(((values < criterion.lower) | (values > criterion.upper)).sum())
    if outside:
        verb = "Wert liegt" if outside == 1 else "Werte liegen"
        message = f"„{criterion.label}“: {outside} {verb} jenseits der Anker; gezählt wird der Anker."
        warnings.append(Notice("clipped", (criterion.id,), message))
    return warnings


def _of_two(evaluation: Evaluation, first: Criterion, second: Criterion) -> list[Notice]:
    both = evaluation.values[[first.id, second.id]].dropna()
    if len(both) < _LEAST_SERVICES or (both.nunique() < 2).any():  # noqa: PLR2004 a constant has no correlation
        return []
    r = float(both[first.id].corr(both[second.id]))
    if r <= CORRELATED:
        return []
    size = f"{r:.2f}".replace(".", ",")
    message = f"„{first.label}“ und „{second.label}“ sagen fast dasselbe (r = {size}) und zählen so doppelt."
    return [Notice("correlated", (first.id, second.id), message)]
