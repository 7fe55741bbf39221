"""The place somebody wanted before the login, remembered in a signed cookie for some minutes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from portalkompass.ui.auth.identity import OidcConfig

COOKIE = "portalkompass_weiter"
SECONDS = 900
LONGEST = 2000
PLACE = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")
"""A path of this origin: one slash, no second one, no backslash, no control character, no blank."""


async def to_login(oidc: OidcConfig, scope: Scope, receive: Receive, send: Send) -> None:
    """Lead to the login page and remember the place that was asked for."""
    response = RedirectResponse(f"{oidc.base}/anmelden", 303, headers={"Cache-Control": "no-store"})
    query = scope.get("query_string", b"").decode("latin-1")
    place = quote(scope["path"], safe="/:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")
    if is_ours(place, oidc):
        response.set_cookie(
            COOKIE,
            _serializer(oidc).dumps(place),
            max_age=SECONDS,
            path=oidc.base or "/",
            httponly=True,
            samesite="lax",
            secure=oidc.secure,
        )
    await response(scope, receive, send)


def remembered(cookies: Mapping[str, str], oidc: OidcConfig) -> str:
    """The remembered place; the start of the app where there is none or it leads elsewhere."""
    try:
        place = str(_serializer(oidc).loads(cookies.get(COOKIE, ""), max_age=SECONDS))
    except BadSignature:
        place = ""
    return place if is_ours(place, oidc) else f"{oidc.base}/"


def is_ours(place: str, oidc: OidcConfig) -> bool:
    """Whether a place lies on this origin, below the sub-path; the login itself is no place to come back to."""
    own = PLACE.fullmatch(place) is not None and place.startswith(f"{oidc.base}/")
    return own and len(place) <= LONGEST and not place.startswith(f"{oidc.base}/anmelden")


def _serializer(oidc: OidcConfig) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(oidc.cookie_secret, salt=COOKIE)
