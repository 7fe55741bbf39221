"""What a run of a page reads: settings, published snapshot, workspace. Looked up anew on every run."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass import snapshots
from portalkompass.settings import Settings, load_settings
from portalkompass.warehouse import Warehouse, open_published
from portalkompass.workspace import Workspace, workspace_of


@dataclass(frozen=True, slots=True)
class Reading:
    """One consistent view: everything on a page comes from this snapshot and this workspace revision."""

    settings: Settings
    warehouse: Warehouse
    workspace: Workspace
    revision: int


def current() -> Reading:
    """The published state of now; a snapshot that was published since the last run is seen here.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: with a German sentence for the reader.
    """
    settings = snapshots.in_use(load_settings())
    workspace = workspace_of(settings)
    return Reading(settings, open_published(settings), workspace, workspace.revision())


def published_name() -> str:
    """Name of the snapshot that the next run would read; empty before the first load."""
    snapshot = snapshots.published(snapshots.in_use(load_settings()).warehouse_dir)
    return snapshot.name if snapshot else ""
