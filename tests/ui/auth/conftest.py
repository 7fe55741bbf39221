"""A real OpenID provider on loopback, and the app with its login switched on."""

import json
import logging
import shutil
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import flask
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.browser.conftest import (
    Server,
    _serve,
    browser_context_args,  # noqa: F401 the same browser as everywhere
    browser_type_launch_args,  # noqa: F401
    free_port,
    kept_context,  # noqa: F401
    page,  # noqa: F401
    spare_port,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider still uses an older interface of Authlib
    import oidc_provider_mock

GROUPS = {
    "lena": ["pk-lesen"],
    "emil": ["pk-bearbeiten"],
    "mona": ["pk-moderieren"],
    "anna": ["pk-verwalten"],
    "otto": ["etwas-anderes"],
    "rosa": ["pk-bearbeiten"],
}
ROLES = {"lena": "Lesen", "emil": "Bearbeiten", "mona": "Moderieren", "anna": "Verwalten"}
SECRET = "0123456789abcdef0123456789abcdef0123456789"


@dataclass(frozen=True)
class Secured:
    """The running app, and what a test needs to know about its login."""

    server: Server
    log: object

    @property
    def address(self):
        return self.server.address

    @property
    def folder(self):
        return self.server.folder


@pytest.fixture(scope="session")
def provider():
    """Address of the provider; people click on their name there."""
    patch = pytest.MonkeyPatch()
    patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # plain HTTP, on loopback only
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    people = tuple(
        oidc_provider_mock.User(sub=name, claims={"name": name.capitalize(), "groups": groups})
        for name, groups in GROUPS.items()
    )
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        server.app.add_url_rule("/sign", view_func=_signed, methods=["POST"])
        yield f"http://localhost:{server.server_port}"
    patch.undo()


def _signed():
    """What a test sends, signed with the provider's own key: it has no back-channel logout of its own."""
    key = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
    header = {"alg": "RS256", "typ": "logout+jwt"} | ({"kid": key.kid} if key.kid else {})
    return jwt.encode(header, flask.request.json, key)


def login_environment(folder, own_address, provider, **changes):
    """Settings of the login by environment, secrets in files."""
    for name, text in (("client", "geheim"), ("cookie", SECRET)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = {
        "metadata_url": f"{provider}/.well-known/openid-configuration",
        "address": own_address,
        "client_id": "portalkompass",
        "client_secret_file": str(folder / "client.txt"),
        "cookie_secret_file": str(folder / "cookie.txt"),
        "read": json.dumps(["pk-lesen"]),
        "edit": json.dumps(["pk-bearbeiten"]),
        "moderate": json.dumps(["pk-moderieren"]),
        "administer": json.dumps(["pk-verwalten"]),
    } | changes
    return {f"PORTALKOMPASS_LOGIN__{name.upper()}": value for name, value in settings.items()}


@contextmanager
def again(app, tmp_path, provider):
    """The same app after a restart: same data, same address, same secrets."""
    address = urlsplit(app.address)
    environment = login_environment(tmp_path, app.address, provider)
    running = _serve(app.folder, tmp_path / "server.log", address.port, address.path, **environment)
    next(running)
    try:
        yield
    finally:
        next(running, None)


@contextmanager
def serving(demo_data, tmp_path, provider, base="", port=None, **changes):
    """The app on a copy of the demo data, with the login; ``changes`` are settings of the login."""
    folder, port = tmp_path / "data", port or spare_port()
    shutil.copytree(demo_data, folder)
    address = changes.pop("address", f"http://127.0.0.1:{port}{base}")
    environment = login_environment(tmp_path, address, provider, **changes)
    running = _serve(folder, tmp_path / "server.log", port, base, **environment)
    server = next(running)
    try:
        yield Secured(server, tmp_path / "server.log")
    finally:
        next(running, None)


@pytest.fixture(scope="session")
def secured(demo_data, tmp_path_factory, provider):
    """One server with the login for all tests that leave it as it is, but for what they write; its log is JSON."""
    with ExitStack() as running:
        with pytest.MonkeyPatch.context() as patch:  # for the start alone: other tests of this process follow
            patch.setenv("PORTALKOMPASS_OPERATIONS__LOG", "json")
            folder = tmp_path_factory.mktemp("login")
            app = running.enter_context(serving(demo_data, folder, provider, port=free_port()))
        yield app
