"""Whom the door believes: the host of the address with or without its port, a forwarded address from the proxy only."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from portalkompass.settings import Login, load_settings
from portalkompass.ui.auth.activity import address_of
from portalkompass.ui.auth.auth_middleware import _own_host
from portalkompass.ui.auth.auth_mode import BELIEVED, configured_mode
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


@pytest.mark.parametrize(("peer", "seen"), [("10.1.1.1", "203.0.113.9"), ("127.0.0.1", "127.0.0.1")])
def test_a_forwarded_address_is_believed_from_the_configured_proxy_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, peer: str, seen: str
) -> None:
    """The server's own middleware, configured as the app configures it, and what the log takes for the address."""
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTALKOMPASS_LOGIN__CLIENT_ID", "x")
    monkeypatch.setenv("PORTALKOMPASS_LOGIN__PROXIES", '["10.1.1.1"]')
    monkeypatch.setenv(BELIEVED, "*")
    load_settings.cache_clear()
    configured_mode()
    load_settings.cache_clear()
    assert os.environ[BELIEVED] == "10.1.1.1"
    found: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        found.append(address_of(scope))

    config = uvicorn.Config(app)
    config.load()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "path": "/", "scheme": "http", "client": (peer, 1),
        "headers": [(b"x-forwarded-for", b"203.0.113.9")],
    }  # fmt: skip
    asyncio.run(config.loaded_app(scope, None, None))  # type: ignore[arg-type]
    assert found == [seen]
