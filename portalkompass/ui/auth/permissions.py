"""What the person of this screen may do; asked anew on every run, and again by every write."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from portalkompass.settings import Login, load_settings
from portalkompass.ui.auth.activity import Event, note
from portalkompass.ui.auth.auth_middleware import lacking
from portalkompass.ui.auth.identity import OidcConfig, look_again, open_oidc, over, person_of
from portalkompass.ui.auth.roles import HERE, NAMES, Person, Role, needed_for
from portalkompass.workspace import Workspace, WorkspaceError

ENDED = (
    "Ihre Anmeldung ist abgelaufen oder beendet. Bitte melden Sie sich neu an; es wurde nichts gespeichert."
)


class NotAllowed(WorkspaceError):
    """The role does not reach, or the login has ended; nothing was written."""


def person() -> Person:
    """Whoever opened this screen, by the cookie of its connection.

    Raises:
        NotAllowed: a login is configured, and this one has ended.
    """
    oidc = _oidc(load_settings().login)
    if oidc is None:
        return HERE
    look_again(st.context.cookies, oidc)
    whoever = person_of(st.context.cookies, oidc)
    if whoever is None or over(whoever):
        raise NotAllowed(ENDED)
    return whoever


def may(role: Role) -> bool:
    """Whether the person has that role now."""
    try:
        return person().may(role)
    except NotAllowed:
        return False


def allowed(role: Role) -> bool:
    """The same; where not, a sentence stands where the control would be."""
    if may(role):
        return True
    st.caption(f"Nur lesbar: Zum Ändern braucht Ihr Konto die Rolle „{NAMES[role]}“.")
    return False


def need(role: Role) -> None:
    """Let pass whoever has that role.

    Raises:
        NotAllowed: the role does not reach, or the login has ended.
    """
    visitor().need(role)


def done(event: Event, outcome: str = "ok", **more: object) -> None:
    """Note in the log what the person of this screen did."""
    try:
        visitor().done(event, outcome, **more)
    except NotAllowed:
        note(event, outcome=outcome, person=None, scope=None, address=_address(), **more)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person of a screen, for what is made after its run, when no cookie can be asked any more: files to take."""

    person: Person
    address: str

    def need(self, role: Role) -> None:
        """As the function: the role, and that the login has not ended since."""
        if over(self.person):
            raise NotAllowed(ENDED)
        if not self.person.may(role):
            note("refusal", outcome=f"ohne die Rolle {NAMES[role]}", person=self.person, address=self.address)
            raise NotAllowed(lacking(role).strip())

    def done(self, event: Event, outcome: str = "ok", **more: object) -> None:
        """As the function."""
        note(event, outcome=outcome, person=self.person, scope=None, address=self.address, **more)


def visitor() -> Visitor:
    """Whoever opened this screen; to be asked while the screen is drawn.

    Raises:
        NotAllowed: a login is configured, and this one has ended.
    """
    return Visitor(person(), _address())


def _address() -> str:
    return str(st.context.ip_address or "127.0.0.1")


def guarded(workspace: Workspace) -> Workspace:
    """The same workspace, whose every write first asks for the role it needs, and stands in the log."""
    return dataclasses.replace(
        workspace,
        guard=lambda action: need(needed_for(action)),
        written=lambda action, what: done("write", action=action.value, what=what),
    )


@lru_cache(maxsize=4)
def _oidc(login: Login) -> OidcConfig | None:
    """Secrets are read once: a new key takes a restart, like Streamlit's own reading of it."""
    return open_oidc(login) if login.wanted else None
