"""Who gets in: this machine only, people with a login, or, where a login is configured wrongly, nobody."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.types import Scope

from portalkompass import logs
from portalkompass.settings import SettingsError, load_settings
from portalkompass.ui.auth.auth_middleware import SignedInOnly
from portalkompass.ui.auth.identity import OidcConfig, open_oidc
from portalkompass.ui.auth.localhost_only import LocalhostOnly
from portalkompass.ui.auth.proxy_sign_in import ProxySignIn
from portalkompass.ui.streamlit_internals import config

LOG = logging.getLogger(__name__)
SHUT = "Die Anmeldung ist nicht vollständig eingerichtet; das Protokoll des Servers nennt den Grund.\n"


@dataclass(frozen=True, slots=True)
class AuthMode:
    """The middleware that stands in front of everything, and the secrets of ``st.secrets``."""

    middleware: Middleware
    secrets: Mapping[str, Any] | None = None


class Shut(LocalhostOnly):
    """ASGI middleware: answers 503 to everybody. A half-configured login must not fall back to none."""

    def refusal(self, scope: Scope) -> tuple[str, int]:
        """The same for every request."""
        return SHUT, 503


def configured_mode() -> AuthMode:
    """What the settings say; where they cannot be read this machine only, whose screen says what is wrong."""
    try:
        settings = load_settings()
    except SettingsError as fault:
        logs.configure("text")
        LOG.error("%s", fault)  # noqa: TRY400 the sentence says it all
        return AuthMode(Middleware(LocalhostOnly))
    login = settings.login
    logs.configure(settings.operations.log)
    if not login.wanted:
        return AuthMode(Middleware(LocalhostOnly))
    try:
        oidc = open_oidc(login)
        proxy = ProxySignIn(oidc) if login.by_proxy else None
    except SettingsError as fault:
        LOG.error("%s", fault)  # noqa: TRY400 the sentence says it all
        return AuthMode(Middleware(Shut))
    _tell_streamlit(oidc)
    if proxy is not None:
        return AuthMode(Middleware(SignedInOnly, oidc=oidc, proxy=proxy))
    return AuthMode(Middleware(SignedInOnly, oidc=oidc), oidc.secrets())


def base_path() -> str:
    """Streamlit's sub-path with a slash before and none behind; "" at the root."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _tell_streamlit(oidc: OidcConfig) -> None:
    """The address says sub-path and host; nobody has to say it again in Streamlit's own settings."""
    where = "login.address"
    host = urlsplit(oidc.origin).hostname or ""
    config.set_option("server.baseUrlPath", oidc.base.strip("/"), where)
    config.set_option("server.allowedHosts", sorted({"localhost", "127.0.0.1", host}), where)
