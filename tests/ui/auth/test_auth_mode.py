"""Which door the settings give: a login that is configured in part must not fall back to none."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit import config

from portalkompass.settings import load_settings
from portalkompass.ui.auth.auth_middleware import SignedInOnly
from portalkompass.ui.auth.auth_mode import SHUT, Shut, configured_mode
from portalkompass.ui.auth.localhost_only import LocalhostOnly
from tests.ui.auth.conftest import login_environment

ADDRESS = "http://127.0.0.1:8501"


@pytest.fixture
def settings_of(monkeypatch, tmp_path):
    def changed(**changes):
        settings = login_environment(tmp_path, ADDRESS, "http://localhost:1", **changes)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        load_settings.cache_clear()

    before = {name: config.get_option(name) for name in ("server.baseUrlPath", "server.allowedHosts")}
    yield changed
    load_settings.cache_clear()
    for name, value in before.items():
        config.set_option(name, value)


def asked(mode, kind="http"):
    """What a request from this machine gets, and whether the app behind was reached."""
    reached, sent = [], []

    async def app(scope, _receive, _send):
        reached.append(scope["type"])

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": "/ueberblick", "method": "GET", "headers": [(b"host", b"127.0.0.1:8501")]}
    middleware = mode.middleware.cls(app, **mode.middleware.kwargs)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, middleware(scope, None, send)).result()
    return sent, reached


def test_without_a_login_this_machine_only():
    load_settings.cache_clear()
    mode = configured_mode()
    assert mode.middleware.cls is LocalhostOnly
    assert mode.secrets is None


def test_a_complete_login_stands_before_everything_and_brings_its_secrets(settings_of):
    settings_of()
    mode = configured_mode()
    assert mode.middleware.cls is SignedInOnly
    assert mode.secrets["auth"]["redirect_uri"] == f"{ADDRESS}/oauth2callback"
    assert asked(mode) != ([], ["http"])


@pytest.mark.parametrize(
    "change",
    [
        {"client_secret_file": ""},
        {"cookie_secret_file": "/gibt/es/nicht"},
        {"metadata_url": ""},
        {"address": "http://portalkompass.stadt.example"},
        {"read": "[]", "edit": "[]", "moderate": "[]", "administer": "[]"},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_login_in_part_shuts_the_app_for_everybody(settings_of, change, kind):
    settings_of(**change)
    mode = configured_mode()
    assert mode.middleware.cls is Shut
    sent, reached = asked(mode, kind)
    assert reached == []
    if kind == "http":
        assert (sent[0]["status"], sent[1]["body"].decode()) == (503, SHUT)
    else:
        assert sent == [{"type": "websocket.close", "code": 1008}]


def test_starting_and_stopping_pass_the_shut_door(settings_of):
    settings_of(client_id="")
    assert asked(configured_mode(), "lifespan") == ([], ["lifespan"])
