"""Named column mappings that people saved in the workspace, applied to files whose headings are foreign."""

from __future__ import annotations

from etl.errors import LoadError
from etl.operations.file_kinds import TABLE_KINDS
from etl.sources.file_kind import Profile
from portalkompass.settings import Settings
from portalkompass.workspace import Profile as StoredProfile
from portalkompass.workspace import WorkspaceError, kept, workspace_of


def profile_of(settings: Settings, name: str) -> Profile:
    """The profile of that name from the workspace.

    Raises:
        LoadError: there is none, it is damaged, or the workspace cannot be opened.
    """
    try:
        stored = {profile.name: profile for profile in kept(workspace_of(settings), StoredProfile)}
    except WorkspaceError as error:
        raise LoadError(str(error)) from None
    profile = stored.get(name)
    if profile is None:
        saved = f" Gespeichert sind: {', '.join(sorted(stored))}." if stored else ""
        raise LoadError(f"Das Profil „{name}“ gibt es nicht.{saved}")
    allowed = next((kind.fields for kind in TABLE_KINDS if kind.name == profile.kind and kind.fields), None)
    if allowed is None:
        raise LoadError(f"Das Profil „{name}“ ist für Dateien der Art „{profile.kind}“, die es nicht gibt.")
    columns = {str(heading): str(target) for heading, target in profile.mapping.items()}
    wrong = sorted(set(columns.values()) - {*allowed, ""})
    if wrong:
        raise LoadError(f"Das Profil „{name}“ nennt „{wrong[0]}“; erlaubt sind {', '.join(allowed)}.")
    return Profile(name, profile.kind, columns)
