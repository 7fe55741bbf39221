"""What a run of a page reads: settings, published snapshot, workspace. Looked up anew on every run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from portalkompass.answers import Filters
from portalkompass.answers.asking import ask
from portalkompass.answers.base.question import Question
from portalkompass.settings import Settings, load_settings
from portalkompass.ui.auth import permissions
from portalkompass.warehouse import snapshots
from portalkompass.warehouse.reader import Warehouse, name_of_published, open_published
from portalkompass.workspace import Workspace, workspace_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """One consistent view: everything on a page comes from this snapshot and this workspace revision."""

    settings: Settings
    warehouse: Warehouse
    workspace: Workspace
    revision: int

    def question(self, filters: Filters) -> Question:
        """The question with these filters, as the library answers it."""
        return ask(self.warehouse, self.workspace, filters, self.settings)

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T], waiting: str = "") -> T:
        """What ``make`` returns, from the result cache where it is kept of this snapshot and workspace revision.

        ``key`` says what else it depends on: what it is, filters. ``waiting`` stands on the screen meanwhile.
        """
        key = (self.settings.origin, self.revision, *key)
        with st.spinner(waiting) if waiting and not self.warehouse.has_result(key) else nullcontext():
            return self.warehouse.once(key, make)


def current() -> Reading:
    """The published state of now; a snapshot that was published since the last run is seen here.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: with a German sentence for the reader; NotAllowed,
            one of the last, where the login has ended.
    """
    person = permissions.person()
    whole = of_everything()
    return dataclasses.replace(
        whole,
        warehouse=whole.warehouse.limited_to(person.sites),
        workspace=permissions.guarded(whole.workspace),
    )


def of_everything() -> Reading:
    """The published state without anybody's limits: to get answers ready, never to show them.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: with a German sentence.
    """
    settings = snapshots.in_use(load_settings())
    workspace = workspace_of(settings)
    return Reading(settings, open_published(settings), workspace, workspace.revision())


def published_name() -> str:
    """Name of the state that the next run would read; empty before the first load."""
    return name_of_published(snapshots.in_use(load_settings()))
