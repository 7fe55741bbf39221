"""What the provider says after the login: other roles, a session that is over, and why a login failed."""

import http.client
import json
import time
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from portalkompass.ui.auth.identity import COOKIE
from portalkompass.ui.auth.login_pages import FAULTS
from portalkompass.ui.auth.provider.backchannel_logout import EVENT
from tests.browser.conftest import finished, free_port
from tests.ui.auth.conftest import serving
from tests.ui.auth.cookies import cookie
from tests.ui.auth.test_log import events
from tests.ui.auth.test_sign_in import sign_in

pytestmark = pytest.mark.browser
BACKCHANNEL = "/abmeldung-vom-anmeldedienst"
SECONDS = 3


def tell(provider, method, path, body=None):
    """A request to the provider's own doors; the text of its answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{provider}{path}", data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def shown(page, text):
    """Visit again until the text is there; the provider is asked with a request, and only every few seconds."""
    until = time.monotonic() + 90
    while True:
        page.wait_for_timeout((SECONDS + 0.5) * 1000)
        page.reload()
        page.wait_for_load_state()
        try:
            expect(page.get_by_text(text).first).to_be_visible(timeout=10_000)
        except AssertionError:
            if time.monotonic() > until:
                raise
        else:
            return


def test_roles_follow_the_provider_while_the_session_lasts(demo_data, tmp_path, provider, page):
    with serving(demo_data, tmp_path, provider, roles_minutes=str(SECONDS / 60)) as app:
        sign_in(page, f"{app.address}/bericht", "rosa")
        finished(page)
        expect(page.get_by_text("Angemeldet als Rosa (Bearbeiten)")).to_be_visible()
        screen = page.get_by_role("heading", name="Bericht", exact=True)
        expect(screen).to_be_visible()
        tell(provider, "PUT", "/users/rosa", {"name": "Rosa", "groups": ["pk-lesen"]})
        shown(page, "Angemeldet als Rosa (Lesen)")
        tell(provider, "PUT", "/users/rosa", {"name": "Rosa"})
        # The open screen notices by itself, without a further request of the browser.
        expect(screen).to_have_count(0, timeout=60_000)
        shown(page, "keine Ihrer Gruppen hat hier eine Rolle")
        tell(provider, "PUT", "/users/rosa", {"name": "Rosa", "groups": ["pk-verwalten"]})
        shown(page, "Angemeldet als Rosa (Verwalten)")
        tell(provider, "POST", "/users/rosa/revoke-tokens")
        shown(page, "Bitte melden Sie sich mit Ihrem Konto der Verwaltung an.")
        sign_in(page, f"{app.address}/bericht", "rosa")
        finished(page)
        expect(page.get_by_text("Angemeldet als Rosa (Verwalten)")).to_be_visible()


def post(app, body, kind="application/x-www-form-urlencoded"):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(app.address).netloc, timeout=60)
    connection.request("POST", BACKCHANNEL, body, {"Content-Type": kind})
    answer = connection.getresponse()
    assert answer.headers["Cache-Control"] == "no-store"
    answer.read()
    connection.close()
    return answer.status


def logout_token(provider, **changes):
    now = int(time.time())
    claims = {
        "iss": provider, "aud": "portalkompass", "sub": "lena", "iat": now, "exp": now + 120,
        "jti": f"{time.time_ns()}", "events": {EVENT: {}},
    }  # fmt: skip
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return tell(provider, "POST", "/sign", claims)


def status(app, cookies):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(app.address).netloc, timeout=60)
    connection.request("GET", "/media/x", headers={"Cookie": cookies})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def jar(app, provider, **claims):
    claims = {"iss": provider, "sub": "lena"} | claims
    return f"{COOKIE}={cookie(app.address, ['pk-lesen'], **claims)}"


def test_a_session_that_the_provider_ends_is_over_at_once_and_no_other(secured, provider):
    one, two = jar(secured, provider, sid="eins"), jar(secured, provider, sid="zwei")
    other = jar(secured, provider, sub="emil", sid="drei")
    with connect(
        f"{secured.address.replace('http', 'ws')}/_stcore/stream",
        origin=secured.address,
        subprotocols=["streamlit"],
        open_timeout=60,  # a busy machine is no fault
        additional_headers={"Cookie": one},
    ) as connection:
        token = logout_token(provider, sid="eins")
        assert post(secured, urllib.parse.urlencode({"logout_token": token})) == 200
        assert status(secured, one) == 401
        assert (status(secured, two), status(secured, other)) == (404, 404), (
            "signed in: there is only no such file"
        )
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                connection.recv(timeout=60)
    assert closed.value.rcvd.code == 1008
    assert events(secured.log, "sign-out")[-1]["by"] == "Anmeldedienst"
    assert events(secured.log, "sign-out")[-1]["account"] == "lena"

    everywhere = logout_token(provider)
    assert post(secured, urllib.parse.urlencode({"logout_token": everywhere})) == 200
    assert (status(secured, two), status(secured, other)) == (401, 404)
    time.sleep(1.1)  # the cookie's own clock counts whole seconds
    assert status(secured, jar(secured, provider, sid="vier")) == 404, "who logs in again is in again"


def test_what_is_no_word_of_the_provider_ends_nothing(secured, provider):
    cookies = jar(secured, provider, sub="mona", sid="fest")
    ours = {"sub": "mona", "sid": "fest"}
    head, body, signature = logout_token(provider, **ours).split(".")
    used = logout_token(provider, sub="niemand")
    assert post(secured, urllib.parse.urlencode({"logout_token": used})) == 200
    wrong = [
        "",
        "Unsinn",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        used,
        logout_token(provider, **ours, iss="https://anderswo.example"),
        logout_token(provider, **ours, aud="anderes"),
        logout_token(provider, **ours, events=None),
        logout_token(provider, **ours, events={"anderes": {}}),
        logout_token(provider, **ours, nonce="aus einem ID-Token"),
        logout_token(provider, **ours, jti=None),
        logout_token(provider, **ours, iat=int(time.time()) - 900),
        logout_token(provider, **ours, exp=int(time.time()) - 60),
        logout_token(provider, sub=None),
    ]
    before = len(events(secured.log, "refusal"))
    for token in wrong:
        assert post(secured, urllib.parse.urlencode({"logout_token": token})) == 400, token
    assert post(secured, "x" * 30_000) == 400
    assert (
        post(secured, json.dumps({"logout_token": logout_token(provider, **ours)}), "application/json") == 400
    )
    assert status(secured, cookies) == 404
    refused = events(secured.log, "refusal")[before:]
    assert len(refused) + sum(line.get("count", 1) - 1 for line in refused) <= len(wrong) + 2
    assert {line["outcome"].partition(":")[0] for line in refused if "count" not in line} == {
        "Abmeldung vom Anmeldedienst"
    }


def said(page, code):
    """The page says why; what an address or the provider brought is not repeated."""
    expect(page.get_by_role("alert")).to_have_text(FAULTS[code].sentence)
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
    for word in ("geheim", "script", "falsch"):
        assert word not in page.content()


def test_a_login_that_failed_says_why(secured, page):
    page.goto(f"{secured.address}/bericht")
    page.get_by_role("link", name="Anmelden").click()
    page.get_by_role("button", name="Deny").click()
    said(page, "access_denied")
    assert events(secured.log, "sign-in")[-1]["outcome"] == FAULTS["access_denied"].outcome

    page.get_by_role("link", name="Anmelden").click()
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)["state"][0]
    page.goto(f"{secured.address}/oauth2callback?code=falsch&state={state}")
    said(page, "unconfirmed")
    page.goto(f"{secured.address}/oauth2callback?code=falsch&state={state}")
    said(page, "interrupted")
    page.goto(f"{secured.address}/oauth2callback?error=%3Cscript%3E&error_description=geheim&state=x")
    said(page, "failed")
    page.goto(f"{secured.address}/anmelden?grund=%3Cscript%3Egeheim")
    expect(page.get_by_role("alert")).to_have_count(0)
    outcomes = [line["outcome"] for line in events(secured.log, "sign-in")[-3:]]
    assert outcomes == [FAULTS[code].outcome for code in ("unconfirmed", "interrupted", "failed")]

    # The place that was asked for is not lost with it.
    page.goto(f"{secured.address}/anmelden")
    page.get_by_role("link", name="Anmelden").click()
    page.get_by_role("button", name="mona", exact=True).click()
    finished(page)
    expect(page).to_have_url(f"{secured.address}/bericht")


def test_a_provider_that_cannot_be_reached_is_said(demo_data, tmp_path, page):
    with serving(demo_data, tmp_path, f"http://localhost:{free_port()}", roles_minutes="1") as alone:
        page.goto(f"{alone.address}/ueberblick")
        page.get_by_role("link", name="Anmelden").click()
        said(page, "unreachable")
        assert post(alone, urllib.parse.urlencode({"logout_token": "x"})) == 400
        # Roles cannot be read again: what the login said holds for two intervals, then nothing does.
        assert status(alone, jar(alone, "x")) == 404
        old = f"{COOKIE}={cookie(alone.address, ['pk-lesen'], age=150, sub='lena')}"
        assert status(alone, old) == 401
