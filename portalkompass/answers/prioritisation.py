"""Answer to the page prioritisation."""

from __future__ import annotations

from collections.abc import Mapping

from portalkompass.answers.answer import Answer, Filters
from portalkompass.settings import Settings
from portalkompass.warehouse import Warehouse
from portalkompass.workspace import Workspace


def answer(
    warehouse: Warehouse,
    workspace: Workspace,
    filters: Filters,
    settings: Settings,
    *,
    scenario: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> Answer:
    """See the package docstring."""
    raise NotImplementedError
