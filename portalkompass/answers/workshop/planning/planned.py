"""A plan with all that its sentences and tables need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portalkompass.answers.workshop.decision import Decision
from portalkompass.answers.workshop.planning.plan_inputs import Inputs
from portalkompass.prioritisation.planning import Clash, Doubt, Extra, Plan, Programme


@dataclass(frozen=True, eq=False)
class Planned:
    """The plan of a decision with all that its sentences and tables need.

    ``clash`` where legal dates cannot be kept; ``extra`` by service that waits for room; ``doubt`` where it was drawn.
    """

    decision: Decision
    inputs: Inputs
    programme: Programme
    plan: Plan
    clash: Clash | None
    extra: Mapping[str, Extra]
    doubt: Doubt | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """Services that could be planned and are not, those with the most points first."""
        scores = self.decision.evaluation.score
        left = [one.id for one in self.programme.projects if one.id not in self.plan.starts]
        return tuple(sorted(left, key=lambda service: (-float(scores[service]), service)))
