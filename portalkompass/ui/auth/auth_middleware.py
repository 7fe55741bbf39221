"""Where a login is configured no request gets past it without a login that is valid now.

Everything is closed unless it is listed in ``OPEN``; that includes what Streamlit may add one day. Pages lead to the
login and back to the same place, everything else is refused with a sentence. Where a proxy signs in people, its word
takes the place of the login, and the app's own way in is shut.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portalkompass.ui.auth import deep_link, login_pages
from portalkompass.ui.auth.activity import REFUSALS, note
from portalkompass.ui.auth.forwarded import judged, peer_of
from portalkompass.ui.auth.identity import (
    GRACE,
    OidcConfig,
    due,
    look_again,
    over,
    person_of,
    provider_of,
)
from portalkompass.ui.auth.localhost_only import NOT_FOUND, OWN_HOST, refuse
from portalkompass.ui.auth.provider.backchannel_logout import BackchannelLogout
from portalkompass.ui.auth.provider.signed_tokens import TokenError
from portalkompass.ui.auth.proxy_sign_in import ProxySignIn
from portalkompass.ui.auth.revoked_sessions import REVOKED
from portalkompass.ui.auth.roles import LADDER, NAMES, Person, Role
from portalkompass.ui.streamlit_internals import (
    AGENT,
    CALLBACK,
    COOKIE,
    COOKIE_SECONDS,
    FIGURES,
    FILES,
    HEALTH,
    LOGIN,
    LOGOUT,
    UPLOAD,
    below,
    script_is_running,
)

BACKCHANNEL = "/abmeldung-vom-anmeldedienst"
"""Where the provider tells that a session is over (its "back-channel logout URL")."""
WAY_IN = re.compile(rf"{LOGIN}|{CALLBACK}|/anmelden(/los)?|{BACKCHANNEL}")
"""The app's own login; shut where a proxy signs in people."""
OPEN = re.compile(rf"{HEALTH}|{LOGOUT}|{WAY_IN.pattern}|/w(/[^/]*)?")
"""What needs no login, below the sub-path: that the app lives, the login itself, the voting page of a code."""
CLOSED = below(AGENT, *FIGURES)
"""Nobody's business, with any role."""
SERVED = re.compile(rf"/(?:{'|'.join(FILES)})/", re.IGNORECASE)
"""Scripts and files, which no person asks for by name."""
NEEDED: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(rf"{UPLOAD}(/|$)", re.IGNORECASE), "administer"),
)
"""Paths that need more than the lowest role."""
READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing; any other needs the highest role, wherever a next Streamlit may have its uploads."""
FOREIGN = "Diese Adresse gehört nicht zum Portalkompass.\n"
ANONYMOUS = "Bitte zuerst am Portalkompass anmelden.\n"
BAD_REQUEST = 400
LONGEST_AT_PROXY = 30 * 86400.0
"""Seconds for which a session of the proxy that was ended here is remembered."""
MOST_BYTES = 20_000
"""Of what the provider sends to end a session."""
SECONDS_BETWEEN_LOOKS = 5.0


class SignedInOnly:
    """ASGI middleware: judges every request and every open websocket by the login cookie."""

    def __init__(self, app: ASGIApp, oidc: OidcConfig, proxy: ProxySignIn | None = None) -> None:
        self.app = app
        self.oidc = oidc
        self.proxy = proxy
        self.backchannel = BackchannelLogout(provider_of(oidc.login), oidc.login.client_id, oidc.seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, lead to the login, or refuse before anything of Streamlit has seen the request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            REFUSALS.flush()
            return
        if REVOKED.behind:
            await run_in_threadpool(REVOKED.catch_up)
        peer, scope = peer_of(scope), judged(scope, self.oidc.login.proxies)
        scope["state"] = {**scope.get("state", {}), "oidc": self.oidc}
        path = _below(scope["path"], self.oidc.base)
        headers = Headers(scope=scope)
        is_open = path is not None and OPEN.fullmatch(path) is not None and scope["type"] == "http"
        if not _is_ours(headers, path, self.oidc):
            REFUSALS.note("fremde Adresse", scope)
            await refuse(FOREIGN, 403, scope, receive, send)
        elif CLOSED.search(scope["path"]):
            REFUSALS.note("gesperrter Pfad", scope)
            await refuse(NOT_FOUND, 404, scope, receive, send)
        elif self.proxy is not None and (path == LOGOUT or not is_open):
            await self._by_proxy(self.proxy, peer, path or scope["path"], scope, receive, send)
        elif self.proxy is not None and path is not None and WAY_IN.fullmatch(path):
            await refuse(NOT_FOUND, 404, scope, receive, send)
        elif path is not None and is_open:
            scope = scope if self.proxy is None else self.proxy.anonymous(scope)
            await self._open(path, headers, scope, receive, send)
        else:
            await self._judge(path or scope["path"], headers, scope, receive, send)

    async def _by_proxy(
        self, proxy: ProxySignIn, peer: str, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """As the person that the proxy in front names, or refused with the reason."""
        try:
            signed_in = await run_in_threadpool(proxy.signed_in, scope, peer)
        except TokenError as fault:
            REFUSALS.note(f"Angabe des Proxys: {fault}", scope)
            if is_screen(scope, Headers(scope=scope)):
                page = login_pages.not_believed(str(fault), self.oidc.login.proxy.sign_out)
                await page(scope, receive, send)
            else:
                await refuse(ANONYMOUS, 401, scope, receive, send)
            return
        headers = Headers(scope=signed_in)
        if path == LOGOUT:
            await self._open(path, headers, signed_in, receive, send)
        else:
            await self._judge(path, headers, signed_in, receive, send)

    async def _judge(self, path: str, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = HTTPConnection(scope).cookies
        if due(cookies, self.oidc):
            await run_in_threadpool(look_again, cookies, self.oidc)
        person = person_of(cookies, self.oidc)
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
        watched = _Watched(person, receive, send, self.oidc)
        try:
            await self.app(scope, watched.receive, watched.send)
        finally:
            watched.stop()

    async def _open(self, path: str, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        """The few open paths; on the way back from the login the cookies are cut to what was promised."""
        cookies = HTTPConnection(scope).cookies
        if path == LOGOUT:
            answer = await self._sign_out(headers, scope)
            if answer is not None:
                await answer(scope, receive, send)
                return
        elif path == BACKCHANNEL:
            answer = await self._ended_by_provider(Request(scope, receive))
            await answer(scope, receive, send)
            return
        link = deep_link.remembered(cookies, self.oidc)

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                fault = ""
                if path == CALLBACK:
                    fault = self._note_sign_in(answered.getlist("set-cookie"), scope)
                elif path == LOGIN and message["status"] >= BAD_REQUEST:
                    fault, message["status"] = "unreachable", 303
                    note("sign-in", outcome=login_pages.FAULTS[fault].outcome, scope=scope)
                if fault:
                    answered["location"] = f"{self.oidc.base}/anmelden?grund={fault}"
                self._finish(answered, link if path == CALLBACK else "")
            await send(message)

        await self.app(scope, receive, finish)

    async def _sign_out(self, headers: Headers, scope: Scope) -> Response | None:
        """End the login here; the answer where Streamlit has nothing more to do with it."""
        person = person_of(HTTPConnection(scope).cookies, self.oidc)
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            REFUSALS.note("fremder Ursprung", scope, person)
            return PlainTextResponse(FOREIGN, 403)
        if person is not None:
            await run_in_threadpool(REVOKED.add, person.key, person.until)
            note("sign-out", person=person, scope=scope)
        if self.proxy is None:
            return None
        if person is not None and person.session:
            await run_in_threadpool(REVOKED.add, person.session, time.time() + LONGEST_AT_PROXY)
        way_out = self.oidc.login.proxy.sign_out or f"{self.oidc.base}/"
        return RedirectResponse(way_out, 303, headers={"Cache-Control": "no-store"})

    async def _ended_by_provider(self, request: Request) -> Response:
        """The provider's word that a session is over; whoever else says so is refused."""
        no_store = {"Cache-Control": "no-store"}
        length = request.headers.get("content-length", "")
        try:
            small = request.method == "POST" and length.isdigit() and int(length) <= MOST_BYTES
            form = await request.form(max_fields=4, max_files=0) if small else {}
            token = str(form.get("logout_token", ""))
            account = await run_in_threadpool(self.backchannel.end, token, REVOKED)
        except (TokenError, HTTPException) as fault:
            reason = str(fault) if isinstance(fault, TokenError) else "keine Abmeldung"
            REFUSALS.note(f"Abmeldung vom Anmeldedienst: {reason}", request.scope)
            return JSONResponse({"error": "invalid_request"}, 400, headers=no_store)
        note("sign-out", scope=request.scope, account=account, by="Anmeldedienst")
        return Response(status_code=200, headers=no_store)

    def _note_sign_in(self, cookies: list[str], scope: Scope) -> str:
        """Who came in by the cookies of the answer; else why nobody did, as a code of ``login_pages.FAULTS``."""
        brought = {
            name: value.partition(";")[0].strip('" ')
            for name, _, value in (one.partition("=") for one in cookies)
        }
        person = person_of(brought, self.oidc)
        if person is not None:
            note("sign-in", person=person, scope=scope)
            return ""
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        if not query.keys() & {"error", "code", "state"}:
            return ""  # back from signing out: nobody tried to get in
        error = query.get("error", "")
        if error:
            fault = error if error in login_pages.FAULTS else "failed"
        else:
            fault = "unconfirmed" if COOKIE in brought else "interrupted"
        note("sign-in", outcome=login_pages.FAULTS[fault].outcome, scope=scope, error=error[:60])
        return fault

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
    """Both sides of a websocket, closed soon after its login has ended.

    Behind a proxy that signs in people it is closed earlier, at a moment when nothing runs: the browser opens it again
    at once, and brings what the proxy says of the person then. A running script would be stopped by that.
    """

    def __init__(self, person: Person, receive: Receive, send: Send, oidc: OidcConfig | None = None) -> None:
        self.person = person
        self.grace = oidc.grace if oidc else GRACE
        self.renewed_at = person.until - oidc.renewed_before if oidc else math.inf
        self.source = receive
        self.answer = send
        self.running = False
        self.pending: asyncio.Future[Message] | None = None

    async def receive(self) -> Message:
        while True:
            self.pending = self.pending or asyncio.ensure_future(self.source())
            done, _ = await asyncio.wait({self.pending}, timeout=SECONDS_BETWEEN_LOOKS)
            if done:
                message, self.pending = self.pending.result(), None
                return message
            if over(self.person, self.grace) or (time.time() >= self.renewed_at and not self.running):
                self.stop()
                await self.answer({"type": "websocket.close", "code": 1008})
                return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: Message) -> None:
        if self.renewed_at < math.inf and (data := message.get("bytes")):
            state = script_is_running(data)
            self.running = self.running if state is None else state
        await self.answer(message)

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
    internal = SERVED.search(scope["path"])
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
