"""The whole of it as a city runs it: browser, shipped nginx with TLS, sub-path, the app with its login, a provider."""

import subprocess
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import browser_type_launch_args, finished, free_port  # noqa: F401 a fixture
from tests.browser.test_exports import download, opened
from tests.browser.test_policy import WATCH, offences
from tests.deploy.test_nginx import NAME, PROGRAM, Front, configuration, free_ports
from tests.ui.auth.conftest import provider, serving  # noqa: F401 a fixture
from tests.ui.auth.test_sign_in import sign_in

pytestmark = pytest.mark.browser
ADDRESS = f"https://{NAME}/portalkompass"


@pytest.fixture(scope="module")
def whole(demo_data, tmp_path_factory, provider, browser_type, browser_type_launch_args):  # noqa: F811
    """A browser for which the city's name leads to this nginx, and the folder of the app behind it."""
    if PROGRAM is None:
        pytest.fail("Kein nginx gefunden (tools/ensure_server_programs.py).", pytrace=False)
    folder = tmp_path_factory.mktemp("whole")
    with serving(
        demo_data, folder, provider, base="/portalkompass", port=free_port(), address=ADDRESS
    ) as app:
        plain, tls = free_ports(2)
        port = int(app.address.split(":")[2].split("/")[0])
        config = configuration(folder, port, plain, tls)
        server = subprocess.Popen([PROGRAM, "-p", folder, "-c", config])
        rules = f"MAP {NAME}:443 127.0.0.1:{tls},MAP {NAME}:80 127.0.0.1:{plain}"
        args = [*browser_type_launch_args["args"], f"--host-resolver-rules={rules}"]
        own = browser_type.launch(**browser_type_launch_args | {"args": args})
        time.sleep(0.5)
        yield own, app, Front(plain, tls)
        own.close()
        server.terminate()
        server.wait(10)


@pytest.fixture
def visitor(whole):
    context = whole[0].new_context(locale="de-DE", ignore_https_errors=True)
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def test_login_screens_and_files_through_nginx(visitor):
    sign_in(visitor, f"http://{NAME}/portalkompass/rankings", "lena")
    finished(visitor)
    expect(visitor).to_have_url(f"{ADDRESS}/rankings")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Rankings")
    expect(visitor.get_by_test_id("stVegaLiteChart").first.locator("svg.marks, canvas")).to_be_visible()
    visitor.get_by_role("link", name="Überblick").click()
    finished(visitor)
    name, _ = download(visitor, opened(visitor, "top_pages"), "CSV")
    assert name.endswith(".csv")
    assert offences(visitor) == []


def test_every_cookie_is_for_tls_only_and_no_script_reads_the_login(visitor):
    sign_in(visitor, f"{ADDRESS}/ueberblick", "lena")
    finished(visitor)
    cookies = [one for one in visitor.context.cookies() if one["domain"] == NAME]
    assert {"_streamlit_user", "_streamlit_xsrf"} <= {one["name"] for one in cookies}
    assert [one["name"] for one in cookies if not one["secure"]] == []
    assert {one["sameSite"] for one in cookies} == {"Lax"}
    login = next(one for one in cookies if one["name"] == "_streamlit_user")
    assert login["httpOnly"]
    assert login["path"] == "/portalkompass"
    assert login["expires"] - time.time() < 10 * 3600 + 60
    assert "_streamlit_user" not in visitor.evaluate("document.cookie")


def test_headers_of_every_kind_of_answer(whole):
    expected = {
        "ueberblick": 401,  # asked by a script: nothing to lead to
        "anmelden": 200,
        "w/": 200,
        "media/x": 401,
        "_stcore/health": 200,
    }
    for path, status in expected.items():
        answered, raw, _ = whole[2].ask(f"/portalkompass/{path}")
        headers = {name.lower(): value for name, value in raw.items()}
        assert answered == status, path
        assert headers["strict-transport-security"] == "max-age=31536000", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "SAMEORIGIN", path
        assert "default-src 'none'" in headers["content-security-policy"], path


def test_an_upload_goes_through_for_administrators(visitor, whole, tmp_path):
    file = tmp_path / "portalzahlen.csv"
    file.write_text(
        "period;url;title;visits\n2025-11;https://portal.leverkusen.example/leistung/wohngeld;Wohngeld;300\n",
        encoding="utf-8",
    )
    sign_in(visitor, f"{ADDRESS}/daten", "anna")
    finished(visitor)
    visitor.locator("input[type=file]").set_input_files(file)
    finished(visitor)
    visitor.get_by_role("button", name="Datei prüfen").click()
    expect(visitor.get_by_text("Vorschau: portalzahlen.csv")).to_be_visible(timeout=60_000)
    assert offences(visitor) == []
    log = whole[1].log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "geheim" not in log
