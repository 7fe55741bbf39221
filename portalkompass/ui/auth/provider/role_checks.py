"""Roles are read again from the provider at a bounded interval, so a group that is taken away ends soon.

The provider's userinfo is asked with the access token of the login. What it says replaces what the login said; a token
that holds no more ends the session. Where the provider cannot be asked, what is known holds for one more interval.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from cachetools import LRUCache

from portalkompass.ui.auth.provider.identity_provider import IdentityProvider, ProviderUnreachable

LOG = logging.getLogger(__name__)
MOST_SESSIONS = 10_000
SECONDS_BETWEEN_TRIES = 15.0
"""Between two questions about one person while the provider does not answer."""


class RoleChecks:
    """What the provider said last about each login, by its key; kept in memory only."""

    def __init__(self, provider: IdentityProvider, minutes: float) -> None:
        self._provider = provider
        self._seconds = minutes * 60
        self._turn = threading.Lock()
        self._said: LRUCache[str, tuple[float, Mapping[str, Any]]] = LRUCache(MOST_SESSIONS)
        self._tried: LRUCache[str, float] = LRUCache(MOST_SESSIONS)

    def due(self, key: str, signed_at: float) -> bool:
        """Whether the provider has to be asked about this login, which was signed then (epoch seconds)."""
        now = time.time()
        with self._turn:
            last, _ = self._said.get(key, (signed_at, {}))
            tried = self._tried.get(key, 0.0)
        return now - last >= self._seconds and now - tried >= min(SECONDS_BETWEEN_TRIES, self._seconds)

    def holds(self, key: str, subject: str, access_token: str) -> bool:
        """Ask the provider about this login; whether it still knows it as that person's. Blocks.

        Without an answer it is True, and what was known stays.
        """
        with self._turn:
            self._tried[key] = time.time()
        try:
            claims = self._provider.person(access_token) if access_token else None
        except ProviderUnreachable:
            LOG.warning("Rollen nicht neu gelesen: Der Anmeldedienst antwortet nicht.")
            return True
        if claims is None or claims.get("sub") != subject:
            return False
        with self._turn:
            self._said[key] = (time.time(), claims)
        return True

    def claims(self, key: str, signed_at: float) -> Mapping[str, Any] | None:
        """What the provider said since the login, {} if nothing yet; None once that is older than two intervals."""
        with self._turn:
            last, claims = self._said.get(key, (signed_at, {}))
        return None if time.time() - last >= 2 * self._seconds else claims
