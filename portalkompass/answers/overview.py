"""Answer to the page overview."""

from __future__ import annotations

from portalkompass.answers.answer import Answer, Filters
from portalkompass.settings import Settings
from portalkompass.warehouse import Warehouse
from portalkompass.workspace import Workspace


def answer(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> Answer:
    """See the package docstring."""
    raise NotImplementedError
