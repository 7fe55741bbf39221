"""A whole workshop: in the browser from the button to the minutes, and with fifteen voices at once."""

import html
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
from docx import Document
from playwright.sync_api import expect
from pptx import Presentation

from portalkompass.screens import screen_of
from portalkompass.ui.workshop.workshop import ON_STAGE
from portalkompass.workspace import (
    Scenario,
    assessment_rounds,
    ballots,
    close_workspace,
    load_scenario,
    open_round,
    open_workspace,
    rounds,
    save_scenario,
)
from tests.browser.conftest import finished, free_port, served, spare_port
from tests.conftest import environment
from tests.postgresql import new_database, postgresql_server
from tests.warehouse_fixture import publish, settings_for
from tests.workspace.test_scenarios import DRAFT
from tests.workspace.test_voting import CRITERIA

__all__ = ["postgresql_server"]
pytestmark = pytest.mark.browser

VOICES = 15
MOST_CLICKS = 60
COUNT = """addEventListener("click", event => {
    if (event.isTrusted) sessionStorage.setItem("klicks", 1 + Number(sessionStorage.getItem("klicks")))
}, true)"""
"""Counts a person's clicks on a page; a reload forgets none."""
SCENARIO = "Workshop Januar"
SMALL_PRINT, NAMES = 18, 24
"""Pixels that nothing on the projector stays below, and names and numbers."""
LETTERS = """() => [...document.querySelectorAll("[data-testid=stApp] *")].flatMap(element => {
    const written = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    const { width, height } = element.getBoundingClientRect()
    const other = element.closest("[data-testid=stSidebar], [data-testid=stIconMaterial], style")
    if (!written || !width || !height || other) return []
    const large = element.closest("h1, h2, [data-testid=stMetricValue], [data-testid=stVegaLiteChart] svg") !== null
    return [[element.textContent.trim(), parseFloat(getComputedStyle(element).fontSize), large]]
})"""
"""Every text in sight with its size in pixels, and whether it is a name, a number or a chart's."""


def go_to(page, view):
    """The step of that view, then the view itself where the step has several."""
    step = next(one.part for one in screen_of("priorisierung").views if one.title == view)
    groups = page.get_by_test_id("stButtonGroup")
    groups.get_by_text(step, exact=True).click()
    finished(page)
    if groups.get_by_text(view, exact=True).count():
        groups.get_by_text(view, exact=True).click()
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


def click(page, name, role="button"):
    page.get_by_role(role, name=name).click()
    finished(page)


def write(page, label, text):
    """A field is filled as people do it: a click into it, the text, on to the next."""
    place = page.get_by_role("textbox", name=label, exact=True)
    place.click()
    place.fill(text)
    place.press("Tab")
    finished(page)


def decide_on(page, word, reason=""):
    page.locator(".st-key-entscheidung").get_by_text(word, exact=True).click()
    finished(page)
    if reason:
        write(page, "Grund", reason)
    click(page, "Entscheidung festhalten")


def count_on(page, number):
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(number), timeout=30_000)


class Voice:
    """A participant without a browser: cookies, the form, nothing else."""

    def __init__(self, address, number):
        self.address, self.number = address, number
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def assess(self):
        """Name the first department, say the second step of everything on its first page."""
        page = self.opener.open(self.address, timeout=60).read().decode()
        first = re.search(r'<option value="([^"]+)"', page)[1]
        named = urllib.parse.urlencode({"stelle": html.unescape(first)}).encode()
        page = self.opener.open(self.address, named, timeout=60).read().decode()
        steps = re.findall(r'name="(k-[a-z_]+)" value="([^"]+)"', page)
        second = {name: [value for own, value in steps if own == name][1] for name, _ in steps}
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
        said = urllib.parse.urlencode(hidden | second).encode()
        return "eingeschätzt" in self.opener.open(self.address, said, timeout=60).read().decode()

    def vote(self, clicks, department=""):
        """Open the page, name the department where it is asked, send the form, read the answer."""
        page = self.opener.open(self.address, timeout=60).read().decode()
        if department:
            named = urllib.parse.urlencode({"stelle": department}).encode()
            page = self.opener.open(self.address, named, timeout=60).read().decode()
        fields = dict.fromkeys(re.findall(r'name="(g-[a-z_]+)"', page), "20")
        fields |= {"g-clicks": str(clicks), "spitzname": f"Nr. {self.number}", "stelle": department}
        answer = self.opener.open(self.address, urllib.parse.urlencode(fields).encode(), timeout=60)
        return "Ihre Gewichte sind gespeichert." in answer.read().decode()


def phone_votes(browser, address, code):
    """One device with a screen: the code is typed, a slider moved."""
    voter = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 844}).new_page()
    voter.goto(f"{address}/w")
    voter.get_by_label("Zehn Zeichen").fill(code.lower())
    voter.get_by_role("button", name="Weiter").click()
    voter.get_by_label("Ihre Stelle").select_option(index=1)
    voter.get_by_role("button", name="Weiter").click()
    expect(voter.get_by_role("heading", level=1)).to_have_text("Wie wichtig ist welches Kriterium?")
    slider = voter.get_by_role("slider", name="Klicks aus der Google-Suche")
    slider.focus()
    slider.press("End")
    voter.get_by_role("button", name="Gewichte abgeben").click()
    expect(voter.get_by_role("status")).to_have_text("Ihre Gewichte sind gespeichert.")
    return voter


def downloaded(page, name):
    with page.expect_download() as file:
        page.get_by_role("button", name=name).click()
    finished(page)
    return file.value.path()


def begin_on(page, name):
    """Up to the assessing, with the clock."""
    click(page, "Workshop beginnen")
    write(page, "Name", name)
    click(page, "Workshop anlegen")
    expect(page.get_by_text(f"„{name}“ ist angelegt.")).to_be_visible()
    write(page, "Wer teilnimmt", "Erika Beispiel (FB 50)")
    click(page, "Zeit starten")
    expect(page.get_by_text("Vorbereiten: noch 10 von 10 Minuten")).to_be_visible()
    click(page, "Weiter: Einschätzen")
    expect(page.get_by_text("Einschätzen: noch 30 von 30 Minuten")).to_be_visible()


def assess_on(page, browser, workspace, name):
    """Five devices assess from their own screens, one of them by hand; what they agree on is taken over."""
    click(page, "Stellen auf ihren Geräten einschätzen lassen")
    link = page.get_by_role("link", name="/w/").get_attribute("href")
    phone = phone_assesses(browser, link)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda number: Voice(link, number).assess(), range(4)))
    count_on(page, 5)  # without reload
    click(page, "Ergebnis zeigen")
    expect(page.get_by_text("Einigkeit je Feld ab zwei Stimmen")).to_be_visible()
    click(page, re.compile(r"Alle einigen übernehmen"))
    click(page, "Runde beenden")
    phone.reload()
    expect(phone.get_by_role("alert")).to_contain_text("beendet")
    phone.context.close()
    scenario = load_scenario(workspace, name)
    (one,) = assessment_rounds(workspace, scenario.id)
    cells = [cell for own in scenario.assessments.values() for cell in own.values() if "votes" in cell]
    assert all(cell["votes"].startswith("5\xa0Stimmen: alle „") for cell in cells)
    assert len(cells) == len(one.criteria)


def phone_assesses(browser, link):
    """One device with a screen: its department, the second step of everything, the last page says so."""
    phone = browser.new_context(locale="de-DE", viewport={"width": 390, "height": 844}).new_page()
    phone.goto(link)
    phone.get_by_label("Ihre Stelle").select_option(index=1)
    phone.get_by_role("button", name="Weiter").click()
    for field in phone.locator("fieldset").all():
        field.get_by_role("radio").nth(1).check()
    phone.get_by_role("button", name="Speichern und fertig").click()
    expect(phone.get_by_role("status")).to_contain_text("eingeschätzt, 0 „weiß nicht“")
    return phone


def weigh_on(page):
    """On to the votes; a reload loses neither the step nor its time."""
    click(page, "Weiter: Gewichten")
    page.reload()
    finished(page)
    expect(page.get_by_text("Gewichten: noch 15 von 15 Minuten")).to_be_visible()


def on_the_projector(browser, address, name):
    """A second screen shows all views, one after the other by the keys of a presenter, light and dark."""
    stage = browser.new_context(locale="de-DE", viewport={"width": 1920, "height": 1080}).new_page()
    asked = urllib.parse.urlencode({"ansicht": ON_STAGE[0], "szenario": name, "beamer": "true"})
    stage.goto(f"{address}/priorisierung?{asked}")
    for place, view in enumerate(ON_STAGE):
        finished(stage)
        assert f"ansicht={view}" in stage.url
        expect(stage.get_by_role("button", name="Weiter")).to_be_enabled(enabled=place + 1 < len(ON_STAGE))
        charts = stage.get_by_test_id("stVegaLiteChart")
        if charts.count():
            expect(charts.first.locator("svg").first).to_be_visible()
        written = stage.evaluate(LETTERS)
        assert len(written) > 10, view
        least = {text: size for text, size, large in written if size < (NAMES if large else SMALL_PRINT)}
        assert not least, (view, least)
        stage.keyboard.press("PageDown")
    stage.keyboard.press("PageUp")
    finished(stage)
    assert f"ansicht={ON_STAGE[-2]}" in stage.url
    stage.get_by_text("Dunkel", exact=True).click()
    finished(stage)
    stage.reload()
    finished(stage)
    expect(stage.get_by_test_id("stApp")).to_have_css("filter", "invert(1) hue-rotate(180deg)")
    stage.context.close()


def vote_on(page, browser, address):
    """Five devices vote, their median is adopted."""
    click(page, "Abstimmung eröffnen")
    link = page.get_by_role("link", name="/w/").get_attribute("href")
    voter = phone_votes(browser, address, link.rsplit("/", 1)[1])
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda number: Voice(link, number).vote(25 * number, "IT"), range(4)))
    count_on(page, 5)  # without reload
    click(page, "Ergebnis zeigen")
    expect(page.get_by_text(re.compile("Am weitesten auseinander liegen"))).to_be_visible()
    expect(page.get_by_text("Was die Stellen an der Rangfolge ändern")).to_be_visible()
    click(page, "Median übernehmen")
    expect(page.get_by_text("Der Median ist als Gewichtung des Szenarios")).to_be_visible()
    click(page, "Abstimmung beenden")
    expect(page.get_by_text("Letzte Abstimmung")).to_be_visible()
    voter.reload()
    expect(voter.get_by_role("alert")).to_contain_text("beendet")
    voter.context.close()


def back_and_forth(page):
    click(page, "Weiter: Entscheiden")
    page.go_back()
    finished(page)
    expect(page.get_by_text("Letzte Abstimmung")).to_be_visible()
    page.go_forward()
    finished(page)
    page.get_by_test_id("stButtonGroup").get_by_text("Beschlüsse", exact=True).click()
    finished(page)


def decide_with_another(page, other, address, name):
    """Both decide on the same service; the second one sees both decisions, and notes a dissent meanwhile."""
    asked = urllib.parse.urlencode({"ansicht": "beschluesse", "szenario": name})
    other.goto(f"{address}/priorisierung?{asked}")
    finished(other)
    write(other, "Ihr Name oder Kürzel", "Bernd")
    write(other, "Grund", "Vertrag fehlt")
    decide_on(page, "beschlossen")
    decide_on(other, "zurückgestellt")
    expect(other.get_by_text(re.compile("Inzwischen wurde anders entschieden"))).to_be_visible()
    click(other, "Gespeichertes behalten")
    other.goto(f"{address}/priorisierung?{asked.replace('beschluesse', 'protokoll')}")
    finished(other)
    write(other, "Text", "Erst das Bauportal")
    write(other, "Wer", "Bernd (FB 36)")
    click(other, "Ins Protokoll")

    decide_on(page, "zurückgestellt", "Vertrag fehlt")


def test_a_whole_workshop_from_the_button_to_the_minutes(shared_copy, page, visit, browser):
    """One leads and is counted, a second one writes at the same time, five devices assess and vote."""
    address, name = shared_copy.address, "Workshop im Browser"
    page.add_init_script(COUNT)
    visit(f"{address}/priorisierung")
    workspace = open_workspace(f"sqlite:///{(shared_copy.folder / 'demo' / 'workspace.db').as_posix()}")
    begin_on(page, name)
    assess_on(page, browser, workspace, name)
    weigh_on(page)
    vote_on(page, browser, address)
    back_and_forth(page)
    other = browser.new_context(locale="de-DE").new_page()
    decide_with_another(page, other, address, name)
    other.context.close()
    click(page, "Weiter: Festhalten")
    expect(page.get_by_label("Offene Frage").first).to_have_value("Erst das Bauportal")
    click(page, "Vorschläge übernehmen")
    expect(page.get_by_text("Die wichtigsten offenen Fragen stehen im Protokoll.")).to_be_visible()
    word = Document(downloaded(page, "Protokoll als Word"))
    slides = Presentation(downloaded(page, "Protokoll als Folien"))
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "Alles als Excel-Datei").read_bytes()))
    listed = downloaded(page, "OZG-Liste als Vorschlag").read_text(encoding="utf-8")
    clicks = page.evaluate("() => Number(sessionStorage.getItem('klicks'))")
    assert 20 < clicks <= MOST_CLICKS
    assert_minutes(word, slides, name)
    decided = [row[4] for row in book["Entscheidungen"].iter_rows(values_only=True)]
    assert decided[1:3] == ["beschlossen", "zurückgestellt"]
    assert f"({name}): Vertrag fehlt;" in listed
    on_the_projector(browser, address, name)
    assert load_scenario(workspace, name).locked
    close_workspace(workspace.url)


def assert_minutes(word, slides, name):
    """Who, what, why and dissent, in the paper and on the slides."""
    said = "\n".join(one.text for one in word.paragraphs)
    assert "Teilnehmende: Erika Beispiel (FB 50)." in said
    first, second = (re.search(f"„([^“]+)“: {word} am ", said) for word in ("beschlossen", "zurückgestellt"))
    assert {first[1], second[1]} == {"Hundesteuer und -marke", "Pflegewohngeld"}  # the lane that can start
    assert re.search(f"{re.escape(first[1])} liegt (vor|hinter) {re.escape(second[1])}", said)
    assert "Am weitesten auseinander lagen die Stimmen bei" in said
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {"Erst das Bauportal", "Bernd (FB 36)"} <= cells
    titles = [slide.shapes.title.text for slide in slides.slides]
    assert titles[0] == f"Protokoll {name}"
    assert "Entscheidungen: 1 beschlossen und 1 zurückgestellt" in titles
    assert "1\u00a0Zusage mit erwarteten Klicks" in titles


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_fifteen_voices_and_three_browsers_survive_a_restart(database, request, tmp_path, browser, page):
    url = f"sqlite:///{(tmp_path / 'workspace.db').as_posix()}"
    if database == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_server"))
    publish(settings_for(tmp_path))
    variables = environment(tmp_path) | {"PORTALKOMPASS_WORKSPACE": url}
    port, log = spare_port(), tmp_path / "server.log"
    voters = [browser.new_context(locale="de-DE").new_page() for _ in range(2)]
    workspace = open_workspace(url)
    scenario = save_scenario(workspace, DRAFT, "anna")
    code = open_round(workspace, scenario, CRITERIA, "anna").code
    close_workspace(url)
    voting = f"ansicht=stimmen&{urllib.parse.urlencode({'szenario': DRAFT.name})}"
    with served(variables, port, log) as (address, _):
        moderator, link = page, f"{address}/w/{code}"
        moderator.goto(f"{address}/priorisierung?{voting}")
        finished(moderator)
        voices = [Voice(link, number) for number in range(VOICES)]
        for voter in voters:
            voter.goto(link)
            voter.get_by_role("button", name="Gewichte abgeben").click()
            expect(voter.get_by_role("status")).to_be_visible()
        with ThreadPoolExecutor(VOICES) as pool:
            assert all(pool.map(lambda voice: voice.vote(5 * voice.number), voices))
        count_on(moderator, VOICES + 2)
    with served(variables, port, log) as (address, _):
        # the cookies still hold: fifteen change their weights, nobody is counted twice
        with ThreadPoolExecutor(VOICES) as pool:
            assert all(pool.map(lambda voice: voice.vote(100 - 5 * voice.number), voices))
        voters[0].reload()
        expect(voters[0].get_by_role("button", name="Gewichte ändern")).to_be_visible()
        moderator.goto(f"{address}/priorisierung?{voting}")
        finished(moderator)
        count_on(moderator, VOICES + 2)
    for voter in voters:
        voter.context.close()
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
