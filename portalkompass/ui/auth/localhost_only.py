"""Who gets in while there is no login: this machine, asked directly, and nobody else.

A reverse proxy in front would otherwise open the app to its whole network without a word. So a foreign Host and
every header that only a proxy sends are refused, for pages, files, uploads and the websocket alike.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portalkompass.ui.auth.activity import REFUSALS
from portalkompass.ui.auth.forwarded import judged
from portalkompass.ui.streamlit_internals import AGENT, below

OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
PROXY_HEADERS = re.compile(r"x-forwarded(-.*)?|forwarded|x-real-ip|via", re.IGNORECASE)
CLOSED = below(AGENT)
REFUSED = (
    "Portalkompass ist ohne Anmeldung nur auf diesem Rechner erreichbar, unter http://localhost. "
    "Anfragen mit anderem Rechnernamen oder über einen Proxy werden abgewiesen.\n"
)
NOT_FOUND = "Diese Adresse gibt es nicht.\n"


class LocalhostOnly:
    """ASGI middleware: answers 403 with a sentence to whatever did not come from this machine directly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse before anything of Streamlit has seen the request; starting and stopping pass."""
        refusal = None if scope["type"] == "lifespan" else self.refusal(scope)
        if refusal is None:
            await self.app(scope, receive, send)
            if scope["type"] == "lifespan":
                REFUSALS.flush()
        else:
            REFUSALS.note(f"{refusal[1]} ohne Anmeldung", judged(scope, ()))
            await refuse(*refusal, scope, receive, send)

    def refusal(self, scope: Scope) -> tuple[str, int] | None:
        """Sentence and status for a request that does not get in."""
        if comes_from_elsewhere(Headers(scope=scope)):
            return REFUSED, 403
        return (NOT_FOUND, 404) if CLOSED.search(scope["path"]) else None


def comes_from_elsewhere(headers: Headers) -> bool:
    """Whether the request names another host (or none, or two), or passed through a proxy."""
    hosts = headers.getlist("host")
    here = len(hosts) == 1 and OWN_HOST.fullmatch(hosts[0]) is not None
    return not here or any(PROXY_HEADERS.fullmatch(name) for name in headers)


async def refuse(sentence: str, status: int, scope: Scope, receive: Receive, send: Send) -> None:
    """The sentence; a websocket whose server cannot carry one is closed before it was opened (HTTP 403)."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(sentence, status, headers={"Cache-Control": "no-store"})(scope, receive, send)
