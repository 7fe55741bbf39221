"""Everything the server answers to, asked as everybody: the table of docs/refusals.md is what came out.

The addresses are those of the running program itself, so one that a new version of Streamlit or of this app brings
along fails here until it is decided who may have it. ``UPDATE_REFUSALS=1`` writes the table anew.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import types
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import streamlit as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from portalkompass.screens import SCREENS
from portalkompass.settings import ROOT, load_settings
from portalkompass.ui.auth import permissions
from portalkompass.ui.auth.auth_middleware import ANONYMOUS, BACKCHANNEL, lacking
from portalkompass.ui.auth.identity import COOKIE
from portalkompass.ui.auth.localhost_only import NOT_FOUND
from portalkompass.ui.auth.roles import LADDER, NAMES, needed_for
from portalkompass.ui.shell import own_files
from portalkompass.workspace import Action, open_workspace
from portalkompass.workspace.storage.tables import secrets
from tests.browser.conftest import finished
from tests.browser.test_exports import opened
from tests.conftest import environment
from tests.ui.auth.conftest import login_environment
from tests.ui.auth.cookies import cookie
from tests.ui.auth.test_sign_in import sign_in

pytestmark = pytest.mark.browser
DOCUMENT = ROOT / "docs" / "refusals.md"
GROUPS = {"ohne Rolle": "etwas-anderes"} | {NAMES[role]: f"pk-{NAMES[role].lower()}" for role in LADDER}
NOBODY = ("ohne Anmeldung", "Cookie nur vorhanden", "Cookie gefälscht", "Sitzung abgelaufen")
COLUMNS = (*NOBODY, *GROUPS)
SAMPLES = {
    "/anmelden": "/anmelden",
    "/anmelden/los": "/anmelden/los",
    BACKCHANNEL: BACKCHANNEL,
    "/w": "/w",
    "/w/": "/w/",
    "/w/{code}": "/w/ABCDEFGHJK",
    "/w/keep.js": "/w/keep.js",
    "/_stcore/health": "/_stcore/health",
    "/_stcore/metrics": "/_stcore/metrics",
    "/_stcore/host-config": "/_stcore/host-config",
    "/media/{file_id:path}": "/media/0123456789.pptx",
    "/_stcore/upload_file/{session_id}/{file_id}": "/_stcore/upload_file/0a/0b",
    "/component/{path:path}": "/component/x/index.html",
    "/_stcore/bidi-components/{path:path}": "/_stcore/bidi-components/x/y.js",
    "/auth/login": "/auth/login",
    "/auth/logout": "/auth/logout",
    "/oauth2callback": "/oauth2callback",
    "/_stcore/agent/interact": "/_stcore/agent/interact",
    "/_stcore/agent/openapi.json": "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp": "/_stcore/agent/mcp",
    "/app/static/{path:path}": "/app/static/fonts/OFL.txt",
    **{route.path: route.path for route in own_files.ROUTES},
    "": "/static/js/index.js",
}
"""An address for every route; "" is Streamlit's own files and, for all other addresses, its page."""
WRITES = {
    Action.LINK: "Zuordnung",
    Action.MOVE_PAGE: "Umzug",
    Action.ANNOTATE: "Anmerkung",
    Action.REJECT_PROPOSAL: "Vorschlag",
    Action.ALLOW_PROPOSAL: "Ablehnung",
    Action.SAVE_VIEW: "Ansicht",
    Action.TRACK_QUERY: "Beobachtete Suchanfrage",
    Action.EDIT_REPORT: "Bericht",
    Action.SELF_AUDIT: "Selbstprüfung",
    Action.DRAFT: "Eingabe vor dem Speichern",
    Action.EDIT_SCENARIO: "Szenario",
    Action.DECIDE: "Entscheidung",
    Action.RUN_VOTE: "Abstimmung",
    Action.SHOW_BALLOTS: "Stimmen",
    Action.ADOPT_MEDIAN: "Median",
    Action.EDIT_PROFILE: "Importprofil",
    Action.MAINTAIN: "Unbekanntes",
}
"""Every kind of write, as the table calls it."""
EXEMPT = re.compile(
    BACKCHANNEL + r"|/_stcore/health|/auth/log(in|out)|/oauth2callback|/anmelden(/los)?|/w(/.*)?"
)
CLOSED = re.compile(r"/_stcore/(agent/.*|metrics)")
LISTING = """
import app, json
routes = app.app._build_starlette_app().routes
print(json.dumps([[r.path, sorted(getattr(r, "methods", None) or ["GET"]), type(r).__name__] for r in routes]))
"""


@pytest.fixture(scope="module")
def listed(tmp_path_factory, provider):
    """Routes, told by the program itself: path, methods, kind."""
    folder = tmp_path_factory.mktemp("listing")
    done = subprocess.run(
        [sys.executable, "-c", LISTING],
        cwd=ROOT,
        env=environment(folder) | login_environment(folder, "http://127.0.0.1:8501", provider),
        capture_output=True,
        text=True,
        check=True,
    )
    return [*json.loads(done.stdout.splitlines()[-1]), [BACKCHANNEL, ["GET", "POST"], "Middleware"]]


@pytest.fixture(scope="module")
def jar(secured):
    """The Cookie header of a column, a fresh login every time: one of the addresses signs out."""
    origin = secured.address

    def made(who):
        if who in GROUPS:
            return f"{COOKIE}={cookie(origin, [GROUPS[who]])}"
        return {
            "ohne Anmeldung": "",
            "Cookie nur vorhanden": f"{COOKIE}=1",
            "Cookie gefälscht": f"{COOKIE}={cookie(origin, ['pk-verwalten'], secret='f' * 40)}",
            "Sitzung abgelaufen": f"{COOKIE}={cookie(origin, ['pk-verwalten'], age=11 * 3600)}",
        }[who]

    return made


def ask(secured, method, path, cookies):
    """What came back, in a word: who judged, and how."""
    connection = http.client.HTTPConnection(urlsplit(secured.address).netloc, timeout=60)
    page = path.startswith(("/anmelden", "/w")) or path.count("/") == 1
    headers = {"Accept": "text/html" if page else "*/*"} | ({"Cookie": cookies} if cookies else {})
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    if answer.status == 303 and answer.headers["Location"] == "/anmelden" and page:
        return "Anmeldung"
    ours = {ANONYMOUS: 401, NOT_FOUND: 404} | {lacking(role): 403 for role in LADDER}
    if ours.get(body) == answer.status or (method == "HEAD" and answer.status in (401, 403, 404)):
        return str(answer.status)
    return "403" if answer.status == 403 and "Kein Zugang" in body else "offen"


def open_stream(secured, cookies, **headers):
    """The status that refused the websocket; "offen" when it opened."""
    address = secured.address.replace("http", "ws")
    try:
        with connect(
            f"{address}/_stcore/stream",
            origin=headers.get("origin", secured.address),
            subprotocols=["streamlit"],
            open_timeout=60,  # a busy machine is no fault
            additional_headers={"Cookie": cookies} if cookies else {},
        ):
            return "offen"
    except InvalidStatus as refused:
        return str(refused.response.status_code)


def expected(path, who, page):
    """The rule, said once more and apart from the program."""
    if CLOSED.fullmatch(path):
        return "404"
    if EXEMPT.fullmatch(path):
        return "offen"
    if who in NOBODY:
        return "Anmeldung" if page else "401"
    if who == "ohne Rolle" or ("upload_file" in path and who != NAMES["administer"]):
        return "403"
    return "offen"


def test_every_address_refuses_whom_it_has_to(secured, listed, jar, page):
    table = []
    slugs = [screen.slug for screen in SCREENS]
    assert len(slugs) == len(list((ROOT / "pages").glob("*/*.py")))
    for slug in ("", *slugs, "start", "gibt-es-nicht"):
        row = {who: ask(secured, "GET", f"/{slug}", jar(who)) for who in COLUMNS}
        assert row == {who: expected(f"/{slug}", who, page=True) for who in COLUMNS}, slug
        table.append((f"Seite `/{slug}`", row))
    unknown = sorted({path for path, _, kind in listed if path not in SAMPLES and kind == "Route"})
    assert unknown == []
    for template, methods, kind in listed:
        if kind == "WebSocketRoute":
            continue
        path = SAMPLES[template]
        for method in methods:
            if method in ("HEAD", "OPTIONS", "PATCH"):
                continue
            plain_page = path.startswith(("/anmelden", "/w")) or path.count("/") == 1
            row = {who: ask(secured, method, path, jar(who)) for who in COLUMNS}
            assert row == {who: expected(path, who, plain_page) for who in COLUMNS}, (method, path)
            table.append((f"{method} `{template or '/static/…'}`", row))
    file = a_real_download(secured, page)
    row = {who: ask(secured, "GET", file, jar(who)) for who in COLUMNS}
    assert row == {who: expected(file, who, page=False) for who in COLUMNS}
    table.append(("Download, eine wirkliche Datei unter `/media/`", row))
    row = {who: open_stream(secured, jar(who)) for who in COLUMNS}
    assert row == {
        who: "401" if who in NOBODY else "403" if who == "ohne Rolle" else "offen" for who in COLUMNS
    }
    table.append(("Websocket `/_stcore/stream`", row))
    document("Adressen", COLUMNS, sorted({(name, tuple(row.values())) for name, row in table}))


def a_real_download(secured, page):
    """The address of a file that somebody with the role for reading has just got."""
    sign_in(page, f"{secured.address}/ueberblick", "lena")
    finished(page)
    menu = opened(page, "top_pages")
    with page.expect_download(timeout=120_000) as begun:
        menu.get_by_role("button", name="CSV", exact=True).click()
    path = urlsplit(begun.value.url).path
    assert path.startswith("/media/")
    return path


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null", None])
def test_a_websocket_from_another_origin_stays_shut_even_with_a_good_cookie(secured, jar, origin):
    assert open_stream(secured, jar("Verwalten"), origin=origin) == "403"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize(
    "path",
    [
        "/media/x.csv",
        "//media/x.csv",
        "/anmelden/../media/x.csv",
        "/w/../media/x.csv",
        "/w/a/media/x.csv",
        "/_STCORE/upload_file/a/b",
        "/unter/_stcore/upload_file/a/b",
        "/_stcore/health/",
        "/_stcore/health/../host-config",
        "/oauth2callback/",
        "/anmelden%2fmedia",
    ],
)
def test_no_method_and_no_spelling_slips_past(secured, method, path):
    assert ask(secured, method, path, "") in ("401", "Anmeldung")


def test_a_foreign_host_is_refused_with_the_best_of_cookies(secured, jar):
    connection = http.client.HTTPConnection(urlsplit(secured.address).netloc, timeout=60)
    connection.request("GET", "/ueberblick", headers={"Host": "evil.example", "Cookie": jar("Verwalten")})
    assert connection.getresponse().status == 403
    connection.close()


def test_every_kind_of_write_asks_for_its_role(secured, tmp_path, provider, monkeypatch):
    """The workspace itself refuses, whatever a screen offers; a refused write leaves no trace."""
    for name, value in login_environment(tmp_path, secured.address, provider).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    workspace = permissions.guarded(open_workspace(f"sqlite:///{tmp_path / 'arbeit.db'}"))
    table = []
    assert set(WRITES) == set(Action)
    for action, name in WRITES.items():
        row = {}
        for who, group in GROUPS.items():
            cookies = {COOKIE: cookie(secured.address, [group])}
            monkeypatch.setattr(st, "context", types.SimpleNamespace(cookies=cookies, ip_address=None))
            before = workspace.revision()
            try:
                with workspace.writing(action, "wer", f"{name} geschrieben") as connection:
                    connection.execute(sa.insert(secrets).values(name=f"{action} {who}", value=""))
                    row[who] = "erlaubt"
            except permissions.NotAllowed:
                row[who] = "verweigert"
            assert workspace.revision() == before + (row[who] == "erlaubt")
        names = [NAMES[role] for role in LADDER]
        allowed = set(names[LADDER.index(needed_for(action)) :])
        assert row == {who: "erlaubt" if who in allowed else "verweigert" for who in GROUPS}
        table.append((f"{name} …", tuple(row.values())))
    monkeypatch.setattr(st, "context", types.SimpleNamespace(cookies={}, ip_address=None))
    with (
        pytest.raises(permissions.NotAllowed, match="abgelaufen"),
        workspace.writing(Action.LINK, "wer", "Zuordnung angelegt"),
    ):
        pass
    load_settings.cache_clear()
    document("Änderungen", tuple(GROUPS), table)


def document(part, columns, rows):
    """The part of the document must say exactly this."""
    lines = [f"| {part} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = f"<!-- {part} -->\n", f"<!-- Ende {part} -->\n"
    before, _, rest = text.partition(begin)
    found, _, after = rest.partition(end)
    made = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_REFUSALS"):
        DOCUMENT.write_text(before + begin + made + end + after, encoding="utf-8")
    else:
        assert found == made


def test_signing_out_cuts_a_screen_that_is_still_open_elsewhere(secured, jar):
    cookies = jar("Lesen")
    with connect(
        f"{secured.address.replace('http', 'ws')}/_stcore/stream",
        origin=secured.address,
        subprotocols=["streamlit"],
        open_timeout=60,  # a busy machine is no fault
        additional_headers={"Cookie": cookies},
    ) as connection:
        assert ask(secured, "GET", "/auth/logout", cookies) == "offen"
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                connection.recv(timeout=60)
    assert closed.value.rcvd.code == 1008
    assert open_stream(secured, cookies) == "401"


def test_another_site_cannot_sign_somebody_out(secured, jar):
    cookies = jar("Lesen")
    connection = http.client.HTTPConnection(urlsplit(secured.address).netloc, timeout=60)
    connection.request("GET", "/auth/logout", headers={"Cookie": cookies, "Sec-Fetch-Site": "cross-site"})
    assert connection.getresponse().status == 403
    connection.close()
    assert ask(secured, "GET", "/ueberblick", cookies) == "offen"
