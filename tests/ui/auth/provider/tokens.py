"""Signed tokens as providers and gates make them, right or wrong in one thing."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

Key = RSAKey | ECKey | OctKey


def rsa(name: str = "eins") -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": name})


def token(key: Key, *, algorithm: str = "RS256", **claims: Any) -> str:
    """A token with these claims, valid for a minute unless they say otherwise; None leaves a claim out."""
    now = int(time.time())
    whole = {
        "iss": "https://zugang.example",
        "aud": "portalkompass",
        "sub": "lena",
        "iat": now,
        "exp": now + 60,
    }
    whole = {name: value for name, value in (whole | claims).items() if value is not None}
    header = {"alg": algorithm} | ({"kid": key.kid} if key.kid else {})
    return jwt.encode(header, whole, key, algorithms=[algorithm])


@contextmanager
def key_server(keys: list[RSAKey]) -> Iterator[str]:
    """Address of a JWKS with whatever the list holds when it is asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/jwks"
    finally:
        server.shutdown()
