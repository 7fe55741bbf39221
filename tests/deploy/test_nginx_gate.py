"""A gate of one's own in front: shipped nginx with auth_request, a stand-in that signs, the app that believes both."""

import http.client
import json
import re
import socket
import subprocess
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import browser_type_launch_args, finished  # noqa: F401 a fixture
from tests.deploy.gate import SIGNED_OUT, Gate, running
from tests.deploy.test_nginx import NAME, PROGRAM, Front, configuration, free_ports, unverified
from tests.ui.auth.conftest import serving
from tests.ui.auth.provider.tokens import rsa, token
from tests.ui.auth.test_log import events

pytestmark = pytest.mark.browser
ADDRESS = f"https://{NAME}/portalkompass"
HEADER = "X-Portalkompass-Person"
PEOPLE = {"lena": ["pk-lesen"], "mona": ["pk-moderieren"], "anna": ["pk-verwalten"], "otto": ["anderes"]}


@dataclass(frozen=True)
class Whole:
    """Browser, nginx, gate and app, one before the other."""

    browser: object
    front: Front
    gate: Gate
    app: object
    port: int

    def direct(self, method, path, **headers):
        """Status and text, asked past nginx, from this machine, which is where the configured proxy is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, f"/portalkompass/{path}", headers={"Host": NAME, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


@pytest.fixture(scope="module")
def whole(demo_data, tmp_path_factory, browser_type, browser_type_launch_args):  # noqa: F811
    if PROGRAM is None:
        pytest.fail("Kein nginx gefunden (tools/ensure_server_programs.py).", pytrace=False)
    folder = tmp_path_factory.mktemp("gate")
    patch = pytest.MonkeyPatch()
    patch.setenv("PORTALKOMPASS_OPERATIONS__LOG", "json")
    with running(Gate(dict(PEOPLE))) as gate:
        (folder / "zugang.pem").write_bytes(gate.key.as_pem(private=False))
        proxy = {
            "keys": str(folder / "zugang.pem"), "issuer": "https://zugang.example", "audience": "portalkompass",
            "sign_out": "/oauth2/sign_out", "single_use": "true",
        }  # fmt: skip
        settings = {f"proxy__{name}": value for name, value in proxy.items()}
        with serving(
            demo_data, folder, "", base="/portalkompass", address=ADDRESS, mode="proxy", metadata_url="",
            client_id="", roles_minutes="0.2", **settings,
        ) as app:  # fmt: skip
            plain, tls = free_ports(2)
            port = int(app.server.address.split(":")[2].split("/")[0])
            config = configuration(folder, port, plain, tls, gate.port)
            server = subprocess.Popen([PROGRAM, "-p", folder, "-c", config])
            rules = f"MAP {NAME}:443 127.0.0.1:{tls},MAP {NAME}:80 127.0.0.1:{plain}"
            args = [*browser_type_launch_args["args"], f"--host-resolver-rules={rules}"]
            own = browser_type.launch(**browser_type_launch_args | {"args": args})
            time.sleep(0.5)
            yield Whole(own, Front(plain, tls), gate, app, port)
            own.close()
            server.terminate()
            server.wait(10)
    patch.undo()


@pytest.fixture
def visitor(whole):
    context = whole.browser.new_context(locale="de-DE", ignore_https_errors=True)
    yield context.new_page()
    context.close()


def through_the_gate(page, path, name):
    page.goto(f"{ADDRESS}/{path}")
    page.get_by_role("link", name=name).click()
    finished(page)


def test_the_gate_lets_in_and_out_and_an_open_screen_follows_its_roles(whole, visitor):
    through_the_gate(visitor, "rankings?zeitraum=Letzte+28+Tage", "mona")
    expect(visitor).to_have_url(re.compile(r"/portalkompass/rankings\?zeitraum=Letzte"))
    expect(visitor.get_by_text("Angemeldet als Mona (Moderieren)")).to_be_visible()
    whole.gate.groups["mona"] = ["pk-lesen"]
    # Without a reload: the connection of the open screen is renewed, and brings what the gate says then.
    until = time.monotonic() + 120
    while not visitor.get_by_text("Angemeldet als Mona (Lesen)").count():
        assert time.monotonic() < until
        time.sleep(5)
        visitor.get_by_role(
            "link", name=("Seiten", "Rankings")[int(time.monotonic()) % 2], exact=True
        ).click()
        finished(visitor)
    whole.gate.groups["mona"] = PEOPLE["mona"]
    visitor.get_by_role("button", name="Abmelden").click()
    expect(visitor.get_by_text(SIGNED_OUT)).to_be_visible()
    visitor.goto(f"{ADDRESS}/rankings")
    expect(visitor.get_by_role("link", name="mona")).to_be_visible()
    assert [line["person"] for line in events(whole.app.log, "sign-out")] == ["Mona"]


def test_uploads_need_the_role_and_who_has_none_is_told(whole, visitor, tmp_path):
    file = tmp_path / "portalzahlen.csv"
    file.write_text(
        "period;url;title;visits\n2025-11;https://portal.leverkusen.example/leistung/wohngeld;Wohngeld;300\n",
        encoding="utf-8",
    )
    through_the_gate(visitor, "daten", "anna")
    visitor.locator("input[type=file]").set_input_files(file)
    finished(visitor)
    visitor.get_by_role("button", name="Datei prüfen").click()
    expect(visitor.get_by_text("Vorschau: portalzahlen.csv")).to_be_visible(timeout=60_000)
    for name, status in (("lena", 403), ("otto", 403), ("niemand", 302)):
        cookie = {"Cookie": f"zugang={name}"}
        assert whole.front.ask("/portalkompass/_stcore/upload_file/a/b", "PUT", **cookie)[0] == status, name
    assert whole.front.ask("/portalkompass/media/x.csv", Cookie="zugang=lena")[0] == 404
    assert whole.front.ask("/portalkompass/media/x.csv", Cookie="zugang=otto")[0] == 403
    assert whole.front.ask("/portalkompass/media/x.csv")[0] == 302
    shown = whole.front.ask("/portalkompass/ueberblick", Cookie="zugang=otto", Accept="text/html")
    assert "keine Ihrer Gruppen" in shown[2].decode()


def test_what_the_visitor_says_of_himself_is_taken_off(whole):
    best = whole.gate.statement("anna")
    upload = "/portalkompass/_stcore/upload_file/a/b"
    assert whole.front.ask(upload, "PUT", Cookie="zugang=lena", **{HEADER: best})[0] == 403
    assert whole.front.ask(upload, "PUT", **{HEADER: best})[0] == 302


def wrong_statements(gate):
    """By the German reason of the refusal."""
    now = int(time.time())
    used = gate.signed[-1]
    return {
        "ohne Angabe zur Person": None,
        "Signatur ungültig": token(rsa(), sub="anna", groups=["pk-verwalten"], jti="a"),
        "abgelaufen": gate.statement("anna", iat=now - 900, exp=now - 600),
        "für eine andere Anwendung ausgestellt": gate.statement("anna", aud="anderes"),
        "falscher Aussteller": gate.statement("anna", iss="https://anderswo.example"),
        "schon einmal verwendet": used,
        "ohne jti": gate.statement("anna", jti=None),
    }


def test_past_nginx_every_door_is_shut_without_a_good_statement(whole):
    assert whole.front.ask("/portalkompass/media/x.csv", Cookie="zugang=lena")[0] == 404
    before = len(events(whole.app.log, "refusal"))
    for reason, statement in wrong_statements(whole.gate).items():
        headers = {} if statement is None else {HEADER: statement}
        status, page = whole.direct("GET", "ueberblick", Accept="text/html", **headers)
        assert (status, "Kein Zugang" in page, reason in page) == (403, True, True), reason
        assert "/oauth2/sign_out" in page
        assert whole.direct("GET", "media/x.csv", **headers)[0] == 401, reason
        assert whole.direct("PUT", "_stcore/upload_file/a/b", **headers)[0] == 401, reason
        assert opened(whole.port, **headers) == 401, reason
    refused = events(whole.app.log, "refusal")[before:]
    assert {line["outcome"] for line in refused if "count" not in line} <= {
        f"Angabe des Proxys: {reason}" for reason in wrong_statements(whole.gate)
    }
    assert "eyJ" not in whole.app.log.read_text(encoding="utf-8"), "no statement stands in the log"
    for path in ("anmelden", "anmelden/los", "auth/login", "oauth2callback", "abmeldung-vom-anmeldedienst"):
        assert whole.direct("GET", path)[0] == 404, path
    assert whole.direct("GET", "_stcore/health")[0] == 200


def test_another_address_of_this_machine_is_not_the_proxy(whole):
    """A good statement is worth nothing from a peer that is not configured."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", whole.port, source_address=("127.0.0.2", 0), timeout=30
    )
    statement = whole.gate.statement("anna")
    connection.request("GET", "/portalkompass/media/x", headers={"Host": NAME, HEADER: statement})
    assert connection.getresponse().status == 401
    connection.close()
    assert events(whole.app.log, "refusal")[-1]["outcome"].endswith("nicht vom eingetragenen Proxy")


def opened(port, *, tls=False, **headers):
    """What the websocket's door says: "offen", or the status of the refusal."""
    try:
        with connect(
            f"{'wss' if tls else 'ws'}://{NAME}/portalkompass/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", port), timeout=30),
            ssl=unverified() if tls else None,
            origin=f"https://{NAME}",
            subprotocols=["streamlit"],
            additional_headers=headers,
            open_timeout=60,
        ):
            return "offen"
    except InvalidStatus as refused:
        return refused.response.status_code
    except ValueError as redirected:  # to the gate's own page, which is no websocket
        return redirected.__cause__.response.status_code


def test_the_websocket_opens_through_the_gate_only(whole):
    assert opened(whole.front.tls, tls=True, Cookie="zugang=lena") == "offen"
    assert opened(whole.front.tls, tls=True, Cookie="zugang=otto") == 403
    assert opened(whole.front.tls, tls=True) == 302
    assert opened(whole.port, **{HEADER: whole.gate.statement("lena")}) == "offen"


def test_people_and_addresses_stand_in_the_log_as_with_the_own_login(whole):
    whole.front.ask("/portalkompass/_stcore/upload_file/a/b", "PUT", Cookie="zugang=lena")
    line = events(whole.app.log, "refusal")[-1]
    assert (line["person"], line["account"]) == ("Lena", "lena")
    assert "Verwalten" in line["outcome"]
    assert json.dumps(line).count("eyJ") == 0
