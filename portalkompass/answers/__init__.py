"""Answers to questions of a city: one module a question, each with ``answer(question, …) -> Answer``.

``screens.catalogue`` says which answers there are. A question is made by ``base.question.ask``; its filters start
from ``default_filters``.
"""

from portalkompass.answers.base.answer import Answer, Compare, Figure, Filters
from portalkompass.answers.base.periods import default_filters
from portalkompass.metrics.trends import Grain

__all__ = ["Answer", "Compare", "Figure", "Filters", "Grain", "default_filters"]
