"""Each thing of Streamlit that the app relies on, against the installed version."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from typing import Any

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portalkompass.ui import streamlit_internals as ours
from portalkompass.ui.auth.auth_middleware import needed_on
from portalkompass.ui.shell.own_files import OWN
from portalkompass.ui.shell.security_headers import inline_scripts
from tests.test_house import tracked

SERVER = "streamlit.web.server.starlette"


def theirs(module: str, name: str) -> object:
    return getattr(import_module(f"{SERVER}.{module}"), name)


def test_the_cookie_of_the_login_has_that_name_and_age() -> None:
    assert theirs("starlette_server_config", "USER_COOKIE_NAME") == ours.COOKIE
    assert theirs("starlette_server_config", "TOKENS_COOKIE_NAME") == ours.TOKENS_COOKIE
    assert theirs("starlette_auth_routes", "AUTH_COOKIE_MAX_AGE_SECONDS") == ours.COOKIE_SECONDS


def test_a_browser_keeps_its_token_under_every_mask() -> None:
    assert theirs("starlette_server_config", "XSRF_COOKIE_NAME") == ours.BROWSER_COOKIE
    assert ours.config.get_option("server.enableXsrfProtection")
    make: Any = theirs("starlette_app_utils", "generate_xsrf_token_string")
    masked = {make(b"sixteen bytes of", 1) for _ in range(3)}
    assert len(masked) > 1
    assert {ours.decode_xsrf_token_string(one)[0] for one in masked} == {b"sixteen bytes of"}


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


def test_figures_about_the_server_and_files_are_served_where_they_were() -> None:
    routes = inspect.getsource(import_module(f"{SERVER}.starlette_routes"))
    for path in ours.FIGURES:
        assert path.rpartition("/")[2] in routes, path
    served = routes + "".join(
        inspect.getsource(import_module(f"{SERVER}.{module}"))
        for module in ("starlette_static_routes", "starlette_server_config", "starlette_app")
    )
    served += inspect.getsource(import_module("streamlit.url_util"))
    for folder in ours.FILES:
        assert folder in served, folder


def test_closed_paths_are_found_however_they_are_written() -> None:
    closed = ours.below(ours.AGENT, *ours.FIGURES)
    for path in (
        "/_stcore/agent",
        "//_stcore//agent/run",
        "/x/_STCORE/metrics",
        "/_stcore/script-health-check/",
    ):
        assert closed.search(path), path
    for path in ("/_stcore/health", "/_stcore/agents", "/ueberblick"):
        assert not closed.search(path), path


def test_settings_of_the_server_have_these_names() -> None:
    for name in ("server.baseUrlPath", "server.allowedHosts", "server.address"):
        ours.config.get_option(name)
    assert list(inspect.signature(ours.config.set_option).parameters)[:3] == ["key", "value", "where_defined"]


def test_what_screens_are_made_of_has_these_types() -> None:
    assert isinstance(st.container(), ours.DeltaGenerator)
    columns = set(ours.ColumnConfig.__annotations__)
    assert {"hidden", "pinned", "width"} <= columns
    assert set(st.column_config.TextColumn("Name")) <= columns
    assert set(st.column_config.LinkColumn("Adresse")) <= columns


def test_parameters_that_are_bound_refuse_with_this_exception() -> None:
    source = inspect.getsource(import_module("streamlit.runtime.state.query_params"))
    assert issubclass(ours.StreamlitAPIException, Exception)
    assert "raise StreamlitAPIException" in source


def test_the_page_holds_what_is_replaced_in_it() -> None:
    page = ours.PAGE.encode("utf-8")
    for text in (ours.PAGE_LANGUAGE, ours.PAGE_TITLE, ours.PAGE_NO_SCRIPT):
        assert page.count(text) == 1, text
    assert inline_scripts(ours.PAGE), "the policy names the script in the page by its digest"
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]+>", ours.PAGE), (
        "an inline script that no digest covers"
    )


def test_our_script_and_stylesheet_look_for_parts_that_exist() -> None:
    files = [file.read_text(encoding="utf-8") for file in OWN.iterdir()]
    named = set(re.findall(r"\bst[A-Z]\w+|\bInputInstructions\b", "".join(files)))
    assert named == ours.TEST_IDS
    scripts = "".join(
        file.read_text(encoding="utf-8") for file in (ours.STATIC / "static" / "js").glob("*.js")
    )
    assert {name for name in named if not re.search(rf"[\"'`]{name}[\"'`]", scripts)} == set()


def test_nothing_else_of_the_app_reaches_into_streamlit() -> None:
    """Everywhere else Streamlit is ``import streamlit as st``, which is what it promises."""
    found = []
    for path in tracked("app.py", "pages", "portalkompass"):
        if path.suffix != ".py" or path.name == "streamlit_internals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                names = [
                    one.name for one in node.names if not (one.name == "streamlit" and one.asname == "st")
                ]
            found += [f"{path.name}: {name}" for name in names if name.partition(".")[0] == "streamlit"]
    assert found == []
