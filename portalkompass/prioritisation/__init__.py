"""The prioritisation: criteria, value model, ranks, explanations and robustness; pure numpy and pandas."""

from portalkompass.prioritisation.criteria import (
    CriteriaSet,
    Criterion,
    Preset,
    PrioritisationError,
    load_criteria,
    start_weights,
    with_anchors,
)
from portalkompass.prioritisation.explain import contributions, differences, why
from portalkompass.prioritisation.model import Evaluation, evaluate
from portalkompass.prioritisation.ranking import LANES, ranking
from portalkompass.prioritisation.robustness import Robustness, robustness, smallest_change
from portalkompass.prioritisation.warnings import Notice, notices

__all__ = [
    "LANES",
    "CriteriaSet",
    "Criterion",
    "Evaluation",
    "Notice",
    "Preset",
    "PrioritisationError",
    "Robustness",
    "contributions",
    "differences",
    "evaluate",
    "load_criteria",
    "notices",
    "ranking",
    "robustness",
    "smallest_change",
    "start_weights",
    "why",
    "with_anchors",
]
