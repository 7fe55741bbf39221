"""A stand-in for a Matomo installation on loopback: index.php, its reports, its errors and its faults."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from etl.demo.server.loopback import Reply, Request, listening
from tests.matomo_server.matomo_reports import ApiFault, MatomoWebsite, report
from tests.search_console_server.injected_faults import Fault, play

TOKEN = "4f1e0c9d7a6b5e3f2d1c0b9a8f7e6d5c"
WRONG_TOKEN = "Unable to authenticate with the provided token. It is either invalid or expired."
NO_ACCESS = "You can't access this resource as it requires 'view' access for the website id = {}."
LOGIN_PAGE = (
    b'<!DOCTYPE html><html><head><title>Sign in - Matomo</title></head><body><form id="login_form">'
    b'<input type="password" name="form_password"></form></body></html>'
)


@dataclass(frozen=True, slots=True)
class MatomoRequest:
    """A request as it came; ``form`` without the token. ``attempt`` counts equal requests from 0."""

    number: int
    attempt: int
    url: str
    method: str
    form: dict[str, str]
    token_given: bool
    headers: dict[str, str]


MatomoFaultPlan = Callable[[MatomoRequest], Fault | None]


@dataclass
class MatomoStandIn:
    """A running stand-in; ``website`` may be exchanged between requests.

    ``sign_in_page``: a wrong token meets a sign-in page in front of Matomo instead of Matomo's error.
    """

    website: MatomoWebsite
    faults: MatomoFaultPlan
    sign_in_page: bool = False
    allowed: bool = True
    most_rows: int | None = None
    port: int = 0
    requests: list[MatomoRequest] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _seen: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Address of the installation."""
        return f"http://127.0.0.1:{self.port}/matomo/"

    def asked(self, method: str) -> list[MatomoRequest]:
        """The requests for one API method."""
        return [request for request in self.requests if request.form.get("method") == method]

    def note(self, verb: str, url: str, form: dict[str, str], headers: dict[str, str]) -> MatomoRequest:
        """Keep a request in the log."""
        token = form.pop("token_auth", "")
        key = json.dumps([verb, url, sorted(form.items())])
        with self._lock:
            request = MatomoRequest(
                len(self.requests), self._seen[key], url, verb, form, bool(token), headers
            )
            self._seen[key] += 1
            self.requests.append(request)
        return request

    def respond(self, received: Request) -> Reply | None:
        """The reply to a request, with the fault that the plan has for it."""
        form = dict(parse_qsl(received.body.decode(), keep_blank_values=True))
        token = form.get("token_auth", "")
        request = self.note(received.method, received.path, form, dict(received.headers))

        def right_answer() -> Reply:
            status, content_type, body = self.answer(request, token)
            return Reply(status, body, {"Content-Type": content_type})

        return play(self.faults(request), right_answer, self.stopping)

    def answer(self, request: MatomoRequest, token: str) -> tuple[int, str, bytes]:
        """Status, content type and body of the right answer."""
        if request.url.partition("?")[0] != "/matomo/index.php" or request.method != "POST":
            return 404, "text/html", b"<html><body>Not Found</body></html>"
        if token != TOKEN:
            if self.sign_in_page:
                return 200, "text/html; charset=utf-8", LOGIN_PAGE
            return 401, "application/json", error_reply(WRONG_TOKEN)
        if not self.allowed:
            return 200, "application/json", error_reply(NO_ACCESS.format(request.form.get("idSite")))
        try:
            reply = report(self.website, request.form, most_rows=self.most_rows)
        except ApiFault as fault:
            return 200, "application/json", error_reply(str(fault))
        return 200, "application/json; charset=utf-8", json.dumps(reply).encode()


def error_reply(message: str) -> bytes:
    """Matomo's error JSON."""
    return json.dumps({"result": "error", "message": message}).encode()


def api_error(message: str, status: int = 200) -> Fault:
    """An error of Matomo's own, with HTTP 200 unless it is told otherwise."""
    headers = (("Content-Type", "application/json"),)
    return Fault(f"api_error_{status}", "reply", status, error_reply(message), headers)


def no_matomo_fault(_request: MatomoRequest) -> Fault | None:
    """The plan of a well-behaved server."""
    return None


@contextlib.contextmanager
def serve_matomo(
    website: MatomoWebsite, faults: MatomoFaultPlan = no_matomo_fault
) -> Iterator[MatomoStandIn]:
    """Run the stand-in on a free loopback port until the block ends."""
    stand_in = MatomoStandIn(website, faults)
    with listening(stand_in.respond) as stand_in.port:
        try:
            yield stand_in
        finally:
            stand_in.stopping.set()
