"""A bare HTTP client for the stand-in, so that its answers are seen as they go over the wire."""

from __future__ import annotations

import base64
import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode

from tests.search_console_server.faulty_server import FaultyStandIn

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def assertion(claims: dict[str, Any]) -> str:
    return ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (b"{}", json.dumps(claims).encode(), b"x")
    )


def send(
    server: FaultyStandIn, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        connection.close()


def token(server: FaultyStandIn) -> str:
    form = urlencode({"grant_type": GRANT, "assertion": assertion({"iss": "demo@portal.example"})}).encode()
    status, _, body = send(server, "POST", "/token", form)
    assert status == 200
    return str(json.loads(body)["access_token"])


def call(
    server: FaultyStandIn, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    payload = json.dumps(body).encode() if body is not None else b""
    status, _, reply = send(server, method, path, payload, {"Authorization": f"Bearer {token(server)}"})
    return status, json.loads(reply)


def query(server: FaultyStandIn, site: str, **body: Any) -> tuple[int, Any]:
    return call(server, "POST", f"/webmasters/v3/sites/{quote(site, safe='')}/searchAnalytics/query", body)


def rows(server: FaultyStandIn, site: str, **body: Any) -> list[tuple[Any, ...]]:
    """Rows as (*keys, clicks, impressions, position); an absent list counts as empty."""
    status, reply = query(server, site, **body)
    assert status == 200, reply
    return [
        (*row.get("keys", ()), row["clicks"], row["impressions"], round(row["position"], 6))
        for row in reply.get("rows", ())
    ]
