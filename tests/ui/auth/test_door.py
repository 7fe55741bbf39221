"""Whom the door believes: the host of the address with or without its port, a forwarded address from the proxy only."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from streamlit import config

from portalkompass.settings import Login
from portalkompass.ui.auth.activity import address_of
from portalkompass.ui.auth.auth_middleware import _own_host
from portalkompass.ui.auth.forwarded import is_proxy, judged, peer_of
from portalkompass.ui.auth.identity import OidcConfig


@pytest.mark.parametrize(
    ("address", "host", "ours"),
    [
        ("https://pk.stadt.example/pk", "pk.stadt.example", True),
        ("https://pk.stadt.example/pk", "PK.stadt.example:443", True),
        ("https://pk.stadt.example/pk", "pk.stadt.example:8443", False),
        ("https://pk.stadt.example:8443/pk", "pk.stadt.example:8443", True),
        ("https://pk.stadt.example:8443/pk", "pk.stadt.example", True),
        ("https://pk.stadt.example:8443/pk", "pk.stadt.example:443", False),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("https://pk.stadt.example", "pk.stadt.example.evil.example", False),
        ("https://pk.stadt.example", "pk.stadt.example:443@evil.example", False),
        ("https://pk.stadt.example", "evil.example", False),
        ("https://pk.stadt.example", "", False),
    ],
)
def test_the_host_may_say_its_port(address: str, host: str, ours: bool) -> None:
    assert _own_host(host, OidcConfig(Login(address=address), "", "")) is ours


PROXY = ("10.1.1.1",)


@pytest.mark.parametrize(
    ("peer", "told", "proxies", "seen"),
    [
        ("10.1.1.1", "203.0.113.9", PROXY, "203.0.113.9"),
        ("10.1.1.1", "198.51.100.1, 203.0.113.9", PROXY, "203.0.113.9"),
        ("10.1.1.1", "203.0.113.9, 10.1.1.1", PROXY, "10.1.1.1"),
        ("10.1.1.1", "nirgends", PROXY, "10.1.1.1"),
        ("10.9.9.9", "203.0.113.9", PROXY, "10.9.9.9"),
        ("127.0.0.1", "203.0.113.9", PROXY, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", ("127.0.0.1", "::1"), "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", (), "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9:55", (), "127.0.0.1"),
        ("127.0.0.1", "[2001:db8::1]:55", PROXY, "127.0.0.1"),
        ("10.1.1.1", "[2001:db8::1]:55", PROXY, "2001:db8::1"),
        ("10.9.9.9", "", PROXY, "10.9.9.9"),
        # Naming oneself makes it look as if the server had believed a proxy on this machine.
        ("10.9.9.9", "10.9.9.9", ("127.0.0.1", "::1"), "10.9.9.9"),
        ("10.9.9.9", "10.9.9.9, 203.0.113.9", ("127.0.0.1", "::1"), "10.9.9.9"),
    ],
)
def test_a_forwarded_address_is_believed_from_the_configured_proxy_only(
    peer: str, told: str, proxies: tuple[str, ...], seen: str, request: pytest.FixtureRequest
) -> None:
    """Behind the server's own middleware, which believes everybody on this machine."""
    listen(request, "127.0.0.1" if peer == "127.0.0.1" else "0.0.0.0")
    assert address_of(judged(behind_the_server(peer, told), proxies)) == seen


@pytest.mark.parametrize(
    ("listens", "peer", "told", "from_proxy"),
    [
        ("127.0.0.1", "127.0.0.1", "", True),
        ("127.0.0.1", "127.0.0.1", "203.0.113.9", True),
        ("0.0.0.0", "127.0.0.1", "", True),
        ("0.0.0.0", "10.9.9.9", "", False),
        ("0.0.0.0", "10.9.9.9", "127.0.0.1", False),
        ("0.0.0.0", "10.9.9.9", "10.9.9.9", False),
        ("0.0.0.0", "10.9.9.9", "10.9.9.9, 127.0.0.1", False),
    ],
)
def test_the_peer_is_who_asked_and_never_who_is_named(
    listens: str, peer: str, told: str, from_proxy: bool, request: pytest.FixtureRequest
) -> None:
    listen(request, listens)
    assert is_proxy(peer_of(behind_the_server(peer, told)), ("127.0.0.1",)) is from_proxy


def listen(request: pytest.FixtureRequest, address: str) -> None:
    """Streamlit's setting of this address, for one test."""
    before = config.get_option("server.address")
    request.addfinalizer(lambda: config.set_option("server.address", before))
    config.set_option("server.address", address)


def behind_the_server(peer: str, told: str) -> Scope:
    """What our code gets to see of a request, once the server's own middleware has seen it."""
    found: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        found.append(scope)

    server = uvicorn.Config(app)
    server.load()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "path": "/", "scheme": "http", "client": (peer, 1),
        "headers": [(b"x-forwarded-for", told.encode())] if told else [],
    }  # fmt: skip
    # In a thread of its own: a browser test in the same process leaves its loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, server.loaded_app(scope, None, None)).result()  # type: ignore[arg-type]
    return found[0]
