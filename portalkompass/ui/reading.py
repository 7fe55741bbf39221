"""What a run of a page reads: settings, published snapshot, workspace. Looked up anew on every run."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass

import streamlit as st

from portalkompass.answers import Filters
from portalkompass.answers.base.question import Question, ask
from portalkompass.settings import Settings, load_settings
from portalkompass.ui.auth import permissions
from portalkompass.warehouse import snapshots
from portalkompass.warehouse.reader import Warehouse, name_of_published, open_published
from portalkompass.workspace import Workspace, workspace_of


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


class _Shown:
    """The snapshot that runs read. Every run reads the newest one, so what was kept of others is never asked
    for again; it would only hold memory, and old snapshots open.
    """

    def __init__(self) -> None:
        self._name = ""
        self._turn = threading.Lock()

    def follow(self, name: str) -> None:
        with self._turn:
            changed = self._name not in ("", name)
            self._name = name
        if changed:
            st.cache_resource.clear()


_SHOWN = _Shown()


def current() -> Reading:
    """The published state of now; a snapshot that was published since the last run is seen here.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: with a German sentence for the reader; NotAllowed,
            one of the last, where the login has ended.
    """
    person = permissions.person()
    found = of_everything()
    return dataclasses.replace(
        found,
        warehouse=found.warehouse.limited_to(person.sites),
        workspace=permissions.guarded(found.workspace),
    )


def of_everything() -> Reading:
    """The published state without anybody's limits: to get answers ready, never to show them.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: with a German sentence.
    """
    settings = snapshots.in_use(load_settings())
    workspace = workspace_of(settings)
    warehouse = open_published(settings)
    _SHOWN.follow(f"{settings.warehouse_dir} {warehouse.name}")
    return Reading(settings, warehouse, workspace, workspace.revision())


def published_name() -> str:
    """Name of the state that the next run would read; empty before the first load."""
    return name_of_published(snapshots.in_use(load_settings()))
