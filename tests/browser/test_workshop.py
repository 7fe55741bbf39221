"""A whole workshop: in one browser from the first weight to the Excel file, and with fifteen voices at once."""

import http.cookiejar
import io
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from playwright.sync_api import expect
from pptx import Presentation

from portalkompass.workspace import (
    Scenario,
    ballots,
    close_workspace,
    load_scenario,
    open_round,
    open_workspace,
    rounds,
    save_scenario,
)
from tests.browser.conftest import finished, free_port, served
from tests.conftest import environment
from tests.postgresql import new_database, postgresql_server
from tests.warehouse_fixture import publish, settings_for
from tests.workspace.test_scenarios import DRAFT
from tests.workspace.test_voting import CRITERIA

__all__ = ["postgresql_server"]
pytestmark = pytest.mark.browser

VOICES = 15
SCENARIO = "Workshop Januar"


def go_to(page, view):
    page.get_by_test_id("stButtonGroup").get_by_text(view, exact=True).click()
    finished(page)


def save_scenario_on(page):
    go_to(page, "Szenarien")
    page.get_by_label("Name", exact=True).fill(SCENARIO)
    page.get_by_role("button", name="Szenario speichern").click()
    expect(page.get_by_text(f"Szenario „{SCENARIO}“ gespeichert.")).to_be_visible(timeout=30_000)
    finished(page)


def open_round_on(page):
    """Open a round; returns the address of the voting page."""
    go_to(page, "Stimmen")
    page.get_by_role("button", name="Abstimmung eröffnen").click()
    link = page.get_by_role("link", name="/w/")
    expect(link).to_be_visible(timeout=30_000)
    return link.get_attribute("href")


def decide_on(page):
    page.locator(".st-key-entscheidung").get_by_text("beschlossen", exact=True).click()
    finished(page)
    page.get_by_role("button", name="Entscheidung festhalten").click()


def count_on(page, number):
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(number), timeout=30_000)


class Voice:
    """A participant without a browser: cookies, the form, nothing else."""

    def __init__(self, address, number):
        self.address, self.number = address, number
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def vote(self, clicks):
        """Open the page, send the form, read the answer."""
        page = self.opener.open(self.address, timeout=60).read().decode()
        fields = dict.fromkeys(re.findall(r'name="(g-[a-z_]+)"', page), "20")
        fields |= {"g-clicks": str(clicks), "spitzname": f"Nr. {self.number}"}
        answer = self.opener.open(self.address, urllib.parse.urlencode(fields).encode(), timeout=60)
        return "Ihre Gewichte sind gespeichert." in answer.read().decode()


def test_a_whole_workshop_in_the_browser(demo_data, tmp_path, visit, browser):
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    with served(environment(folder), free_port(), tmp_path / "server.log") as (address, _):
        page = visit(f"{address}/priorisierung")
        save_scenario_on(page)
        link = open_round_on(page)
        voter = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 844}).new_page()
        voter.goto(f"{address}/w")
        voter.get_by_label("Zehn Zeichen").fill(link.rsplit("/", 1)[1].lower())
        voter.get_by_role("button", name="Weiter").click()
        expect(voter.get_by_role("heading", level=1)).to_have_text("Wie wichtig ist welches Kriterium?")
        slider = voter.get_by_role("slider", name="Klicks aus der Google-Suche")
        slider.focus()
        slider.press("End")
        voter.get_by_role("button", name="Gewichte abgeben").click()
        expect(voter.get_by_role("status")).to_have_text("Ihre Gewichte sind gespeichert.")
        count_on(page, 1)
        page.get_by_role("button", name="Ergebnis zeigen").click()
        expect(page.get_by_text(re.compile("Erst eine Stimme"))).to_be_visible(timeout=30_000)
        finished(page)
        median = page.get_by_role("button", name="Median übernehmen")
        expect(median).to_have_count(1)
        median.click()
        # the sentence moves the buttons below it: only then they can be hit
        expect(page.get_by_text("Der Median ist als Gewichtung des Szenarios")).to_be_visible(timeout=30_000)
        finished(page)
        page.get_by_role("button", name="Abstimmung beenden").click()
        expect(page.get_by_text("Letzte Abstimmung")).to_be_visible(timeout=30_000)
        voter.reload()
        expect(voter.get_by_role("alert")).to_contain_text("beendet")
        voter.context.close()
        finished(page)
        go_to(page, "Szenarien")
        decide_on(page)
        expect(page.get_by_text(f"„{SCENARIO}“ (festgeschrieben)")).to_be_visible(timeout=30_000)
        finished(page)
        with page.expect_download() as file:
            page.get_by_role("button", name="Alles als Excel-Datei").click()
        book = openpyxl.load_workbook(io.BytesIO(file.value.path().read_bytes()))
        assert book.sheetnames[:3] == ["Reihenfolge", "Kriterien", "Entscheidungen"]
        assert [row[4] for row in book["Entscheidungen"].iter_rows(values_only=True)][1:2] == ["beschlossen"]
        with page.expect_download() as file:
            page.get_by_role("button", name="Folien zum Workshop").click()
        titles = [slide.shapes.title.text for slide in Presentation(file.value.path()).slides]
        assert titles[0] == "Priorisierung"
        assert titles[-2:] == ["Wie sicher die Reihenfolge ist", "Entscheidungen: 1 beschlossen"]
        workspace = open_workspace(f"sqlite:///{(folder / 'demo' / 'workspace.db').as_posix()}")
        kept = load_scenario(workspace, SCENARIO)
        # the ballot: clicks 100, the two others at 50
        assert kept.weights["clicks"] == pytest.approx(0.5)
        assert kept.locked
        close_workspace(workspace.url)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_fifteen_voices_and_three_browsers_survive_a_restart(database, request, tmp_path, browser):
    url = f"sqlite:///{(tmp_path / 'workspace.db').as_posix()}"
    if database == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_server"))
    publish(settings_for(tmp_path))
    variables = environment(tmp_path) | {"PORTALKOMPASS_WORKSPACE": url}
    port, log = free_port(), tmp_path / "server.log"
    pages = [browser.new_context(locale="de-DE").new_page() for _ in range(3)]
    workspace = open_workspace(url)
    scenario = save_scenario(workspace, DRAFT, "anna")
    code = open_round(workspace, scenario, CRITERIA, "anna").code
    close_workspace(url)
    voting = f"ansicht=stimmen&{urllib.parse.urlencode({'szenario': DRAFT.name})}"
    with served(variables, port, log) as (address, _):
        moderator, link = pages[0], f"{address}/w/{code}"
        moderator.goto(f"{address}/priorisierung?{voting}")
        finished(moderator)
        voices = [Voice(link, number) for number in range(VOICES)]
        for page in pages[1:]:
            page.goto(link)
            page.get_by_role("button", name="Gewichte abgeben").click()
            expect(page.get_by_role("status")).to_be_visible()
        with ThreadPoolExecutor(VOICES) as pool:
            assert all(pool.map(lambda voice: voice.vote(5 * voice.number), voices))
        count_on(moderator, VOICES + 2)
    with served(variables, port, log) as (address, _):
        # the cookies still hold: fifteen change their weights, nobody is counted twice
        with ThreadPoolExecutor(VOICES) as pool:
            assert all(pool.map(lambda voice: voice.vote(100 - 5 * voice.number), voices))
        pages[1].reload()
        expect(pages[1].get_by_role("button", name="Gewichte ändern")).to_be_visible()
        moderator.goto(f"{address}/priorisierung?{voting}")
        finished(moderator)
        count_on(moderator, VOICES + 2)
    for page in pages:
        page.context.close()
    workspace = open_workspace(url)
    (one,) = rounds(workspace, scenario.id)
    found = ballots(workspace, one)
    assert sorted(found["clicks"]) == sorted([50.0, 50.0, *(100.0 - 5 * number for number in range(VOICES))])
    close_workspace(url)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_the_second_port_opens_the_voting_page_alone_and_only_for_its_own_cookies(demo_data, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    port = free_port()
    network = {"PORTALKOMPASS_WORKSHOP_LAN": "1", "PORTALKOMPASS_WORKSHOP_PORT": str(port)}
    workspace = open_workspace(f"sqlite:///{(folder / 'demo' / 'workspace.db').as_posix()}")
    scenario = save_scenario(workspace, Scenario(SCENARIO), "anna")
    one = open_round(
        workspace, scenario, ({"id": "clicks", "label": "Klicks", "help": "", "start": 50},), "anna"
    )
    log = tmp_path / "server.log"
    with served(environment(folder) | network, free_port(), log) as (address, _):
        voting = f"http://127.0.0.1:{port}"
        assert [status(f"{voting}{path}") for path in ("/", "/priorisierung", "/_stcore/health", "/w")] == [
            404,
            404,
            404,
            200,
        ]
        page = f"{voting}/w/{one.code}"
        assert status(page) == 200
        form = b"g-clicks=80"
        assert status(page, form) == 403
        assert status(page, form, cookie="stimme=W29uZSwgInRlc3QiXQ.aRkQ1w.c2lnbmF0dXJl") == 403
        assert status(page, b"g-clicks=" + b"9" * 30_000) == 403
        assert ballots(workspace, one).empty
        early = Voice(page, 1)
        early.opener.open(page, timeout=30)
        # a guess counts against the address on either port
        codes = [status(f"{address}/w/AAAAAAAA{number:02d}") for number in range(12)]
        assert codes == [404] * 10 + [429] * 2
        # whoever was let in before may go on, although all of a town hall share one address
        assert status(page) == 429
        assert early.vote(80)
    assert ballots(workspace, one)["clicks"].tolist() == [80.0]
    assert "ohne Anmeldung" in log.read_text(encoding="utf-8")
    close_workspace(workspace.url)


def status(address, data=None, cookie=""):
    request = urllib.request.Request(address, data, {"Cookie": cookie} if cookie else {})
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as refused:
        return refused.code
