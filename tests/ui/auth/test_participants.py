"""People of a workshop: the code opens their ballot, and nothing else of the app."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from portalkompass.workspace import ballots, open_round, open_workspace, save_scenario
from tests.browser.conftest import finished
from tests.ui.auth.test_sign_in import sign_in
from tests.workspace.test_scenarios import DRAFT
from tests.workspace.test_voting import CRITERIA

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def workspace(secured):
    return open_workspace(f"sqlite:///{(secured.folder / 'demo' / 'workspace.db').as_posix()}")


@pytest.fixture(scope="module")
def opened(workspace):
    return open_round(workspace, save_scenario(workspace, DRAFT, "Mona"), CRITERIA, "Mona")


def serious(page):
    return [
        (rule["id"], node["html"][:120])
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def test_a_participant_votes_without_a_login_and_gets_nowhere_else(secured, workspace, opened, page):
    page.goto(f"{secured.address}/w/")
    page.get_by_label("Zehn Zeichen").fill(opened.written_code)
    page.get_by_role("button").click()
    expect(page).to_have_url(f"{secured.address}/w/{opened.code}")
    page.get_by_role("button", name="Gewichte abgeben").click()
    expect(page.get_by_text("Ihre Gewichte sind gespeichert.")).to_be_visible()
    assert len(ballots(workspace, opened)) == 1
    assert serious(page) == []
    for path in ("media/x.csv", "_stcore/host-config", "static/js/x.js"):
        assert page.request.get(f"{secured.address}/{path}").status == 401, path
    for path in ("", "ueberblick", "priorisierung", "daten"):
        page.goto(f"{secured.address}/{path}")
        expect(page).to_have_url(f"{secured.address}/anmelden")
    refused = page.evaluate(
        "() => new Promise(done => { const s = new WebSocket('ws://' + location.host + '/_stcore/stream');"
        " s.onopen = () => done('open'); s.onerror = () => done('refused') })"
    )
    assert refused == "refused"


def test_the_moderator_leads_the_round_and_a_reader_does_not(secured, opened, page):
    sign_in(page, f"{secured.address}/priorisierung?ansicht=Stimmen&szenario={DRAFT.name}", "lena")
    finished(page)
    expect(page.get_by_text("Rolle „Moderieren“").first).to_be_visible()
    expect(page.get_by_role("button", name="Abstimmung beenden")).to_have_count(0)
    page.context.clear_cookies()
    name = opened.written_code
    sign_in(page, f"{secured.address}/priorisierung?ansicht=Stimmen&szenario={DRAFT.name}", "mona")
    finished(page)
    expect(page.get_by_text("Angemeldet als Mona (Moderieren)")).to_be_visible()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    link = page.get_by_role("link", name="/w/")
    expect(link).to_have_attribute("href", f"{secured.address}/w/{opened.code}")


def test_the_pages_before_the_login_have_no_serious_barrier(secured, page):
    page.goto(f"{secured.address}/ueberblick")
    expect(page.get_by_role("heading", name="Portalkompass")).to_be_visible()
    assert serious(page) == []
    sign_in(page, f"{secured.address}/ueberblick", "otto")
    expect(page.get_by_role("heading", name="Kein Zugang")).to_be_visible()
    assert serious(page) == []
