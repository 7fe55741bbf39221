"""The log of the process that serves: a line for everything that was done, none too many, nothing a terminal obeys."""

import http.client
import json
import unicodedata
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from portalkompass.ui.auth.activity import MOST_A_MINUTE
from portalkompass.workspace import close_workspace, open_round, open_workspace, save_scenario
from tests.browser.conftest import finished
from tests.browser.test_exports import download, opened
from tests.browser.test_workshop import Voice
from tests.ui.auth.conftest import serving
from tests.ui.auth.test_sign_in import sign_in
from tests.workspace.test_scenarios import DRAFT
from tests.workspace.test_voting import CRITERIA

pytestmark = pytest.mark.browser


FORGED = {"Sec-Fetch-Mode": "cors", "X-Forwarded-For": "203.0.113.9"}
"""A script that says it comes from elsewhere; only the configured proxy is believed that."""


PORTAL = "period;url;title;visits\n2025-11;https://portal.leverkusen.example/leistung/wohngeld;Wohngeld;300\n"


def lines(log):
    """The JSON lines of our own log, among what the server prints besides."""
    found = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith('{"time"')]
    return [json.loads(line) for line in found]


def events(log, event):
    return [line for line in lines(log) if line.get("event") == event]


def ask(address, path, **headers):
    """A request as nobody's browser would send it; the status of the answer."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def writes(app, person):
    return [line["what"] for line in events(app.log, "write") if line["person"] == person]


def write_report(app, page):
    """A report: made, its head saved with a change and without one, a page left out and moved."""
    before = len(writes(app, "Emil"))
    page.goto(f"{app.address}/bericht")
    finished(page)
    page.get_by_role("button", name="Neuer Bericht").click()
    page.get_by_role("button", name="Anlegen", exact=True).click()
    expect(page.get_by_role("button", name="Angaben bearbeiten")).to_be_visible(timeout=60_000)
    for committee in ("Digitalausschuss", "Digitalausschuss"):
        finished(page)
        page.get_by_role("button", name="Angaben bearbeiten").click()
        page.get_by_role("textbox", name="Gremium").last.fill(committee)
        page.get_by_role("button", name="Speichern", exact=True).click()
        expect(page.get_by_role("button", name="Angaben bearbeiten")).to_be_visible(timeout=60_000)
    for label in ("Auslassen", "Nach unten"):
        finished(page)
        page.get_by_role("button", name=label, exact=True).and_(page.locator(":enabled")).first.click()
    finished(page)
    made, *changes = writes(app, "Emil")[before:]
    assert (made, changes) == ("Bericht angelegt", ["Bericht geändert"] * 3)


def fill_plan(app, page):
    """The money of a year: entered, and entered again with the same number."""
    page.goto(f"{app.address}/priorisierung?ansicht=plan&szenario={DRAFT.name.replace(' ', '+')}")
    finished(page)
    grid = page.locator("[class*=st-key-plan-budget]").locator(".dvn-scroller")
    expect(grid).to_be_visible(timeout=120_000)
    grid.scroll_into_view_if_needed()
    field = page.locator("input.gdg-input")
    for _ in range(2):
        for _ in range(4):
            grid.dblclick(position={"x": 250, "y": 52})
            page.wait_for_timeout(1000)
            if field.count():
                break
        field.fill("12")
        field.press("Enter")
        finished(page)
    assert writes(app, "Anna") == ["Budget geändert"]


def load_as_administrator(app, browser, folder):
    """A cell of the plan; then look at a file, load it, and try one that is no table: three lines with the outcome."""
    (folder / "zahlen.csv").write_text(PORTAL, encoding="utf-8")
    (folder / "bild.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    context = browser.new_context(locale="de-DE")
    page = sign_in(context.new_page(), f"{app.address}/daten", "anna")
    finished(page)
    fill_plan(app, page)
    page.goto(f"{app.address}/daten")
    finished(page)
    for name in ("zahlen.csv", "bild.csv"):
        page.locator("input[type=file]").set_input_files(folder / name)
        finished(page)
        page.get_by_role("button", name="Datei prüfen").click()
        if name == "zahlen.csv":
            expect(page.get_by_text(f"Vorschau: {name}")).to_be_visible(timeout=120_000)
            finished(page)
            page.get_by_role("button", name="Daten übernehmen").click()
            expect(page.get_by_text(f"Vorschau: {name}")).to_be_hidden(timeout=120_000)
        else:
            expect(page.get_by_test_id("stAlert").filter(has_text="bild.csv")).to_be_visible(timeout=120_000)
        finished(page)
    context.close()
    uploads = events(app.log, "upload")
    assert {line["person"] for line in uploads} == {"Anna"}
    assert [(line["file"], line["preview"]) for line in uploads] == [
        ("zahlen.csv", True),
        ("zahlen.csv", False),
        ("bild.csv", True),
    ]
    assert [line["outcome"] == "ok" for line in uploads] == [True, True, False]


def vote(app, voices):
    """A round, and as many ballots in it."""
    workspace = open_workspace(f"sqlite:///{(app.folder / 'demo' / 'workspace.db').as_posix()}")
    code = open_round(workspace, save_scenario(workspace, DRAFT, "Mona"), CRITERIA, "Mona").code
    close_workspace(workspace.url)
    assert all(Voice(f"{app.address}/w/{code}", number).vote(50) for number in range(voices))


@pytest.mark.timeout(900)
def test_every_action_has_its_line_and_a_flood_is_counted(demo_data, tmp_path, provider, page, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_OPERATIONS__LOG", "json")
    with serving(demo_data, tmp_path, provider, proxies='["10.9.9.9"]') as app:
        sign_in(page, f"{app.address}/ueberblick", "emil")
        finished(page)
        (came,) = events(app.log, "sign-in")
        assert (came["person"], came["account"], came["outcome"]) == ("Emil", "emil", "ok")
        assert came["address"] == "127.0.0.1"
        assert came["path"] == "/oauth2callback"

        menu = opened(page, "top_pages")
        for name in ("CSV", "Excel", "CSV"):
            download(page, menu, name)
        exports = events(app.log, "export")
        assert [(line["person"], line["format"]) for line in exports] == [
            ("Emil", "csv"),
            ("Emil", "xlsx"),
            ("Emil", "csv"),
        ]

        for number in range(2):
            page.goto(f"{app.address}/bericht")
            finished(page)
            page.get_by_test_id("stSidebar").get_by_role("button", name="Gespeicherte Ansichten").click()
            page.get_by_label("Diese Ansicht speichern als").fill(f"Probe {number}")
            page.get_by_role("button", name="Speichern").click()
            expect(page.get_by_role("button", name=f"Probe {number}")).to_have_count(1)
            finished(page)
        assert writes(app, "Emil") == ["Ansicht gespeichert"] * 2
        write_report(app, page)

        upload = f"{urlsplit(app.address).path}/_stcore/upload_file/a/b"
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        assert ask(app.address, upload, Cookie=cookies) == 403
        (refused,) = [line for line in events(app.log, "refusal") if line.get("person") == "Emil"]
        assert refused["level"] == "warning"
        assert "Verwalten" in refused["outcome"]

        voices = 3
        vote(app, voices)
        ballots = events(app.log, "vote")
        assert [line["outcome"] for line in ballots] == ["ok"] * voices
        assert not [line for line in ballots if line.keys() & {"person", "account", "address", "path"}]
        load_as_administrator(app, page.context.browser, tmp_path)

        before = len([line for line in events(app.log, "refusal") if "person" not in line])
        flood = 60 + 2 * MOST_A_MINUTE
        for number in range(flood):
            hostile = "/%1b%5b31m%0d%0aGEF%C3%84LSCHT%e2%80%ae" if number % 2 else "/media/x.csv"
            assert ask(app.address, hostile, Accept="*/*", **FORGED) == 401

        page.keyboard.press("Escape")  # the list of saved views is open, and lies above the button
        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_role("button", name="End session")).to_be_visible()
        (left,) = events(app.log, "sign-out")
        assert left["person"] == "Emil"
    told = [line for line in events(app.log, "refusal") if "person" not in line][before:]
    printed = [line for line in told if "count" not in line]
    assert {line["address"] for line in printed} == {"127.0.0.1"}
    assert len(printed) <= 2 * MOST_A_MINUTE
    assert len(printed) + sum(line["count"] for line in told if "count" in line) == flood
    text = app.log.read_text(encoding="utf-8")
    assert not {one for one in text if unicodedata.category(one) in ("Cc", "Cf") and one != "\n"}
    assert not [line for line in text.splitlines() if line.startswith("GEF")]
