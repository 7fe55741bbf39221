"""Where a request comes from: what a proxy says of it counts only if it is the configured one.

The server itself believes ``X-Forwarded-For`` of everybody on this machine, before any of our code runs, and
cannot be told otherwise in time. Where it did, its answer stands in the header, and the peer was this machine. Somebody
elsewhere can make it look the same by naming himself, so that counts only while nobody elsewhere can ask at all.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

from portalkompass.ui.streamlit_internals import config

THIS_MACHINE = ("127.0.0.1", "::1")


def peer_of(scope: Scope) -> str:
    """The address that opened this connection; "" where it cannot be told from one that is only claimed."""
    client = scope.get("client")
    if not client:
        return ""
    if client[0] not in _told(scope):
        return str(client[0])
    return THIS_MACHINE[0] if config.get_option("server.address") in ("localhost", *THIS_MACHINE) else ""


def is_proxy(peer: str, proxies: Sequence[str]) -> bool:
    """Whether this peer is one of the configured proxies; this machine has two names."""
    return peer in proxies or (peer in THIS_MACHINE and bool(set(THIS_MACHINE) & set(proxies)))


def judged(scope: Scope, proxies: Sequence[str]) -> Scope:
    """The scope with the address of the person where one of ``proxies`` asked, else with that of the peer."""
    told, client = _told(scope), scope.get("client")
    if not told or not client:
        return scope
    peer = peer_of(scope)
    if not is_proxy(peer, proxies):
        return {**scope, "client": (peer or client[0], client[1])}
    last = next((name for name in reversed(told) if name not in proxies), peer)
    changed = {**scope, "client": (last if _is_address(last) else peer, 0)}
    if Headers(scope=scope).get("x-forwarded-proto") == "https":
        changed["scheme"] = "wss" if scope["type"] == "websocket" else "https"
    return changed


def _told(scope: Scope) -> list[str]:
    values = Headers(scope=scope).getlist("x-forwarded-for")
    return [_without_port(part) for value in values for part in value.split(",")]


def _without_port(told: str) -> str:
    """An address as proxies write it: ``1.2.3.4``, ``1.2.3.4:56``, ``[::1]:56``."""
    told = told.strip()
    if told.startswith("["):
        return told[1:].partition("]")[0]
    return told.partition(":")[0] if told.count(":") == 1 else told


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
