"""A small HTTP server on loopback: one function is given every request and returns its reply.

Small writes are buffered and sent at once (TCP_NODELAY): without that each request costs 40 ms of
delayed acknowledgement.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_JSON = "application/json; charset=UTF-8"
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_Socket = socket.socket | tuple[bytes, socket.socket]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; ``path`` is everything behind the host."""

    method: str
    path: str
    headers: Message
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply; JSON unless ``headers`` name another type. ``announced``: a length that is not the body's."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None


Respond = Callable[[Request], Reply | None]
"""Answers a request; None resets the connection without a reply. Called from several threads."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: _Listener

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.server.respond(Request(self.command, self.path, self.headers, body))
        if reply is None:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            return
        with contextlib.suppress(OSError):  # the client may have given up meanwhile
            self._send(reply)

    do_GET = do_POST = _serve

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in ({"Content-Type": _JSON} | dict(reply.headers)).items():
            self.send_header(name, value)
        announced = len(reply.body) if reply.announced is None else reply.announced
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.close_connection = self.close_connection or announced != len(reply.body)
        self.wfile.write(reply.body)
        self.wfile.flush()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self._open: set[_Socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: _Socket, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        self._open.discard(request)
        # No orderly shutdown here: a dropped connection must end in a reset.
        self.close_request(request)

    def handle_error(self, request: _Socket, client_address: object) -> None:
        """A client that hangs up is no fault of the server."""

    def hang_up(self) -> None:
        """Close connections that clients keep open."""
        for connection in list(self._open):
            if isinstance(connection, socket.socket):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def listening(respond: Respond) -> Iterator[int]:
    """Answer requests on a free loopback port, which is yielded, until the block ends."""
    listener = _Listener(respond)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listener.server_address[1]
    finally:
        listener.shutdown()
        listener.hang_up()
        listener.server_close()
        thread.join()
