"""A stand-in for Google's Search Console API on loopback: same addresses, shapes, rules and faults.

Small writes are buffered and sent at once (TCP_NODELAY): without that each request costs 40 ms of
delayed acknowledgement.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from etl.demo.server.injected_faults import (
    UNAUTHORISED_BODY,
    Fault,
    FaultPlan,
    RequestFacts,
    error_body,
    no_fault,
)
from etl.demo.server.question import ApiError
from etl.demo.server.routes import answer, target_of
from etl.demo.server.stand_in import LoggedRequest, Options, StandIn
from etl.demo.world.row_types import World

__all__ = ["LoggedRequest", "Options", "StandIn", "serve"]

_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_Request = socket.socket | tuple[bytes, socket.socket]


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
