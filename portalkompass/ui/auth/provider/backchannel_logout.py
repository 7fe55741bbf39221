"""The provider says that a session is over (OpenID Connect Back-Channel Logout 1.0): it ends here at once, too.

The request comes from the provider's machine, without any cookie; what counts is the signed ``logout_token`` in it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from cachetools import LRUCache

from portalkompass.ui.auth.provider.identity_provider import IdentityProvider, ProviderUnreachable
from portalkompass.ui.auth.provider.signed_tokens import TokenError, judged
from portalkompass.ui.auth.revoked_sessions import RevokedSessions, mark

EVENT = "http://schemas.openid.net/event/backchannel-logout"
MOST_SECONDS = 300.0
"""A logout token is used at once; one that is older is not believed even if it says so."""


class BackchannelLogout:
    """Checks logout tokens of one provider for one application, and ends what they name."""

    def __init__(self, provider: IdentityProvider, client_id: str, seconds: float) -> None:
        """``seconds`` is the length of a session here: so long the end is remembered."""
        self._provider = provider
        self._client_id = client_id
        self._seconds = seconds
        self._used: LRUCache[str, bool] = LRUCache(10_000)

    def end(self, token: str, revoked: RevokedSessions) -> str:
        """End the session that the token names, or all of the person where it names none. Blocks.

        Returns:
            What the provider calls the person; "" where it named a session only.

        Raises:
            TokenError: the token is not believed; nothing was ended.
        """
        claims = self._believed(token)
        subject, session = (
            value if isinstance(value := claims.get(name), str) else "" for name in ("sub", "sid")
        )
        if not (subject or session):
            raise TokenError("nennt weder Person noch Sitzung")
        kind, name = ("sid", session) if session else ("sub", subject)
        self._used[claims["jti"]] = True
        revoked.add(mark(kind, str(claims["iss"]), name), time.time() + self._seconds)
        return subject

    def _believed(self, token: str) -> Mapping[str, Any]:
        try:
            issuer, keys = self._provider.issuer, self._provider.keys
        except ProviderUnreachable:
            raise TokenError("Anmeldedienst nicht erreichbar") from None
        claims = judged(keys.claims(token), issuer=issuer, audience=self._client_id, max_age=MOST_SECONDS)
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict) or "nonce" in claims:
            raise TokenError("keine Abmeldung")
        if not isinstance(claims.get("jti"), str) or not claims["jti"]:
            raise TokenError("ohne jti")
        if claims["jti"] in self._used:
            raise TokenError("schon einmal verwendet")
        return claims
