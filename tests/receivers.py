"""A mail server and a webhook on this machine, which keep what they get and can be told to refuse it."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Hook(http.server.BaseHTTPRequestHandler):
    """Takes every JSON object; ``/away`` leads elsewhere, ``/busy`` is busy for one try, ``/broken`` for good."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        received: list[Any] = self.server.received  # type: ignore[attr-defined]
        received.append(json.loads(self.rfile.read(length)))
        status = {"/away": 302, "/broken": 500, "/no": 403}.get(self.path, 200)
        if self.path == "/busy" and len(received) == 1:
            status = 503
        self.send_response(status)
        if self.path == "/away":
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


class Mail(socketserver.StreamRequestHandler):
    """As much SMTP as one message needs; ``answers`` of the server replace replies by the first word asked."""

    def handle(self) -> None:
        answers: dict[bytes, list[bytes]] = self.server.answers  # type: ignore[attr-defined]
        self.wfile.write(b"220 here\r\n")
        lines: list[bytes] = []
        while raw := self.rfile.readline():
            verb = raw[:4].upper().strip()
            self.server.asked.append(raw)  # type: ignore[attr-defined]
            if answers.get(verb):
                self.wfile.write(answers[verb].pop(0) + b"\r\n")
                continue
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                self.server.received.append(b"".join(lines).decode())  # type: ignore[attr-defined]
            replies = {
                b"QUIT": b"221 bye\r\n",
                b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n",
                b"AUTH": b"235 ok\r\n",
            }
            self.wfile.write(replies.get(verb, b"250 ok\r\n"))
            if verb == b"QUIT":
                return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler: type, answers: dict[bytes, list[bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.received: list[Any] = []
        self.asked: list[bytes] = []
        self.answers = answers


@contextmanager
def listening(
    handler: type, answers: dict[bytes, list[bytes]] | None = None
) -> Iterator[tuple[int, list[Any]]]:
    """The port, and what has come so far."""
    with serving(handler, answers) as server:
        yield server.server_address[1], server.received


@contextmanager
def serving(handler: type, answers: dict[bytes, list[bytes]] | None = None) -> Iterator[_Server]:
    """The server itself, with every line it was asked."""
    with _Server(handler, answers or {}) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
