"""A stand-in for Google's Search Console API on loopback: same addresses, shapes, rules and faults.

Small writes are buffered and sent at once (TCP_NODELAY): without that each request costs 40 ms of
delayed acknowledgement.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import socket
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from etl.demo.availability import usual_lag
from etl.demo.faults import UNAUTHORISED_BODY, Fault, FaultPlan, RequestFacts, error_body, no_fault
from etl.demo.question import ApiError, read_question
from etl.demo.replies import Archive, Supply
from etl.demo.routes import answer, target_of
from etl.demo.rows import World
from etl.demo.tokens import TokenOffice

_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_Request = socket.socket | tuple[bytes, socket.socket]


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as it was answered; `status` is 0 where the connection was dropped."""

    facts: RequestFacts
    status: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How the stand-in behaves.

    latency: seconds before each API answer. short_pages: at most so many rows a page although more follow
    (0: pages are full). gaps: days that Google lost. cap: rows a day. cache_bytes: memory for encoded answers.
    """

    latency: float = 0.0
    short_pages: int = 0
    gaps: frozenset[dt.date] = frozenset()
    cap: int = 50_000
    cache_bytes: int = 256 * 1024 * 1024
    token_lifetime: float = 3600.0
    lag: Callable[[dt.date], int] = usual_lag


@dataclass
class StandIn:
    """A running server. `today` and `world` may be set while it runs, as days pass and data change."""

    world: World
    today: dt.date
    options: Options
    faults: FaultPlan
    port: int = 0
    requests: list[LoggedRequest] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.archive = Archive(self.options.cache_bytes)
        self.tokens = TokenOffice(self.options.token_lifetime)
        self._lock = threading.Lock()
        self._number = 0
        self._seen: Counter[tuple[str, str, bytes]] = Counter()

    @property
    def endpoint(self) -> str:
        """Base address, for `client_options.api_endpoint`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token_uri(self) -> str:
        """Where service accounts get their tokens."""
        return f"{self.endpoint}/token"

    def supply(self) -> Supply:
        """What may be served now."""
        last_final = self.today - dt.timedelta(days=self.options.lag(self.today))
        return Supply(self.world, self.today, last_final, self.options.gaps, self.options.cap)

    def replace_world(self, world: World) -> None:
        """Serve another world from now on; kept answers are dropped."""
        self.archive = Archive(self.options.cache_bytes)
        self.world = world

    def prepare(self, site: str, bodies: Iterable[dict[str, object]]) -> None:
        """Encode the answers to these request bodies beforehand, for measurements."""
        for body in bodies:
            question, _, _ = read_question(body)
            self.archive.answer(site, question, self.supply())

    def facts(self, method: str, path: str, body: bytes) -> RequestFacts:
        """Number the request and describe it for the fault plan."""
        target = target_of(method, path)
        same = (method, path, b"" if target.kind == "token" else body)  # every assertion is another one
        with self._lock:
            number, self._number = self._number, self._number + 1
            attempt = self._seen[same]
            self._seen[same] += 1
        parsed = _parsed(body) if target.kind in ("query", "inspection") else {}
        return RequestFacts(number, attempt, target.kind, method, path, target.site, parsed)

    def log(self, entry: LoggedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self.requests.append(entry)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


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
        facts = stand_in.facts(self.command, self.path.partition("?")[0], body)
        fault = stand_in.faults(facts)
        if fault and fault.kind == "drop":
            stand_in.log(LoggedRequest(facts, 0, fault.name))
            self._reset()
            return
        if fault and fault.kind == "slow":
            stand_in.stopping.wait(fault.seconds)
        elif facts.kind != "token" and stand_in.options.latency:
            stand_in.stopping.wait(stand_in.options.latency)
        if fault and fault.kind == "reply":
            status, reply = fault.status, fault.body
        else:
            status, reply = self._right_answer(facts, body)
        stand_in.log(LoggedRequest(facts, status, fault.name if fault else ""))
        with contextlib.suppress(OSError):  # the client may have given up meanwhile
            self._send(status, reply, fault)

    def _right_answer(self, facts: RequestFacts, body: bytes) -> tuple[int, bytes]:
        stand_in = self.server.stand_in
        if facts.kind == "token":
            return stand_in.tokens.grant(body)
        if facts.kind == "other":
            return 404, error_body(404, "notFound", "Not Found")
        if not stand_in.tokens.holds(self.headers.get("Authorization", "")):
            return 401, UNAUTHORISED_BODY
        try:
            target = target_of(facts.method, facts.path)
            page_rows = stand_in.options.short_pages
            return 200, answer(target, facts.body, stand_in.supply(), stand_in.archive, page_rows)
        except ApiError as refusal:
            return refusal.code, refusal.body

    def _send(self, status: int, reply: bytes, fault: Fault | None) -> None:
        headers = dict(fault.headers) if fault else {}
        if fault and fault.kind == "cut_json":
            reply = reply[: len(reply) // 2]
        self.send_response(status)
        self.send_header("Content-Type", headers.pop("Content-Type", "application/json; charset=UTF-8"))
        self.send_header("Content-Length", str(len(reply)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if fault and fault.kind == "truncate":
            self.wfile.write(reply[: len(reply) // 2])
            self.close_connection = True
        else:
            self.wfile.write(reply)
        self.wfile.flush()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self._open: set[_Request] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: _Request, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        self._open.discard(request)
        # No orderly shutdown here: a dropped connection must end in a reset.
        self.close_request(request)

    def handle_error(self, request: _Request, client_address: object) -> None:
        """A client that hangs up is no fault of the server."""

    def hang_up(self) -> None:
        """Close connections that clients keep open."""
        for connection in list(self._open):
            if isinstance(connection, socket.socket):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def serve(
    world: World,
    *,
    today: dt.date,
    faults: FaultPlan = no_fault,
    options: Options | None = None,
) -> Iterator[StandIn]:
    """Run the stand-in on a free loopback port until the block ends."""
    stand_in = StandIn(world, today, options or Options(), faults)
    listener = _Listener(stand_in)
    stand_in.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.stopping.set()
        listener.shutdown()
        listener.hang_up()
        listener.server_close()
        thread.join()
