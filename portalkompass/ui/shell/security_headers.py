"""What stands between the network and Streamlit: security headers, and a page that says it is German.

Screen readers choose their voice by ``<html lang>``; Streamlit writes "en". The page is small, so it is
asked for uncompressed and rewritten whole; nothing else is touched.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portalkompass.ui.shell.own_files import TAGS
from portalkompass.ui.streamlit_internals import PAGE, PAGE_LANGUAGE, PAGE_NO_SCRIPT, PAGE_TITLE


def inline_scripts(page: str) -> tuple[str, ...]:
    """CSP sources (SHA-256) of the scripts that stand in a page itself."""
    texts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)


POLICY = (
    "default-src 'none'",
    # Streamlit looks whether the browser has WebAssembly, and loads our own component (clipboard) from a blob:.
    " ".join(("script-src 'self' blob: 'wasm-unsafe-eval'", *inline_scripts(PAGE))),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "media-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "frame-ancestors 'self'",
    "form-action 'self'",
    "base-uri 'self'",
)
"""No script but the app's own files and the one in Streamlit's page, and no eval. Styles in the page cannot be
forbidden: Streamlit writes them so.
"""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(POLICY),
}
REPLACEMENTS = (
    (PAGE_LANGUAGE, b'<html lang="de">'),
    (PAGE_TITLE, b"<title>Portalkompass</title>" + TAGS),
    (PAGE_NO_SCRIPT, b"Portalkompass braucht JavaScript."),
)


class SecurityHeaders:
    """ASGI middleware; sets ``HEADERS`` on every HTTP answer and rewrites the HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only HTTP answers are changed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "text/html" in Headers(scope=scope).get("accept", ""):
            uncompressed = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": uncompressed}
        await self.app(scope, receive, _Rewriter(send))


class _Rewriter:
    """Holds an HTML answer back until it is complete, since its length changes."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)  # the voting page brings stricter ones
            is_html = headers.get("content-type", "").startswith("text/html")
            if is_html and "content-encoding" not in headers:
                self.start = message
                return
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if message.get("more_body"):
                return
            for old, new in REPLACEMENTS:
                self.body = self.body.replace(old, new)
            headers = MutableHeaders(scope=self.start)
            if self.body:
                headers["content-length"] = str(len(self.body))
            await self.send(self.start)
            message = {"type": "http.response.body", "body": self.body}
            self.start = None
        await self.send(message)
