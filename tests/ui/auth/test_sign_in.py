"""Login end to end: a real browser, a real provider, the app as it is shipped."""

import re

import pytest
from playwright.sync_api import expect

from portalkompass.ui.auth.identity import COOKIE
from tests.browser.conftest import finished
from tests.soak.client import visitor
from tests.ui.auth.conftest import GROUPS, ROLES, again, serving
from tests.ui.auth.cookies import cookie

pytestmark = pytest.mark.browser


def sign_in(page, address, name):
    """From an address to the screen behind the login, as this person."""
    page.goto(address)
    page.get_by_role("link", name="Anmelden").click()
    page.get_by_role("button", name=name, exact=True).click()
    return page


def test_the_way_in_leads_back_to_the_link_that_was_asked_for(secured, page):
    link = f"{secured.address}/seiten?zeitraum=Letzte+28+Tage"
    page.goto(link)
    expect(page).to_have_url(f"{secured.address}/anmelden")
    expect(page.get_by_role("heading", name="Portalkompass")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("link", name="Anmelden").click()
    page.get_by_role("button", name="lena", exact=True).click()
    finished(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Seiten")
    expect(page).to_have_url(re.compile(r"/seiten\?zeitraum=Letzte"))
    expect(page.get_by_text("18.11.2025 bis 15.12.2025, verglichen")).to_be_visible()
    expect(page.get_by_text("Angemeldet als Lena (Lesen)")).to_be_visible()


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_everybody_is_greeted_with_name_and_role_and_only_who_may_load_gets_the_upload(secured, name, role):
    signed = f"{COOKIE}={cookie(secured.address, GROUPS[name], name=name.capitalize())}"
    with visitor(secured.address, Cookie=signed) as person:
        screen = person.ask("daten")
    assert screen.faults == ()
    assert f"Angemeldet als {name.capitalize()} ({role})" in screen.said
    assert screen.uploads == (1 if name == "anna" else 0)


def test_who_has_no_group_gets_in_nowhere_and_is_told_why(secured, page):
    with page.expect_response(lambda answer: answer.url == f"{secured.address}/ueberblick") as told:
        sign_in(page, f"{secured.address}/ueberblick", "otto")
        expect(page.get_by_role("heading", name="Kein Zugang")).to_be_visible()
    expect(page.get_by_text("keine Ihrer Gruppen hat hier eine Rolle")).to_be_visible()
    assert told.value.status in (303, 403)
    assert page.request.get(f"{secured.address}/media/x.csv").status == 403
    assert page.request.get(f"{secured.address}/static/js/x.js").status == 403


def test_signing_out_ends_it_for_every_copy_of_the_cookie(secured, page, browser):
    sign_in(page, f"{secured.address}/bericht", "lena")
    finished(page)
    copied = page.context.cookies()
    page.get_by_role("button", name="Abmelden").click()
    expect(
        page.get_by_role("button", name="End session")
    ).to_be_visible()  # the provider asks about its own login
    thief = browser.new_context(locale="de-DE")
    thief.add_cookies(copied)
    other = thief.new_page()
    other.goto(f"{secured.address}/bericht")
    expect(other).to_have_url(f"{secured.address}/anmelden")
    thief.close()
    page.goto(f"{secured.address}/bericht")
    expect(page).to_have_url(f"{secured.address}/anmelden")


def test_below_a_sub_path_the_way_is_the_same_and_signing_out_outlives_a_restart(
    demo_data, tmp_path, provider, page
):
    with serving(demo_data, tmp_path, provider, base="/portalkompass") as app:
        sign_in(page, f"{app.address}/bericht", "lena")
        finished(page)
        expect(page).to_have_url(f"{app.address}/bericht")
        expect(page.get_by_role("heading", level=1)).to_have_text("Bericht")
        assert page.request.get(f"{app.address}/w/").status == 200
        paths = {one["name"]: one["path"] for one in page.context.cookies()}
        assert paths["_streamlit_user"] == "/portalkompass"
        copied = page.context.cookies()
        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_role("button", name="End session")).to_be_visible()
    with again(app, tmp_path, provider):
        page.context.clear_cookies()
        page.context.add_cookies(copied)
        page.goto(f"{app.address}/bericht")
        expect(page).to_have_url(f"{app.address}/anmelden")


def test_a_session_that_has_run_out_takes_screen_and_cookie_away(demo_data, tmp_path, provider, page):
    with serving(demo_data, tmp_path, provider, session_hours=str(25 / 3600)) as app:
        sign_in(page, f"{app.address}/ueberblick", "lena")
        finished(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Überblick")
        cookie = next(one for one in page.context.cookies() if one["name"] == "_streamlit_user")
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        expect(page.get_by_text("Ihre Anmeldung ist abgelaufen")).to_be_visible(timeout=60_000)
        expect(page.get_by_test_id("stMetric")).to_have_count(0)
        page.context.add_cookies([cookie | {"expires": -1}])  # kept beyond its time by whoever holds it
        page.goto(f"{app.address}/ueberblick")
        expect(page).to_have_url(f"{app.address}/anmelden")


def test_the_name_of_the_login_stands_beside_a_change(secured, page):
    sign_in(page, f"{secured.address}/rankings", "emil")
    finished(page)
    page.get_by_text("Anmerkung eintragen").click()
    expect(page.get_by_text("Angemeldet als Emil (Bearbeiten)")).to_be_visible()
    expect(page.get_by_label("Ihr Name oder Kürzel")).to_have_count(0)
    page.get_by_label("Was ist geschehen?").fill("Relaunch der Startseite")
    page.get_by_role("button", name="Anmerkung speichern").click()
    finished(page)
    expect(page.get_by_text("Anmerkung „Relaunch der Startseite“ gespeichert.")).to_be_visible()
    from portalkompass.workspace import audit_list, open_workspace

    rows = audit_list(open_workspace(f"sqlite:///{secured.folder / 'demo' / 'workspace.db'}"), limit=1)
    assert rows[["who", "what"]].to_numpy().tolist() == [["Emil", "Anmerkung angelegt"]]
