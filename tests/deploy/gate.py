"""A small gate as nginx asks it (auth_request): a name in a cookie, and a signed statement for every request."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

from joserfc.jwk import RSAKey

from tests.ui.auth.provider.tokens import rsa, token

SIGNED_OUT = "Am Zugang abgemeldet"


@dataclass
class Gate:
    """What the stand-in knows of people and has signed so far; groups may change while it runs."""

    groups: dict[str, list[str]]
    key: RSAKey = field(default_factory=rsa)
    signed: list[str] = field(default_factory=list)
    port: int = 0

    def statement(self, name: str, **changes: object) -> str:
        """What is said about this person, for one request; ``changes`` are claims."""
        claims = {
            "sub": name,
            "name": name.capitalize(),
            "groups": self.groups[name],
            "jti": f"{time.time_ns()}",
        }
        return token(self.key, **claims | changes)


@contextmanager
def running(gate: Gate) -> Iterator[Gate]:
    """The gate on a port of this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get("zugang")
            name = cookie.value if cookie else ""
            if parts.path == "/oauth2/auth":
                if name not in gate.groups:
                    self.answer(401)
                    return
                gate.signed.append(gate.statement(name))
                self.answer(202, Authorization=f"Bearer {gate.signed[-1]}")
            elif parts.path == "/oauth2/start":
                links = (
                    f'<a href="/oauth2/in?name={one}&rd={query["rd"]}">{one}</a> ' for one in gate.groups
                )
                self.answer(200, "".join(links))
            elif parts.path == "/oauth2/in":
                self.answer(302, Location=query["rd"], **{"Set-Cookie": f"zugang={query['name']}; Path=/"})
            elif parts.path == "/oauth2/sign_out":
                self.answer(200, SIGNED_OUT, **{"Set-Cookie": "zugang=; Path=/; Max-Age=0"})
            else:
                self.answer(404)

        def answer(self, status: int, body: str = "", **headers: str) -> None:
            self.send_response(status)
            for header, value in {"Content-Type": "text/html", **headers}.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gate.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield gate
    finally:
        server.shutdown()
