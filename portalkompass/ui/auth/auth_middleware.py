"""Where a login is configured no request gets past it without a login that is valid now.

Everything is closed unless it is listed in ``OPEN``; that includes what Streamlit may add one day. Pages lead to the
login and back to the same place, everything else is refused with a sentence.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portalkompass.ui.auth import deep_link, login_pages
from portalkompass.ui.auth.activity import REFUSALS, note
from portalkompass.ui.auth.forwarded import judged
from portalkompass.ui.auth.identity import OidcConfig, over, person_of
from portalkompass.ui.auth.localhost_only import AGENT, NOT_FOUND, OWN_HOST, refuse
from portalkompass.ui.auth.revoked_sessions import REVOKED
from portalkompass.ui.auth.roles import LADDER, NAMES, Person, Role
from portalkompass.ui.auth.streamlit_internals import CALLBACK, COOKIE, COOKIE_SECONDS, HEALTH, UPLOAD

OPEN = re.compile(r"/_stcore/health|/auth/log(in|out)|/oauth2callback|/anmelden(/los)?|/w(/[^/]*)?")
"""What needs no login, below the sub-path: that the app lives, the login itself, the voting page of a code."""
CLOSED = re.compile(r"/+_stcore/+(metrics|script-health-check)(/|$)", re.IGNORECASE)
NEEDED: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(rf"{UPLOAD}(/|$)", re.IGNORECASE), "administer"),
)
"""Paths that need more than the lowest role."""
READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing; any other needs the highest role, wherever a next Streamlit may have its uploads."""
FOREIGN = "Diese Adresse gehört nicht zum Portalkompass.\n"
ANONYMOUS = "Bitte zuerst am Portalkompass anmelden.\n"
PROVIDER_SAYS = {
    "access_denied": "abgelehnt oder abgebrochen",
    "login_required": "beim Anmeldedienst nicht angemeldet",
    "consent_required": "Zustimmung fehlt beim Anmeldedienst",
    "invalid_request": "Anmeldedienst weist die Anfrage zurück",
    "invalid_scope": "Anmeldedienst kennt einen Scope nicht",
    "unauthorized_client": "Anwendung beim Anmeldedienst nicht zugelassen",
    "server_error": "Fehler beim Anmeldedienst",
    "temporarily_unavailable": "Anmeldedienst vorübergehend nicht erreichbar",
}
"""Reasons of a failed login by the codes of OpenID Connect."""
SECONDS_BETWEEN_LOOKS = 5.0
GRACE = 60.0
"""Seconds an open screen keeps its connection after the end, so that it can say so itself."""


class SignedInOnly:
    """ASGI middleware: judges every request and every open websocket by the login cookie."""

    def __init__(self, app: ASGIApp, oidc: OidcConfig) -> None:
        self.app = app
        self.oidc = oidc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, lead to the login, or refuse before anything of Streamlit has seen the request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            REFUSALS.flush()
            return
        if REVOKED.behind:
            await run_in_threadpool(REVOKED.catch_up)
        scope = judged(scope, self.oidc.login.proxies)
        scope["state"] = {**scope.get("state", {}), "oidc": self.oidc}
        path = _below(scope["path"], self.oidc.base)
        headers = Headers(scope=scope)
        if not _is_ours(headers, path, self.oidc):
            REFUSALS.note("fremde Adresse", scope)
            await refuse(FOREIGN, 403, scope, receive, send)
        elif AGENT.search(scope["path"]) or CLOSED.search(scope["path"]):
            REFUSALS.note("gesperrter Pfad", scope)
            await refuse(NOT_FOUND, 404, scope, receive, send)
        elif path is not None and OPEN.fullmatch(path) and scope["type"] == "http":
            await self._open(path, headers, scope, receive, send)
        else:
            await self._judge(path or scope["path"], headers, scope, receive, send)

    async def _judge(self, path: str, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        person = person_of(HTTPConnection(scope).cookies, self.oidc)
        role = needed_on(path, scope.get("method", "GET"))
        if person is None:
            REFUSALS.note("ohne Anmeldung", scope)
            if is_screen(scope, headers):
                await deep_link.to_login(self.oidc, scope, receive, send)
            else:
                await refuse(ANONYMOUS, 401, scope, receive, send)
        elif not person.may(role):
            REFUSALS.note(f"ohne die Rolle {NAMES[role]}", scope, person)
            if is_screen(scope, headers):
                await login_pages.without_role(person, self.oidc)(scope, receive, send)
            else:
                await refuse(lacking(role), 403, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(person, headers, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(
        self, person: Person, headers: Headers, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if headers.get("origin") != self.oidc.origin:
            REFUSALS.note("fremder Ursprung", scope, person)
            await refuse(FOREIGN, 403, scope, receive, send)
            return
        watched = _Watched(person, receive, send)
        try:
            await self.app(scope, watched.receive, send)
        finally:
            watched.stop()

    async def _open(self, path: str, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        """The few open paths; on the way back from the login the cookies are cut to what was promised."""
        cookies = HTTPConnection(scope).cookies
        person = person_of(cookies, self.oidc)
        if path == "/auth/logout":
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                REFUSALS.note("fremder Ursprung", scope, person)
                await refuse(FOREIGN, 403, scope, receive, send)
                return
            if person is not None:
                await run_in_threadpool(REVOKED.add, person.key, person.until)
                note("sign-out", person=person, scope=scope)
        link = deep_link.remembered(cookies, self.oidc)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                if path == CALLBACK:
                    self._note_sign_in(answered.getlist("set-cookie"), scope)
                self._finish(answered, link if path == CALLBACK else "")
            await send(message)

        await self.app(scope, receive, answer)

    def _note_sign_in(self, cookies: list[str], scope: Scope) -> None:
        """Who came in by the cookies of the answer; or why nobody did, as far as the provider says it."""
        brought = {
            name: value.partition(";")[0].strip('" ')
            for name, _, value in (one.partition("=") for one in cookies)
        }
        person = person_of(brought, self.oidc)
        if person is not None:
            note("sign-in", person=person, scope=scope)
            return
        error = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("error", "")
        note("sign-in", outcome=PROVIDER_SAYS.get(error, "gescheitert"), scope=scope, error=error[:60])

    def _finish(self, headers: MutableHeaders, link: str) -> None:
        """Login cookies live as long as a session and go over TLS only; after a login it goes on to ``link``."""
        cookies = headers.getlist("set-cookie")
        if link and any(_signed(cookie) for cookie in cookies):
            headers["location"] = link
        if cookies:
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", _cut(cookie, self.oidc))
        headers["cache-control"] = "no-store"


class _Watched:
    """The incoming side of a websocket, closed soon after its login has ended."""

    def __init__(self, person: Person, receive: Receive, send: Send) -> None:
        self.person = person
        self.source = receive
        self.send = send
        self.pending: asyncio.Future[Message] | None = None

    async def receive(self) -> Message:
        while True:
            self.pending = self.pending or asyncio.ensure_future(self.source())
            done, _ = await asyncio.wait({self.pending}, timeout=SECONDS_BETWEEN_LOOKS)
            if done:
                message, self.pending = self.pending.result(), None
                return message
            if over(self.person, GRACE):
                self.stop()
                await self.send({"type": "websocket.close", "code": 1008})
                return {"type": "websocket.disconnect", "code": 1008}

    def stop(self) -> None:
        if self.pending is not None:
            self.pending.cancel()
            self.pending = None


def needed_on(path: str, method: str = "GET") -> Role:
    """The role that a request needs; the lowest for all that reads and is not set apart."""
    if method not in READING:
        return LADDER[-1]
    return next((role for pattern, role in NEEDED if pattern.search(re.sub("/+", "/", path))), LADDER[0])


def lacking(role: Role) -> str:
    """The sentence for somebody whose role does not reach."""
    return f"Dafür fehlt Ihrem Konto die Rolle „{NAMES[role]}“. Rollen vergibt Ihre IT über Gruppen.\n"


def is_screen(scope: Scope, headers: Headers) -> bool:
    """Whether a person follows a link or types an address, rather than a script asking for something."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    navigates = headers.get("sec-fetch-mode", "navigate") == "navigate"
    internal = re.search(r"/(_stcore|media|component|static|app/static)/", scope["path"], re.IGNORECASE)
    return navigates and internal is None and "text/html" in headers.get("accept", "")


def _is_ours(headers: Headers, path: str | None, oidc: OidcConfig) -> bool:
    """The Host is the app's own; monitoring on this machine may also ask for its health by ``localhost``."""
    hosts = headers.getlist("host")
    if len(hosts) != 1:
        return False
    return _own_host(hosts[0], oidc) or (path == HEALTH and OWN_HOST.fullmatch(hosts[0]) is not None)


def _own_host(host: str, oidc: OidcConfig) -> bool:
    """The name of the address; its port may be left out or said, as proxies do, but not be another one."""
    own, asked = (
        urlsplit(oidc.origin),
        re.fullmatch(r"(\[[0-9a-f:.]+\]|[^:\[\]@/]+)(?::(\d{1,5}))?", host.lower()),
    )
    if asked is None or asked[1].strip("[]") != (own.hostname or "").lower():
        return False
    standard = 443 if own.scheme == "https" else 80
    return asked[2] is None or int(asked[2]) == (own.port or standard)


def _below(path: str, base: str) -> str | None:
    """The path without the sub-path; None outside of it."""
    if not base:
        return path
    return path[len(base) :] if path.startswith(f"{base}/") else None


def _signed(cookie: str) -> bool:
    """Whether a Set-Cookie line brings a login rather than deleting one."""
    name, _, rest = cookie.partition("=")
    return name == COOKIE and rest.partition(";")[0].strip('" ') != ""


def _cut(cookie: str, oidc: OidcConfig) -> str:
    """A Set-Cookie line with Secure, and with the session length instead of Streamlit's month."""
    cookie = re.sub(rf"(?i)max-age={COOKIE_SECONDS}", f"Max-Age={oidc.seconds}", cookie)
    if oidc.secure and not re.search(r"(?i);\s*secure\b", cookie):
        cookie += "; Secure"
    return cookie
