"""Every fault looks on the wire as it does at Google's, and the next request is answered again."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import time

import pytest

from tests.etl.demo.api import send, token
from tests.etl.demo.table_world import Line, TableWorld
from tests.search_console_server import injected_faults
from tests.search_console_server.faulty_server import Options, serve
from tests.search_console_server.injected_faults import Fault, FaultPlan, RequestFacts

SITE = "https://portal.stadt.example/"
DAY = dt.date(2025, 3, 1)
WORLD = TableWorld(SITE, [Line(DAY, SITE, "hund", 1, 2, 3.0)])
PATH = "/webmasters/v3/sites"


def once(fault: Fault) -> FaultPlan:
    """The fault on the first API request only."""

    def plan(facts: RequestFacts) -> Fault | None:
        return fault if facts.kind == "sites" and facts.attempt == 0 else None

    return plan


@pytest.mark.parametrize(
    ("fault", "status", "reason", "words"),
    [
        (injected_faults.qps_quota(), 403, "quotaExceeded", "QPS quota exceeded"),
        (injected_faults.load_quota(), 403, "quotaExceeded", "load quota exceeded"),
        (injected_faults.rate_limit(403), 403, "rateLimitExceeded", "Rate Limit"),
        (injected_faults.rate_limit(429, retry_after=7), 429, "rateLimitExceeded", "Rate Limit"),
        (injected_faults.too_many(), 429, "quotaExceeded", "Quota exceeded"),
        (injected_faults.server_error(500), 500, "internalError", "Backend"),
        (injected_faults.server_error(502), 502, "badGateway", "Backend"),
        (injected_faults.server_error(503), 503, "backendError", "Backend"),
        (injected_faults.forbidden(), 403, "forbidden", "permission"),
        (injected_faults.unauthorised(), 401, "authError", "credentials"),
    ],
)
def test_error_replies_carry_googles_reason(fault: Fault, status: int, reason: str, words: str) -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20), faults=once(fault)) as server:
        bearer = {"Authorization": f"Bearer {token(server)}"}
        code, headers, body = send(server, "GET", PATH, headers=bearer)
        error = json.loads(body)["error"]
        assert (code, error["code"], error["errors"][0]["reason"]) == (status, status, reason)
        assert words in error["message"]
        assert headers.get("Retry-After") == ("7" if fault.headers else None)
        assert send(server, "GET", PATH, headers=bearer)[0] == 200
        assert [entry.fault for entry in server.requests] == ["", fault.name, ""]


def test_dropped_connection_gives_no_reply() -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20), faults=once(injected_faults.dropped())) as server:
        bearer = {"Authorization": f"Bearer {token(server)}"}
        with pytest.raises(ConnectionError):
            send(server, "GET", PATH, headers=bearer)
        assert send(server, "GET", PATH, headers=bearer)[0] == 200
        assert [entry.status for entry in server.requests] == [200, 0, 200]


def test_truncated_reply_ends_before_its_announced_length() -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20), faults=once(injected_faults.truncated())) as server:
        bearer = {"Authorization": f"Bearer {token(server)}"}
        with pytest.raises(http.client.IncompleteRead):
            send(server, "GET", PATH, headers=bearer)
        assert send(server, "GET", PATH, headers=bearer)[0] == 200


@pytest.mark.parametrize("fault", [injected_faults.cut_json(), injected_faults.html()])
def test_unreadable_replies_come_with_status_200(fault: Fault) -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20), faults=once(fault)) as server:
        bearer = {"Authorization": f"Bearer {token(server)}"}
        status, _, body = send(server, "GET", PATH, headers=bearer)
        assert status == 200
        with pytest.raises(ValueError, match="char"):
            json.loads(body)


def test_slow_reply_is_right_but_late_and_ends_with_the_server() -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20), faults=once(injected_faults.slow(0.2))) as server:
        bearer = {"Authorization": f"Bearer {token(server)}"}
        begin = time.monotonic()
        assert send(server, "GET", PATH, headers=bearer)[0] == 200
        assert time.monotonic() - begin >= 0.2


def test_latency_delays_answers_but_not_sign_in() -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20), options=Options(latency=2)) as server:
        begin = time.monotonic()
        bearer = {"Authorization": f"Bearer {token(server)}"}
        signed_in = time.monotonic()
        send(server, "GET", PATH, headers=bearer)
        assert signed_in - begin < 2 <= time.monotonic() - signed_in


def test_many_small_requests_on_one_connection_are_quick() -> None:
    with serve(WORLD, today=dt.date(2025, 3, 20)) as server:
        bearer = {"Authorization": f"Bearer {token(server)}"}
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        begin = time.monotonic()
        for _ in range(200):
            connection.request("GET", PATH, headers=bearer)
            connection.getresponse().read()
        connection.close()
        # with delayed acknowledgement it would be 40 ms each: 8 s
        assert time.monotonic() - begin < 6
