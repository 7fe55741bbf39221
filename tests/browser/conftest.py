"""A real server and a real Chromium; without a browser the tests fail with a sentence, they never skip."""

import functools
import shutil
import socket
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.children import begun
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
        const waits = window.asked !== undefined && now - window.asked < 20_000;
        if (waits || !document.querySelector(selector)) since = now;
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
ASK = """{
    const send = WebSocket.prototype.send
    WebSocket.prototype.send = function (data) {
        window.asked = performance.now()
        this.addEventListener("message", () => { window.asked = undefined }, {once: true})
        return send.call(this, data)
    }
}"""
"""Since when the page waits for the first word of the server: on a busy machine longer than `finished` watches it."""
STILL = """{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync("*, *::before, *::after { animation-iteration-count: 1 !important }")
    document.adoptedStyleSheets = [sheet]
}"""
"""Signs of waiting turn once: drawn for as long as something lasts, they would take more than what is waited for."""
ELSEWHERE = "bericht"
"""Where `look` goes before it opens the screen anew that the test before has used: it is the quickest."""


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
    """One server for all tests that only read; the one that starts from nothing, as a person would start it."""
    yield from _serve(demo_data, tmp_path_factory.mktemp("log") / "server.log", anew=True)


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


@functools.cache
def spare_port():
    """One port for all servers of a single test: what the browser has read of the front end serves the next one."""
    return free_port()


def _serve(folder, log, port=None, base="", anew=False, **changes):
    port = port or free_port()
    with served(environment(folder) | changes, port, log, base, anew) as (address, pid):
        yield Server(address, folder, pid)


@contextmanager
def served(variables, port, log, base="", anew=False):
    """Address and process of the app with these variables, for as long as the block runs; it adds to ``log``."""
    address = f"http://127.0.0.1:{port}{base}"
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = begun(command, variables, log, anew=anew)
    try:
        _wait_until_healthy(server, address, log)
        yield address, server.pid
    finally:
        server.terminate()
        server.join(10)
        if server.is_alive():
            server.kill()
            server.join(10)


def _wait_until_healthy(server, address, log):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if not server.is_alive():
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
def kept_context(browser, browser_context_args):
    """One profile for all pages: of each server it fetches and reads the front end once."""
    context = browser.new_context(**browser_context_args)
    context.add_init_script(STILL)
    context.add_init_script(ASK)
    yield context
    context.close()


@pytest.fixture
def page(kept_context):
    """A page of its own: nothing is open in it, nothing is allowed, nobody has signed in."""
    page = kept_context.new_page()
    yield page
    page.close()
    kept_context.clear_cookies()
    kept_context.clear_permissions()


@pytest.fixture(scope="session")
def open_pages(browser, browser_context_args):
    """Of each server one page for all tests that leave nothing in it but an address."""
    context = browser.new_context(**browser_context_args)
    context.add_init_script(STILL)
    context.add_init_script(ASK)
    pages = {}

    def page_of(address):
        if address not in pages:
            page = pages[address] = context.new_page()
            page.add_init_script(WATCH)
            page.goto(address)
            finished(page)
        return pages[address]

    yield page_of
    context.close()


@pytest.fixture
def look(open_pages, app):
    """Opens a screen by its address without the host, in the page that is open: that takes a fifth of loading it.

    For a test that counts no entries of the history and leaves no state of the session behind, as what is collected
    for the report; what is written into the fields of a screen is gone when the screen is opened anew.
    """
    with ExitStack() as watched:
        looked_at = {}

        def open_screen(screen, width=1280, height=900, server=app):
            if server.address not in looked_at:
                looked_at[server.address] = open_pages(server.address)
                watched.enter_context(without_complaints(looked_at[server.address]))
            page = looked_at[server.address]
            page.set_viewport_size({"width": width, "height": height})
            if urlsplit(page.url).path == urlsplit(f"/{screen}").path:
                go(page, f"{server.address}/{ELSEWHERE}")
            go(page, f"{server.address}/{screen}")
            return page

        yield open_screen


def go(page, address):
    """To another address of the app that is open, as the browser's Back does: nothing is loaded anew."""
    page.evaluate(GO, address)
    finished(page)


def finished(page, milliseconds=450):
    """Wait until no script has run for so long and none is asked for: a click first needs a moment to ask for one."""
    page.wait_for_selector(FINISHED, timeout=60_000)
    page.evaluate(QUIET, {"selector": FINISHED, "milliseconds": milliseconds})
