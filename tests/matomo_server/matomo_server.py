"""A stand-in for a Matomo installation on loopback: index.php, its reports, its errors and its faults."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from etl.demo.server.injected_faults import Fault
from tests.matomo_server.matomo_reports import ApiFault, MatomoWebsite, report

TOKEN = "4f1e0c9d7a6b5e3f2d1c0b9a8f7e6d5c"
WRONG_TOKEN = "Unable to authenticate with the provided token. It is either invalid or expired."
NO_ACCESS = "You can't access this resource as it requires 'view' access for the website id = {}."
LOGIN_PAGE = (
    b'<!DOCTYPE html><html><head><title>Sign in - Matomo</title></head><body><form id="login_form">'
    b'<input type="password" name="form_password"></form></body></html>'
)
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: _Listener

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Requests are kept in the server's own log."""

    def _serve(self) -> None:
        stand_in = self.server.stand_in
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        token = form.get("token_auth", "")
        request = stand_in.note(self.command, self.path, form, dict(self.headers))
        fault = stand_in.faults(request)
        if fault and fault.kind == "drop":
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            return
        if fault and fault.kind == "slow":
            stand_in.stopping.wait(fault.seconds)
        status, content_type, reply = stand_in.answer(request, token)
        if fault and fault.kind == "reply":
            status, reply = fault.status, fault.body
        with contextlib.suppress(OSError):  # the client may have given up meanwhile
            self._send(status, content_type, reply, fault)

    def _send(self, status: int, content_type: str, reply: bytes, fault: Fault | None) -> None:
        headers = {"Content-Type": content_type} | (dict(fault.headers) if fault else {})
        if fault and fault.kind == "cut_json":
            reply = reply[: len(reply) // 2]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        cut = fault is not None and fault.kind == "truncate"
        self.close_connection = self.close_connection or cut
        self.wfile.write(reply[: len(reply) // 2] if cut else reply)
        self.wfile.flush()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, stand_in: MatomoStandIn) -> None:
        self.stand_in = stand_in
        super().__init__(("127.0.0.1", 0), _Handler)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        # No orderly shutdown here: a dropped connection must end in a reset.
        self.close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no fault of the server."""


@contextlib.contextmanager
def serve_matomo(
    website: MatomoWebsite, faults: MatomoFaultPlan = no_matomo_fault
) -> Iterator[MatomoStandIn]:
    """Run the stand-in on a free loopback port until the block ends."""
    stand_in = MatomoStandIn(website, faults)
    listener = _Listener(stand_in)
    stand_in.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.stopping.set()
        listener.shutdown()
        listener.server_close()
        thread.join()
