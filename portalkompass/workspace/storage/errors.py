"""What can go wrong in the workspace; every message is a German sentence for the person at the screen."""


class WorkspaceError(Exception):
    """The workspace cannot do what was asked; nothing was written."""


class WorkspaceDamaged(WorkspaceError):
    """The file is no database any more, or parts of it cannot be trusted; nothing was read from it."""
