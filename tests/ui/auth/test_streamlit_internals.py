"""Each thing of Streamlit that the login relies on, against the installed version."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portalkompass.ui.auth import streamlit_internals as ours
from portalkompass.ui.auth.auth_middleware import needed_on

SERVER = "streamlit.web.server.starlette"


def theirs(module: str, name: str) -> object:
    return getattr(import_module(f"{SERVER}.{module}"), name)


def test_the_cookie_of_the_login_has_that_name_and_age() -> None:
    assert theirs("starlette_server_config", "USER_COOKIE_NAME") == ours.COOKIE
    assert theirs("starlette_server_config", "TOKENS_COOKIE_NAME") == ours.TOKENS_COOKIE
    assert theirs("starlette_auth_routes", "AUTH_COOKIE_MAX_AGE_SECONDS") == ours.COOKIE_SECONDS


def test_the_cookie_is_signed_with_its_own_name() -> None:
    source = inspect.getsource(import_module(f"{SERVER}.starlette_app_utils"))
    assert "URLSafeTimedSerializer" in source or "TimestampSigner" in source
    assert "salt" in source


def test_chunks_are_read_by_name() -> None:
    kept = {ours.COOKIE: b"chunks-2", f"{ours.COOKIE}_1": b"ab", f"{ours.COOKIE}_2": b"cd"}
    assert ours.get_cookie_with_chunks(kept.get, ours.COOKIE) == b"abcd"
    assert ours.get_cookie_with_chunks({ours.COOKIE: b"whole"}.get, ours.COOKIE) == b"whole"
    assert list(inspect.signature(ours.generate_login_redirect_url).parameters) == ["provider"]


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("starlette_routes", ours.HEALTH),
        ("starlette_routes", ours.UPLOAD),
        ("starlette_agent_routes", ours.AGENT),
        ("starlette_auth_routes", ours.LOGIN),
        ("starlette_auth_routes", ours.LOGOUT),
        ("starlette_auth_routes", ours.CALLBACK),
    ],
)
def test_the_paths_are_where_they_were(module: str, path: str) -> None:
    source = inspect.getsource(import_module(f"{SERVER}.{module}"))
    *_, last = path.split("/")
    assert last in source, f"{path} is not served by {module} any more"


def test_the_server_tells_the_browser_that_a_script_runs() -> None:
    for running in (True, False):
        message = ForwardMsg()
        message.session_status_changed.script_is_running = running
        assert ours.script_is_running(message.SerializeToString()) is running
    other = ForwardMsg()
    other.new_session.page_script_hash = "x"
    assert ours.script_is_running(other.SerializeToString()) is None
    source = inspect.getsource(import_module("streamlit.runtime.app_session"))
    assert "session_status_changed.script_is_running = " in source


def test_a_renamed_upload_route_falls_to_no_weaker_role() -> None:
    """Whatever changes something needs the highest role, wherever Streamlit may put it one day."""
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        assert needed_on("/_stcore/upload_file/a/b", method) == "administer"
        assert needed_on("/_stcore/v2/files/a/b", method) == "administer"
        assert needed_on("/irgendwo", method) == "administer"
    assert needed_on("/_stcore/upload_file/a/b", "GET") == "administer"
    assert needed_on("/ueberblick", "GET") == "read"
    assert needed_on("/_stcore/stream") == "read"
