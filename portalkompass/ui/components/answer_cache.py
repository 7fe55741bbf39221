"""Answers with their charts, from the result cache or, for those worth having ready, from the disk."""

from __future__ import annotations

from dataclasses import dataclass, field

from portalkompass.answers import Filters
from portalkompass.exhibit import Exhibit
from portalkompass.screens import disk_cache
from portalkompass.screens.catalogue import Topic
from portalkompass.screens.disk_cache import Asked, Finished
from portalkompass.ui.components.grids import Grid
from portalkompass.ui.reading import Reading

WAITING = "Zahlen werden zusammengestellt …"


@dataclass(frozen=True, slots=True)
class Answered(Finished):
    """A finished answer on the screen; pages never change it.

    ``grids`` keeps the tables that were drawn of it, by their key on the screen: each is prepared when it is first
    in sight and goes with the answer.
    """

    grids: dict[str, Grid] = field(default_factory=dict)

    def exhibit(self, name: str) -> Exhibit | None:
        """The exhibit of that id; None where the answer has no rows for it."""
        return next((exhibit for exhibit in self.answer.exhibits if exhibit.id == name), None)


def ask(topic: Topic, reading: Reading, filters: Filters, **further: str) -> Answered:
    """The answer of a topic; ``further`` are its own keywords.

    Raises:
        WarehouseError, WorkspaceError: with a German sentence for the reader.
    """
    asked = Asked(topic, reading.warehouse, reading.workspace, filters, reading.settings, further)
    return answered(asked, reading, WAITING)


def answered(asked: Asked, reading: Reading, waiting: str = "") -> Answered:
    """The same for a question that is put together already; ``waiting`` stands on the screen meanwhile."""

    def make() -> Answered:
        finished = disk_cache.kept(asked) or disk_cache.work_out(asked)
        return Answered(finished.answer, finished.specifications)

    return reading.once(
        ("answer", asked.topic.id, asked.filters, *sorted(asked.further.items())), make, waiting
    )
