"""Ended logins: kept beyond a restart, forgotten when they have run out, no matter what the workspace does."""

import asyncio
import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portalkompass.settings import Login
from portalkompass.ui.auth.auth_middleware import _Watched
from portalkompass.ui.auth.identity import GRACE, SECONDS_OF_WORK, OidcConfig
from portalkompass.ui.auth.revoked_sessions import RevokedSessions
from portalkompass.ui.auth.roles import Person
from portalkompass.workspace import (
    WorkspaceError,
    close_workspace,
    open_workspace,
    revoke_session,
    revoked_sessions,
)

HOUR = 3600


@pytest.fixture
def workspace(tmp_path):
    url = f"sqlite:///{tmp_path / 'workspace.db'}"
    yield open_workspace(url)
    close_workspace(url)


def test_a_restart_does_not_bring_an_ended_login_back(workspace):
    RevokedSessions(lambda: workspace).add("a" * 64, time.time() + HOUR)
    restarted = RevokedSessions(lambda: workspace)
    assert restarted.behind
    restarted.catch_up()
    assert not restarted.behind
    assert restarted.holds("a" * 64)
    assert not restarted.holds("b" * 64)


def test_what_has_run_out_by_itself_is_forgotten(workspace):
    now = dt.datetime.now(dt.UTC)
    revoke_session(workspace, "a" * 64, now - dt.timedelta(seconds=1))
    assert revoked_sessions(workspace) == {}
    revoke_session(workspace, "b" * 64, now + dt.timedelta(hours=1))
    revoke_session(workspace, "b" * 64, now + dt.timedelta(hours=2))  # two clicks in two windows
    assert revoked_sessions(workspace) == {"b" * 64: now + dt.timedelta(hours=2)}
    with workspace.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ended_logins").scalar() == 1


def test_ending_a_login_makes_no_answer_stale_and_names_nobody(workspace):
    before = workspace.revision()
    revoke_session(workspace, "a" * 64, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert workspace.revision() == before


def test_without_a_workspace_it_counts_until_the_restart_and_the_log_says_so(workspace, caplog, monkeypatch):
    reachable = False

    def look():
        if not reachable:
            raise WorkspaceError("Der Arbeitsbereich ist nicht erreichbar.")
        return workspace

    revoke_session(workspace, "a" * 64, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    ended = RevokedSessions(look)
    ended.catch_up()
    ended.add("b" * 64, time.time() + HOUR)
    assert (ended.holds("a" * 64), ended.holds("b" * 64)) == (False, True)
    assert [record.getMessage() for record in caplog.records] == [
        "Beendete Anmeldungen nicht gelesen: Der Arbeitsbereich ist nicht erreichbar.",
        "Abmeldung gilt nur bis zum Neustart: Der Arbeitsbereich ist nicht erreichbar.",
    ]
    assert not ended.behind  # not asked again with every request
    reachable = True
    later = time.monotonic() + 31
    monkeypatch.setattr("portalkompass.ui.auth.revoked_sessions.time.monotonic", lambda: later)
    ended.catch_up()
    assert (ended.holds("a" * 64), ended.holds("b" * 64)) == (True, True)


@pytest.mark.parametrize("seconds", [-1, 2])
def test_an_open_screen_loses_its_connection_when_the_session_has_been_over_for_a_while(seconds, monkeypatch):
    """The screen says itself that the time is up; whoever ignores that is cut off after the grace."""
    monkeypatch.setattr("portalkompass.ui.auth.auth_middleware.SECONDS_BETWEEN_LOOKS", 0.02)
    sent = []

    async def silent():
        await asyncio.sleep(60)

    async def send(message):
        sent.append((time.time(), message))

    end = time.time() - GRACE + seconds

    async def watch():
        person = Person("Lena", frozenset(["read"]), None, end)
        return await asyncio.wait_for(_Watched(person, silent, send).receive(), 30)

    begin = time.time()
    with ThreadPoolExecutor(
        1
    ) as apart:  # a browser test of the same process may have left its loop running here
        ended = apart.submit(asyncio.run, watch()).result()
    assert ended == {"type": "websocket.disconnect", "code": 1008}
    [(moment, message)] = sent
    assert message == {"type": "websocket.close", "code": 1008}
    assert moment >= max(begin, end + GRACE)


def test_behind_a_proxy_a_connection_is_renewed_when_nothing_runs(monkeypatch):
    """An import that is under way is not cut off by it; whoever never rests is cut off at the end."""
    monkeypatch.setattr("portalkompass.ui.auth.auth_middleware.SECONDS_BETWEEN_LOOKS", 0.02)
    oidc = OidcConfig(Login(mode="proxy", roles_minutes=15), "", "")
    sent = []

    def told(running):
        message = ForwardMsg()
        message.session_status_changed.script_is_running = running
        return {"type": "websocket.send", "bytes": message.SerializeToString()}

    async def silent():
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    async def watch():
        due = time.time() + SECONDS_OF_WORK  # the fifteen minutes have just passed
        watched = _Watched(Person("Lena", frozenset(["read"]), None, due), silent, send, oidc)
        await watched.send(told(running=True))
        waiting = asyncio.ensure_future(watched.receive())
        assert not (await asyncio.wait({waiting}, timeout=0.5))[0]
        await watched.send(told(running=False))
        return await asyncio.wait_for(waiting, 30)

    with ThreadPoolExecutor(1) as apart:
        ended = apart.submit(asyncio.run, watch()).result()
    assert ended == {"type": "websocket.disconnect", "code": 1008}
    assert [message["type"] for message in sent] == ["websocket.send", "websocket.send", "websocket.close"]
