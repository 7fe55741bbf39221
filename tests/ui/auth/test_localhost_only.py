import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from portalkompass.ui.auth.localhost_only import NOT_FOUND, REFUSED, LocalhostOnly

PATHS = (
    "/",
    "/daten",
    "/media/x.csv",
    "/_stcore/upload_file/a/b",
    "/_stcore/health",
    "/w/ABCDEFGHJK",
    "//daten",
)
PROXIED = (
    "X-Forwarded-For",
    "x-forwarded-host",
    "X-Forwarded-Proto",
    "Forwarded",
    "X-Forwarded",
    "X-Real-IP",
    "Via",
)
FOREIGN = (
    "portal.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "evil.example:8501",
    "localhost:8501:1",
    "localhost\n",
    "127.0.0.2",
    "",
)


def ask(*headers, path="/", method="GET", kind="http", extensions=()):
    """Messages sent to a client, and whether the app behind was reached."""
    reached, sent = [], []

    async def app(_scope, _receive, _send):
        reached.append(True)

    async def send(message):
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    scope = {
        "type": kind,
        "path": path,
        "method": method,
        "headers": raw,
        "extensions": dict.fromkeys(extensions),
    }
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, LocalhostOnly(app)(scope, None, send)).result()
    return sent, bool(reached)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "LOCALHOST:1", "127.0.0.1:8501", "[::1]:8501"]
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_this_machine_gets_in(host, kind):
    assert ask(("Host", host), kind=kind) == ([], True)


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_is_refused_with_a_sentence_whatever_it_asks_for(host, path):
    sent, reached = ask(("Host", host), path=path)
    assert (sent[0]["status"], sent[1]["body"].decode(), reached) == (403, REFUSED, False)


@pytest.mark.parametrize("name", PROXIED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST"])
def test_a_proxy_in_front_opens_nothing(name, method):
    sent, reached = ask(
        ("Host", "localhost"), (name, "127.0.0.1"), path="/_stcore/upload_file/a/b", method=method
    )
    assert (sent[0]["status"], reached) == (403, False)


def test_no_host_and_two_hosts_are_refused():
    assert ask()[0][0]["status"] == 403
    assert ask(("Host", "localhost"), ("Host", "evil.example"))[0][0]["status"] == 403


def test_a_websocket_is_refused_before_it_opens():
    proxied = [("Host", "localhost"), ("X-Forwarded-For", "192.0.2.1")]
    sent, reached = ask(*proxied, path="/_stcore/stream", kind="websocket")
    assert (sent, reached) == ([{"type": "websocket.close", "code": 1008}], False)
    sent, reached = ask(*proxied, kind="websocket", extensions=["websocket.http.response"])
    assert (sent[0]["type"], sent[0]["status"], reached) == ("websocket.http.response.start", 403, False)


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/agent",
        "/_stcore/agent/state",
        "//_stcore//agent/x",
        "/unter/_stcore/agent/x",
        "/_STCORE/Agent/",
    ],
)
def test_the_agent_interface_is_closed_to_this_machine_too(path):
    sent, reached = ask(("Host", "localhost"), path=path)
    assert (sent[0]["status"], sent[1]["body"].decode(), reached) == (404, NOT_FOUND, False)
