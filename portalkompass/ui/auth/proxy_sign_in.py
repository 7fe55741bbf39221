"""Who is asking, where a gate in front of the app signs in people: it says so in a signed header of every request.

The header is believed from a configured proxy only, and only with a signature, an end and this app as its audience. It
becomes the login cookie of ``identity``, signed with a secret that never leaves this process, so that everything behind
judges both kinds of login in the same way. Nobody can bring such a cookie: it is taken off every request first.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from starlette.datastructures import Headers
from starlette.types import Scope

from portalkompass.settings import Login, SettingsError
from portalkompass.ui.auth.forwarded import is_proxy
from portalkompass.ui.auth.identity import OidcConfig, is_closed_way, person_of
from portalkompass.ui.auth.provider.signed_tokens import LEEWAY, TokenError, TokenKeys, judged
from portalkompass.ui.streamlit_internals import COOKIE

SECONDS_BETWEEN_CLEANINGS = 60.0


class ProxySignIn:
    """Turns the proxy's statement into a login of one request."""

    def __init__(self, oidc: OidcConfig) -> None:
        """
        Raises:
            SettingsError: a key of ``login.proxy`` is missing or of no use; the sentence names it.
        """
        self._oidc = oidc
        self._settings = oidc.login.proxy
        self._keys = _keys(oidc.login)
        self._header = self._settings.header.lower()
        self._turn = threading.Lock()
        self._used: dict[str, float] = {}
        self._cleaned = 0.0

    def signed_in(self, scope: Scope, peer: str) -> Scope:
        """The request as the person that the header names; ``peer`` is who really asked. May block to fetch keys.

        Raises:
            TokenError: the header is not believed; the German reason.
        """
        if not is_proxy(peer, self._oidc.login.proxies):
            raise TokenError("nicht vom eingetragenen Proxy")
        statements = Headers(scope=scope).getlist(self._header)
        if len(statements) != 1:
            raise TokenError(
                "ohne Angabe zur Person" if not statements else "mehrere Angaben zur Person zugleich"
            )
        token = re.sub(r"(?i)^bearer +", "", statements[0].strip())
        claims = judged(
            self._keys.claims(token),
            issuer=self._settings.issuer,
            audience=self._settings.audience,
            max_age=self._settings.max_age_seconds,
        )
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise TokenError("ohne Kennung der Person")
        if self._settings.single_use:
            self._use(claims)
        login = json.dumps({**claims, "origin": self._oidc.origin, "is_logged_in": True})
        cookie = URLSafeTimedSerializer(self._oidc.cookie_secret, salt=COOKIE).dumps(login)
        if person_of({COOKIE: cookie}, self._oidc) is None:
            raise TokenError("Sitzung beendet")
        return self.anonymous(scope, cookie)

    def anonymous(self, scope: Scope, login: str = "") -> Scope:
        """The request without the header and without any login cookie but ``login``."""
        brought = [
            part.strip() for value in Headers(scope=scope).getlist("cookie") for part in value.split(";")
        ]
        cookies = [part for part in brought if part and not part.startswith(COOKIE)]
        cookies += [f"{COOKIE}={login}"] if login else []
        own = (b"cookie", self._header.encode("latin-1"))
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in own]
        return {**scope, "headers": [*headers, (b"cookie", "; ".join(cookies).encode("latin-1"))]}

    def _use(self, claims: Mapping[str, Any]) -> None:
        """Note that this very token was used; it may not come again until it has ended."""
        name, now = claims.get("jti"), time.time()
        if not isinstance(name, str) or not name:
            raise TokenError("ohne jti")
        with self._turn:
            if now - self._cleaned >= SECONDS_BETWEEN_CLEANINGS:
                self._used = {one: end for one, end in self._used.items() if end > now}
                self._cleaned = now
            if name in self._used:
                raise TokenError("schon einmal verwendet")
            self._used[name] = float(claims["exp"]) + LEEWAY


def _keys(login: Login) -> TokenKeys:
    proxy = login.proxy
    if not login.proxies:
        raise SettingsError("Anmeldung: login.proxies fehlt; sonst gälte die Angabe von jedem.")
    for name in ("keys", "issuer", "audience"):
        if not getattr(proxy, name):
            raise SettingsError(f"Anmeldung: login.proxy.{name} fehlt.")
    if "://" in proxy.keys and not is_closed_way(proxy.keys):
        raise SettingsError(
            "Anmeldung: login.proxy.keys muss eine Adresse mit https:// oder eine Datei sein."
        )
    try:
        return TokenKeys(proxy.keys)
    except SettingsError as fault:
        raise SettingsError(f"Anmeldung, login.proxy.keys: {fault}.") from None
