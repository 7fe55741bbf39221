"""Where a request comes from: what a proxy says of it counts only if it is the configured one.

The server itself believes ``X-Forwarded-For`` of everybody on this machine, before any of our code runs, and
cannot be told otherwise in time. Where it did, its answer stands in the header, and the peer was this machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

THIS_MACHINE = ("127.0.0.1", "::1")


def judged(scope: Scope, proxies: Sequence[str]) -> Scope:
    """The scope with the address of the person where one of ``proxies`` asked, else with that of the peer."""
    headers = Headers(scope=scope)
    told = [_without_port(part) for value in headers.getlist("x-forwarded-for") for part in value.split(",")]
    client = scope.get("client")
    if not told or not client:
        return scope
    rewritten = client[0] in told and client[0] not in proxies
    peer = THIS_MACHINE[0] if rewritten else client[0]
    if not (peer in proxies or (peer in THIS_MACHINE and set(THIS_MACHINE) & set(proxies))):
        return {**scope, "client": (peer, client[1])}
    last = next((name for name in reversed(told) if name not in proxies), peer)
    changed = {**scope, "client": (last if _is_address(last) else peer, 0)}
    if headers.get("x-forwarded-proto") == "https":
        changed["scheme"] = "wss" if scope["type"] == "websocket" else "https"
    return changed


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
