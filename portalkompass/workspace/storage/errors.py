"""What can go wrong in the workspace; every message is a German sentence for the person at the screen."""

from __future__ import annotations

from portalkompass.workspace.storage.record import Record


class WorkspaceError(Exception):
    """The workspace cannot do what was asked; nothing was written."""


class WorkspaceDamaged(WorkspaceError):
    """The file is no database any more, or parts of it cannot be trusted; nothing was read from it."""


class StaleEdit(WorkspaceError):
    """A save was not made because someone else saved in between.

    ``yours`` is the draft that was not saved, ``theirs`` the stored state in the same form, None if it was deleted.
    """

    def __init__(self, label: str, yours: Record, theirs: Record | None) -> None:
        self.yours = yours
        self.theirs = theirs
        if theirs is None:
            message = f"„{label}“ wurde inzwischen gelöscht. Es wurde nichts gespeichert."
        else:
            message = (
                f"„{label}“ wurde inzwischen von {theirs.updated_by or 'jemand anderem'} geändert "
                f"(gespeichert ist Version {theirs.version}, Ihre Fassung beruht auf Version "
                f"{yours.version}). Es wurde nichts gespeichert."
            )
        super().__init__(message)
