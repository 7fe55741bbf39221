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


async def to_login(entrance: OidcConfig, scope: Scope, receive: Receive, send: Send) -> None:
    """Lead to the login page and remember the place that was asked for."""
    response = RedirectResponse(f"{entrance.base}/anmelden", 303, headers={"Cache-Control": "no-store"})
    query = scope.get("query_string", b"").decode("latin-1")
    place = quote(scope["path"], safe="/:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")
    if is_ours(place, entrance):
        response.set_cookie(
            COOKIE,
            _serializer(entrance).dumps(place),
            max_age=SECONDS,
            path=entrance.base or "/",
            httponly=True,
            samesite="lax",
            secure=entrance.secure,
        )
    await response(scope, receive, send)


def remembered(cookies: Mapping[str, str], entrance: OidcConfig) -> str:
    """The remembered place; the start of the app where there is none or it leads elsewhere."""
    try:
        place = str(_serializer(entrance).loads(cookies.get(COOKIE, ""), max_age=SECONDS))
    except BadSignature:
        place = ""
    return place if is_ours(place, entrance) else f"{entrance.base}/"


def is_ours(place: str, entrance: OidcConfig) -> bool:
    """Whether a place lies on this origin, below the sub-path; the login itself is no place to come back to."""
    own = PLACE.fullmatch(place) is not None and place.startswith(f"{entrance.base}/")
    return own and len(place) <= LONGEST and not place.startswith(f"{entrance.base}/anmelden")


def _serializer(entrance: OidcConfig) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(entrance.cookie_secret, salt=COOKIE)
