"""Faults that the stand-in can play, in the shapes Google uses; a plan decides per request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from etl.demo.server import api_error as api_errors
from etl.demo.server.api_error import api_error
from etl.demo.server.loopback import Reply
from etl.demo.server.routes import RequestKind

FaultKind = Literal["reply", "drop", "truncate", "cut_json", "slow"]


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a fault plan may look at. `number` counts all requests from 0; `attempt` equal ones from 0."""

    number: int
    attempt: int
    kind: RequestKind
    method: str
    path: str
    site: str = ""
    body: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    reply: answer `status` and `body` instead. drop: close without an answer. truncate: the right answer,
    cut after half of the announced length. cut_json: half the JSON, announced as such. slow: the right
    answer after `seconds`.
    """

    name: str
    kind: FaultKind
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0


FaultPlan = Callable[[RequestFacts], Fault | None]


def play(fault: Fault | None, right_answer: Callable[[], Reply], stopping: threading.Event) -> Reply | None:
    """The right answer with the fault in it; None where the connection is to be dropped."""
    if fault is None:
        return right_answer()
    match fault.kind:
        case "drop":
            return None
        case "reply":
            return Reply(fault.status, fault.body, dict(fault.headers))
        case "slow":
            stopping.wait(fault.seconds)
            return right_answer()
    reply = right_answer()
    half = replace(reply, body=reply.body[: len(reply.body) // 2])
    return half if fault.kind == "cut_json" else replace(half, announced=len(reply.body))


def no_fault(_facts: RequestFacts) -> Fault | None:
    """The plan of a well-behaved server."""
    return None


def _usage(name: str, code: int, reason: str, message: str, retry_after: int | None = None) -> Fault:
    headers = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
    status = "RESOURCE_EXHAUSTED" if code == 429 else ""
    body = api_error(code, reason, message, domain="usageLimits", status=status).body
    return Fault(name, "reply", code, body, headers)


def qps_quota() -> Fault:
    """403 quotaExceeded: too many queries per second or minute."""
    return _usage("qps_quota", 403, "quotaExceeded", "Search Analytics QPS quota exceeded.")


def load_quota() -> Fault:
    """403 quotaExceeded: the load quota of ten minutes or of the day."""
    message = (
        "Search Analytics load quota exceeded. Learn about usage limits: "
        "https://developers.google.com/webmaster-tools/v3/limits."
    )
    return _usage("load_quota", 403, "quotaExceeded", message)


def rate_limit(code: int = 403, retry_after: int | None = None) -> Fault:
    """403 or 429 rateLimitExceeded, with Retry-After in seconds if given."""
    return _usage(f"rate_limit_{code}", code, "rateLimitExceeded", "Rate Limit Exceeded", retry_after)


def too_many(retry_after: int | None = None) -> Fault:
    """429 with quotaExceeded, the rarer form of a quota error."""
    message = (
        "Quota exceeded for quota metric 'Search Analytics QPS' of service 'searchconsole.googleapis.com'."
    )
    return _usage("too_many", 429, "quotaExceeded", message, retry_after)


def server_error(code: int = 503) -> Fault:
    """500, 502 or 503 as Google's backend reports them."""
    reason = {500: "internalError", 502: "badGateway", 503: "backendError"}.get(code, "backendError")
    return Fault(f"server_error_{code}", "reply", code, api_error(code, reason, "Backend Error").body)


def forbidden() -> Fault:
    """403 forbidden: the account has no permission on the property."""
    message = "User does not have sufficient permission for this site."
    return Fault("forbidden", "reply", 403, api_error(403, "forbidden", message).body)


def unauthorised() -> Fault:
    """401: the token is not accepted."""
    return Fault("unauthorised", "reply", 401, api_errors.unauthorised().body)


def not_found() -> Fault:
    """404: Google does not know the property."""
    return Fault("not_found", "reply", 404, api_errors.not_found().body)


def bad_request() -> Fault:
    """400: a parameter that Google does not take."""
    message = "Request contains an invalid argument."
    return Fault("bad_request", "reply", 400, api_error(400, "badRequest", message).body)


def refused_key() -> Fault:
    """The sign-in server's refusal of a key that was deleted or has expired."""
    body = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    return Fault("refused_key", "reply", 400, json.dumps(body).encode())


def dropped() -> Fault:
    """The connection is reset before any reply."""
    return Fault("dropped", "drop")


def truncated() -> Fault:
    """Content-Length promises more than is sent."""
    return Fault("truncated", "truncate")


def cut_json() -> Fault:
    """200 with half a JSON document whose length is announced correctly."""
    return Fault("cut_json", "cut_json")


def html() -> Fault:
    """200 with a web page, as a captive proxy answers."""
    body = b"<!DOCTYPE html><html><head><title>Anmeldung</title></head><body>Bitte anmelden</body></html>"
    return Fault("html", "reply", 200, body, (("Content-Type", "text/html; charset=utf-8"),))


def proxy_page(status: int = 403) -> Fault:
    """A proxy's own page with which it refuses an address; no word of Google or Matomo in it."""
    body = b"<!DOCTYPE html><html><head><title>Zugriff gesperrt</title></head><body>Kategorie: Suche</body></html>"
    return Fault(f"proxy_{status}", "reply", status, body, (("Content-Type", "text/html; charset=utf-8"),))


def slow(seconds: float) -> Fault:
    """The right answer, but later than a client may want to wait."""
    return Fault("slow", "slow", seconds=seconds)
