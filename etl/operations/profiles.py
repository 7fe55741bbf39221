"""Named column mappings that people saved in the workspace, applied to files whose headings are foreign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from etl.errors import LoadError
from etl.files.tabular import Sheet
from etl.sources.ozg.rows import HEADER
from etl.sources.portal_files.columns import CANONICAL
from portalkompass.settings import Settings
from portalkompass.workspace import Profile as StoredProfile
from portalkompass.workspace import WorkspaceError, kept, workspace_of

FIELDS: Mapping[str, tuple[str, ...]] = {"portal": CANONICAL, "ozg": HEADER}
"""Kinds of file that a profile can describe, with the names its headings may be mapped to."""


@dataclass(frozen=True, slots=True)
class Profile:
    """``columns`` maps the file's headings to canonical names; an empty name leaves a column out."""

    name: str
    kind: str
    columns: Mapping[str, str]

    def fits(self, sheet: Sheet) -> bool:
        """Whether the sheet has at least one of the headings that the profile uses."""
        known = {heading.strip().lower() for heading, name in self.columns.items() if name}
        return any(heading.lower() in known for heading in sheet.header)


def profile_of(settings: Settings, name: str) -> Profile:
    """The profile of that name from the workspace.

    Raises:
        LoadError: there is none, it is damaged, or the workspace cannot be opened.
    """
    try:
        stored = {profile.name: profile for profile in kept(workspace_of(settings), StoredProfile)}
    except WorkspaceError as error:
        raise LoadError(str(error)) from None
    found = stored.get(name)
    if found is None:
        known = f" Gespeichert sind: {', '.join(sorted(stored))}." if stored else ""
        raise LoadError(f"Das Profil „{name}“ gibt es nicht.{known}")
    allowed = FIELDS.get(found.kind)
    if allowed is None:
        raise LoadError(f"Das Profil „{name}“ ist für Dateien der Art „{found.kind}“, die es nicht gibt.")
    columns = {str(heading): str(target) for heading, target in found.mapping.items()}
    wrong = sorted(set(columns.values()) - {*allowed, ""})
    if wrong:
        raise LoadError(f"Das Profil „{name}“ nennt „{wrong[0]}“; erlaubt sind {', '.join(allowed)}.")
    return Profile(name, found.kind, columns)
