"""A real server and a real Chromium; without a browser the tests fail with a sentence, they never skip."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portalkompass.settings import ROOT
from tests.conftest import command, environment

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A busy machine takes its time; a test that passes is no slower for it.
expect.set_options(timeout=20_000)
FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"
QUIET = """({selector, milliseconds}) => new Promise((done, failed) => {
    const begin = performance.now();
    let since = begin;
    const look = () => {
        const now = performance.now();
        if (!document.querySelector(selector)) since = now;
        if (now - since > milliseconds) done();
        else if (now - begin > 60_000) failed(new Error("the script does not come to rest"));
        else setTimeout(look, 20);
    };
    look();
})"""


GO = """address => {
    history.pushState(null, "", address)
    dispatchEvent(new PopStateEvent("popstate", {state: null}))
}"""
WATCH = """
window.offences = []
document.addEventListener("securitypolicyviolation", event => {
    window.offences.push(`${event.violatedDirective} ${event.blockedURI}`)
    console.error(`offends the policy: ${window.offences.at(-1)}`)
})"""
"""Offences against the Content-Security-Policy, as a list and in the console, which `visit` and `look` keep clean."""


def installed_browser():
    """The system's own Chromium or Chrome; None without one."""
    return next((path for name in INSTALLED if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright):
    """The system's Chromium, else the one Playwright downloaded."""
    path = installed_browser() or playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.fail("Kein Chromium gefunden. Bitte mit „make browser“ einrichten.", pytrace=False)
    return browser_type_launch_args | {"executable_path": path, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "de-DE", "viewport": {"width": 1280, "height": 900}}


def run_etl(folder, *arguments):
    done = command(folder, "etl", *arguments)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Server:
    """A running app: where it listens, the folder it reads and its process."""

    address: str
    folder: Path
    pid: int


@pytest.fixture(scope="session")
def app(demo_data, tmp_path_factory):
    """One server for all tests that only read."""
    yield from _serve(demo_data, tmp_path_factory.mktemp("log") / "server.log")


@pytest.fixture(scope="session")
def shared_copy(demo_data, tmp_path_factory):
    """One server on a copy of the demo data for all tests that write into the workspace, each a row of its own."""
    yield from _serve_a_copy(demo_data, tmp_path_factory.mktemp("copy"))


@pytest.fixture
def fresh_app(demo_data, tmp_path):
    """A server that nobody has visited, on its own copy of the demo data."""
    yield from _serve_a_copy(demo_data, tmp_path)


def _serve_a_copy(demo_data, folder):
    shutil.copytree(demo_data, folder / "data")
    yield from _serve(folder / "data", folder / "server.log")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _serve(folder, log, port=None, base="", **changes):
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder) | changes, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_healthy(server, f"http://127.0.0.1:{port}{base}", log)
            yield Server(f"http://127.0.0.1:{port}{base}", folder, server.pid)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)


def _wait_until_healthy(server, address, log):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"Die App startet nicht:\n{log.read_text(encoding='utf-8')}", pytrace=False)


@contextmanager
def without_complaints(page):
    """While this page is used, its console stays clean and nothing offends the policy of the app."""
    complaints = []

    def note(message):
        # Streamlit looks for its own base path below every deep link before it uses the root.
        probe = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not probe:
            complaints.append(message.text)

    def note_error(error):
        complaints.append(str(error))

    page.on("console", note)
    page.on("pageerror", note_error)
    yield
    page.remove_listener("console", note)
    page.remove_listener("pageerror", note_error)
    assert complaints == []


@pytest.fixture
def visit(page):
    """Opens an address, waits until the screen is finished; afterwards the console must be clean."""

    def open_address(address):
        page.goto(address)
        finished(page)
        return page

    page.add_init_script(WATCH)
    with without_complaints(page):
        yield open_address


@pytest.fixture(scope="session")
def open_page(app, browser, browser_context_args):
    """One page for all tests that only look at screens: loading the front end takes longer than most screens."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(app.address)
    finished(page)
    yield page
    context.close()


@pytest.fixture
def look(open_page, app):
    """Opens a screen by its address without the host, for a test that changes nothing there."""

    def open_screen(screen, width=1280, height=900):
        open_page.set_viewport_size({"width": width, "height": height})
        go(open_page, f"{app.address}/{screen}")
        return open_page

    with without_complaints(open_page):
        yield open_screen


def go(page, address):
    """To another address of the app that is open, as the browser's Back does: nothing is loaded anew."""
    page.evaluate(GO, address)
    finished(page)


def finished(page):
    """Wait until no script has run for a while: a click first needs a moment to start one, more on a busy machine."""
    page.wait_for_selector(FINISHED, timeout=60_000)
    page.evaluate(QUIET, {"selector": FINISHED, "milliseconds": 450})
