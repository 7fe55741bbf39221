"""Who may do what: four roles, each with everything of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portalkompass.settings import Login
from portalkompass.workspace import Action

Role = Literal["read", "edit", "moderate", "administer"]
LADDER: tuple[Role, ...] = ("read", "edit", "moderate", "administer")
NAMES: Mapping[Role, str] = {
    "read": "Lesen",
    "edit": "Bearbeiten",
    "moderate": "Moderieren",
    "administer": "Verwalten",
}
WRITES: Mapping[Action, Role] = {
    Action.LINK: "edit",
    Action.MOVE_PAGE: "edit",
    Action.ANNOTATE: "edit",
    Action.REJECT_PROPOSAL: "edit",
    Action.ALLOW_PROPOSAL: "edit",
    Action.SAVE_VIEW: "edit",
    Action.TRACK_QUERY: "edit",
    Action.EDIT_REPORT: "edit",
    Action.SELF_AUDIT: "edit",
    Action.DRAFT: "edit",
    Action.EDIT_SCENARIO: "moderate",
    Action.DECIDE: "moderate",
    Action.RUN_VOTE: "moderate",
    Action.SHOW_BALLOTS: "moderate",
    Action.ADOPT_MEDIAN: "moderate",
}
"""The role that a write needs; whatever is not listed is for administrators."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the app: name for the audit, roles, properties (None: all), end of the session.

    ``until`` is seconds since 1970; ``key`` stands for the login and is empty without one; ``account`` is what the
    provider calls the person (``sub``), for the log. ``subject`` and ``session`` stand for all logins of the person
    and for those of one session at the provider, "" where it named none.
    """

    name: str
    roles: frozenset[Role]
    sites: frozenset[str] | None
    until: float
    key: str = ""
    account: str = ""
    subject: str = ""
    session: str = ""

    def may(self, role: Role) -> bool:
        """Whether the person has that role."""
        return role in self.roles

    @property
    def highest(self) -> str:
        """The German name of the highest role; "" without any."""
        return next((NAMES[role] for role in reversed(LADDER) if role in self.roles), "")


HERE = Person("", frozenset(LADDER), None, float("inf"))
"""Whoever sits at this machine while there is no login."""


def needed_for(action: Action) -> Role:
    """The role that a write needs."""
    return WRITES.get(action, "administer")


def roles_of(groups: Iterable[str], login: Login) -> frozenset[Role]:
    """The roles of somebody in these groups: the highest one places and all below it."""
    own_groups = set(groups)
    places = [place for place, role in enumerate(LADDER) if own_groups & set(getattr(login, role))]
    return frozenset(LADDER[: max(places) + 1]) if places else frozenset()


def sites_of(groups: Iterable[str], login: Login) -> frozenset[str] | None:
    """The properties of somebody in these groups; None (all) where none are set apart."""
    if not login.properties:
        return None
    own_groups = set(groups)
    return frozenset(
        site for access in login.properties if access.group in own_groups for site in access.sites
    )


def groups_in(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The groups under a claim; a claim of that very name goes before a nested one. Anything odd is no group."""
    claim: Any = claims.get(path)
    if claim is None:
        claim = claims
        for part in path.split("."):
            claim = claim.get(part) if isinstance(claim, Mapping) else None
    if isinstance(claim, str):
        return (claim,)
    return tuple(group for group in claim if isinstance(group, str)) if isinstance(claim, list) else ()
