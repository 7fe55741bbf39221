"""When the provider is asked about a login, what its answers mean, and what holds while it gives none."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator

import pytest

from portalkompass.ui.auth.provider.identity_provider import IdentityProvider
from portalkompass.ui.auth.provider.role_checks import RoleChecks

MINUTES = 10.0
ANSWERS: dict[str, tuple[int, object]] = {}


@pytest.fixture
def provider() -> Iterator[str]:
    """Address of the metadata of a provider that answers to a token with what ``ANSWERS`` holds."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own = f"http://127.0.0.1:{server.server_address[1]}"
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, body = ANSWERS.get(token, (401, {}))
            if self.path == "/metadata":
                status, body = (
                    200,
                    {"issuer": own, "jwks_uri": f"{own}/x", "userinfo_endpoint": f"{own}/userinfo"},
                )
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/metadata"
    server.shutdown()


def test_a_login_is_asked_about_once_an_interval(provider: str) -> None:
    checks, now = RoleChecks(IdentityProvider(provider), MINUTES), time.time()
    ANSWERS["gut"] = 200, {"sub": "lena", "groups": ["lesen"]}
    assert not checks.due("a", now)
    assert checks.claims("a", now) == {}
    assert checks.due("a", now - MINUTES * 60)
    assert checks.holds("a", "lena", "gut")
    assert checks.claims("a", now - MINUTES * 60) == {"sub": "lena", "groups": ["lesen"]}
    assert not checks.due("a", now - MINUTES * 60)
    assert checks.due("b", now - MINUTES * 60), "another login of the same person is asked about by itself"


@pytest.mark.parametrize(
    ("answer", "token", "holds"),
    [
        ((200, {"sub": "lena"}), "x", True),
        ((200, {"sub": "anna", "groups": ["verwalten"]}), "x", False),
        ((200, {"groups": ["verwalten"]}), "x", False),
        ((401, {}), "x", False),
        ((403, {}), "x", False),
        ((200, {"sub": "lena"}), "", False),
        ((500, {}), "x", True),
        ((200, ["keine", "Angabe"]), "x", True),
        ((302, {}), "x", True),
    ],
)
def test_a_token_that_holds_no_more_ends_the_login_a_broken_answer_does_not(
    provider: str, answer: tuple[int, object], token: str, holds: bool
) -> None:
    ANSWERS["x"] = answer
    assert RoleChecks(IdentityProvider(provider), MINUTES).holds("a", "lena", token) is holds


def test_what_was_known_holds_for_two_intervals_and_the_log_says_why(
    provider: str, caplog: pytest.LogCaptureFixture
) -> None:
    checks, now = RoleChecks(IdentityProvider(provider), MINUTES), time.time()
    ANSWERS["x"] = 500, {}
    signed = now - 1.5 * MINUTES * 60
    assert checks.holds("a", "lena", "x")
    assert checks.claims("a", signed) == {}
    assert checks.claims("a", now - 2 * MINUTES * 60) is None
    assert not checks.due("a", signed), "asked again after a while, not with every request"
    assert [record.getMessage() for record in caplog.records] == [
        "Rollen nicht neu gelesen: Der Anmeldedienst antwortet nicht."
    ]
