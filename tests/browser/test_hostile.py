"""Every screen over data full of hostile texts: nothing runs, nothing is fetched, all of it is only text."""

import datetime as dt
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from etl.store.publish import draft
from portalkompass import schema
from portalkompass.screens import ADDRESSES
from portalkompass.workspace import (
    Annotation,
    SavedView,
    Scenario,
    add_annotation,
    close_workspace,
    keep,
    open_workspace,
    save_scenario,
)
from tests import warehouse_fixture
from tests.browser import conftest as browser_steps
from tests.hostile.texts import MARKDOWN, MARKUP, TEXTS, WITNESS
from tests.warehouse_fixture import SITE, settings_for

pytestmark = pytest.mark.browser
TASKS = ("Inhalt+ausbauen", "Titel+und+Beschreibung", "Zusammenlegen+oder+trennen")
VIEWS = (*ADDRESSES, *(f"suchanfragen?suchansicht=Chancen&aufgabe={task}" for task in TASKS))
MADE_OF_TEXT = (
    "script:not([src]), img[src^='x'], iframe, a[href^='javascript'], a[href*='invalid'], object, embed"
)
DAYS = [warehouse_fixture.LAST - dt.timedelta(days=number) for number in range(60)]


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory):
    """The app over a warehouse and a workspace in which every text from outside is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = settings_for(folder)
    warehouse_fixture.publish(settings)
    with draft(settings) as connection:
        _queries(connection)
        _pages(connection)
        connection.execute(
            "UPDATE services SET latest_development = ? || coalesce(latest_development, ''), "
            "name = name || ' ' || ?",
            [MARKUP[0], MARKUP[1]],
        )
    workspace = open_workspace(settings.workspace_url)
    for number, text in enumerate((*MARKUP[:12], *MARKDOWN[:17])):
        save_scenario(workspace, Scenario(f"{text} {number}"), MARKUP[0])
        keep(workspace, SavedView(f"{text} {number}", "seiten", "zeitraum=x"), MARKUP[1])
        add_annotation(workspace, Annotation(DAYS[number], text, sentence=text), MARKUP[2])
    close_workspace(workspace.url)
    server = browser_steps._serve(folder, folder / "server.log", PORTALKOMPASS_SEARCH_CONSOLE__SITE=SITE)
    yield next(server)
    next(server, None)


def _queries(connection):
    rows = [
        warehouse_fixture._row(day, (9, 90, 7.0), query=text)
        for number, text in enumerate(TEXTS)
        for day in DAYS[number % 20 :: 20]
    ]
    warehouse_fixture._append(connection, schema.SEARCH_QUERY_DAY, rows)
    rows = [
        warehouse_fixture._row(day, (3, 90, 7.0), query=text, url=f"{SITE}leistung/h{number}")
        for number, text in enumerate(TEXTS)
        for day in DAYS[number % 20 :: 20]
    ]
    warehouse_fixture._append(connection, schema.SEARCH_PAGE_QUERY_DAY, rows)


def _pages(connection):
    rows = [
        warehouse_fixture._row(day, (50, 900, 6.0), url=f"{SITE}leistung/h{number}")
        for number in range(len(TEXTS))
        for day in DAYS[number % 20 :: 20]
    ]
    warehouse_fixture._append(connection, schema.SEARCH_PAGE_DAY, rows)
    titles = [
        {"site": SITE, "url": f"{SITE}leistung/h{number}", "title": text, "title_source": "portal"}
        for number, text in enumerate(TEXTS)
    ]
    warehouse_fixture._append(connection, schema.PAGES, titles)


@pytest.fixture(scope="module")
def hostile_page(hostile_app, browser, browser_context_args):
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.goto(hostile_app.address)
    browser_steps.finished(page)
    yield page
    context.close()


def test_nothing_runs_and_nothing_is_fetched_on_any_screen(hostile_app, page):
    asked, dialogs, faults = set(), [], []
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(hostile_app.address)
    browser_steps.finished(page)
    for view in VIEWS:
        browser_steps.go(page, f"{hostile_app.address}/{view}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(400)
        assert page.evaluate(f"window.{WITNESS}") is None, view
        main = page.get_by_test_id("stMain")
        assert main.locator(MADE_OF_TEXT).count() == 0, view
        assert page.get_by_test_id("stException").count() == 0, view
    assert asked <= {"127.0.0.1", None, ""}
    assert (dialogs, faults) == ([], [])


@pytest.mark.parametrize("number", [0, 1, len(MARKUP), len(MARKUP) + 1, len(MARKUP) + 10])
def test_the_page_of_a_hostile_title_shows_it_letter_by_letter(hostile_app, hostile_page, number):
    page = hostile_page
    browser_steps.go(page, f"{hostile_app.address}/seiten?{urlencode({'seite': TEXTS[number]})}")
    expect(page.get_by_text("Dezember 2024 bis November 2025: Klicks").first).to_be_visible()
    shown = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
    assert f"„{TEXTS[number]}“" in shown
    assert page.evaluate(f"window.{WITNESS}") is None
