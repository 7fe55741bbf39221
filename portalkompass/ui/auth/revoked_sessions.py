"""Logins that were ended before their time: a copied cookie must not outlive the click on *Abmelden*."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import threading
import time
from collections.abc import Callable

from portalkompass.settings import SettingsError, load_settings
from portalkompass.ui.auth.roles import Person
from portalkompass.warehouse import snapshots
from portalkompass.workspace import Workspace, WorkspaceError, revoke_session, revoked_sessions, workspace_of

LOG = logging.getLogger(__name__)
RETRY_SECONDS = 30.0
"""Between two attempts to read what the workspace has kept."""


class RevokedSessions:
    """Asked with every request, so answered from memory; the workspace keeps it beyond a restart.

    Where the workspace cannot be reached, what was ended since the start still counts, and the log says what is
    missing; no screen shows anything then, since every one reads the workspace first.
    """

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        self._workspace = workspace
        self._until: dict[str, float] = {}
        self._turn = threading.Lock()
        self._caught_up = False
        self._next_attempt = 0.0

    @property
    def behind(self) -> bool:
        """Whether the workspace has not been read yet and may be asked."""
        return not self._caught_up and time.monotonic() >= self._next_attempt

    def catch_up(self) -> None:
        """Read what was ended before this process began. Blocks; once it has worked it does nothing."""
        with self._turn:
            if not self.behind:
                return
            try:
                ended = revoked_sessions(self._workspace())
            except (SettingsError, WorkspaceError) as fault:
                self._next_attempt = time.monotonic() + RETRY_SECONDS
                LOG.error("Beendete Anmeldungen nicht gelesen: %s", fault)  # noqa: TRY400 the sentence says it all
                return
            self._until = {login: until.timestamp() for login, until in ended.items()} | self._until
            self._caught_up = True

    def add(self, key: str, until: float) -> None:
        """End a login at once, and note it in the workspace. Blocks while it writes.

        ``key`` is that of a login, or the mark of a session or of a person at the provider; ``until`` is the moment
        (epoch seconds) from which every cookie of it, as of now, would be refused anyway.
        """
        with self._turn:
            now = time.time()
            self._until = {one: end for one, end in self._until.items() if end > now} | {key: until}
        try:
            revoke_session(self._workspace(), key, dt.datetime.fromtimestamp(until, dt.UTC))
        except (SettingsError, WorkspaceError) as fault:
            LOG.error("Abmeldung gilt nur bis zum Neustart: %s", fault)  # noqa: TRY400 the sentence says it all

    def holds(self, key: str) -> bool:
        """Whether this login was ended."""
        return key in self._until

    def ended(self, person: Person) -> bool:
        """Whether this login, its session at the provider, or all that the person had at some moment were ended.

        A login that came after that moment ends later than those, so it is another one.
        """
        ends = self._until.get(person.subject, 0.0) if person.subject else 0.0
        return self.holds(person.key) or self.holds(person.session) or person.until <= ends


def mark(kind: str, issuer: str, name: str) -> str:
    """What stands for a session or a person at the provider in the list of ended logins; it names nobody."""
    return hashlib.sha256("\n".join((kind, issuer, name)).encode()).hexdigest()


def workspace_in_use() -> Workspace:
    """The workspace beside the published state, for requests that no screen makes."""
    return workspace_of(snapshots.in_use(load_settings()))


REVOKED = RevokedSessions(workspace_in_use)
