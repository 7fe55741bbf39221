import functools
from urllib.parse import parse_qsl

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from portalkompass.settings import ROOT, load_settings
from portalkompass.ui.streamlit_internals import BROWSER_COOKIE

# For every AppTest Streamlit looks through all installed packages for components, which takes longer than most screens.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def screen(tmp_path, monkeypatch):
    """Runs a page file against a data folder of its own: ``screen("traffic/overview.py", "zeitraum=7-tage")``."""
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORTALKOMPASS_TODAY", "2025-12-17")
    load_settings.cache_clear()

    def run(path, address="", **session):
        app = AppTest.from_file(str(ROOT / "pages" / path), default_timeout=60)
        for name, value in parse_qsl(address):
            app.query_params[name] = value
        for name, value in session.items():
            app.session_state[name] = value
        return app.run()

    yield run
    load_settings.cache_clear()


@pytest.fixture
def opened_by(monkeypatch):
    """``opened_by(b"anna")``: from now on pages are loaded in the browser with that token, masked anew each time."""

    def use(token):
        cookie = generate_xsrf_token_string(token, 1) if token else ""
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: {BROWSER_COOKIE: cookie}))

    return use
