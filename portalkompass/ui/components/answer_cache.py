"""Answers and their charts, computed once per (snapshot, workspace revision, filters).

Cached as shared objects: an Answer is frozen and its frames are never changed by a page. A new snapshot
has a new name, so it is simply another key; nothing is ever invalidated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

import streamlit as st

from portalkompass.answers import Answer, Filters
from portalkompass.exhibit import Exhibit
from portalkompass.screens import disk_cache
from portalkompass.screens.catalogue import Topic
from portalkompass.screens.disk_cache import Asked
from portalkompass.ui.components.grids import Grid
from portalkompass.ui.reading import Reading

KEPT = 200
"""Answers kept in memory; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with the finished Vega-Lite specifications of its charts, by exhibit id.

    ``grids`` keeps the tables that were drawn of it, by their key on the screen: each is prepared when it is first
    in sight and goes with the answer.
    """

    answer: Answer
    specifications: dict[str, dict[str, Any]]
    grids: dict[str, Grid] = field(default_factory=dict)

    def exhibit(self, name: str) -> Exhibit | None:
        """The exhibit of that id; None where the answer has no rows for it."""
        return next((exhibit for exhibit in self.answer.exhibits if exhibit.id == name), None)

    def exhibits(self, prefix: str) -> tuple[Exhibit, ...]:
        """All exhibits whose id begins so, in the answer's order."""
        return tuple(exhibit for exhibit in self.answer.exhibits if exhibit.id.startswith(prefix))


def ask(topic: Topic, reading: Reading, filters: Filters, **further: object) -> Answered:
    """The answer of a topic; ``further`` are its own keywords.

    Raises:
        WarehouseError, WorkspaceError: with a German sentence for the reader.
    """
    key = (reading.settings.origin, reading.warehouse.name, reading.revision, *astuple(filters))
    return _cached(topic.id, key, _flat(further), reading, filters, topic, further)


def _flat(further: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Keywords as sorted plain text, the part of the key that Streamlit can hash."""
    return tuple(
        (name, repr(sorted(value.items())) if isinstance(value, Mapping) else repr(value))
        for name, value in sorted(further.items())
    )


@st.cache_resource(max_entries=KEPT, show_spinner="Zahlen werden zusammengestellt …")
def _cached(
    topic_id: str,
    key: tuple[Any, ...],
    flat: tuple[tuple[str, str], ...],
    _reading: Reading,
    _filters: Filters,
    _topic: Topic,
    _further: Mapping[str, object],
) -> Answered:
    asked = Asked(_topic, _reading.warehouse, _reading.workspace, _filters, _reading.settings, _further)
    found = disk_cache.kept(asked) or disk_cache.work_out(asked)
    return Answered(found.answer, found.specifications)
