"""The prioritisation: criteria, value model, ranks, explanations and robustness; pure numpy and pandas."""

from portalkompass.prioritisation.agreement import Agreement, agreement, median_weights
from portalkompass.prioritisation.consensus import consensus
from portalkompass.prioritisation.criteria import (
    Criterion,
    PrioritisationError,
    load_criteria,
    start_weights,
    with_anchors,
)
from portalkompass.prioritisation.explain import contributions, differences, why
from portalkompass.prioritisation.missing import effect_sentence, effect_sentences, missing_effects, what_if
from portalkompass.prioritisation.model import Evaluation, ends, evaluate, normalised, reweighed
from portalkompass.prioritisation.questions import next_questions
from portalkompass.prioritisation.ranking import ranking
from portalkompass.prioritisation.robustness import (
    DRAWS,
    Robustness,
    robustness,
    score_draws,
    smallest_change,
)
from portalkompass.prioritisation.warnings import Notice, notices

__all__ = [
    "DRAWS",
    "Agreement",
    "Criterion",
    "Evaluation",
    "Notice",
    "PrioritisationError",
    "Robustness",
    "agreement",
    "consensus",
    "contributions",
    "differences",
    "effect_sentence",
    "effect_sentences",
    "ends",
    "evaluate",
    "load_criteria",
    "median_weights",
    "missing_effects",
    "next_questions",
    "normalised",
    "notices",
    "ranking",
    "reweighed",
    "robustness",
    "score_draws",
    "smallest_change",
    "start_weights",
    "what_if",
    "why",
    "with_anchors",
]
